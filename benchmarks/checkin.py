"""Saving a diary day with every duty on, against plain views, in one run.

Each round sends short bursts to each server in turn, so that a busy machine is
busy for all of them. Rates depend on the machine; read the ratios.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / ".ci"), str(ROOT / "benchmarks")]

import postgres  # noqa: E402 - after the path is set
from load import Burst, burst, exchange, free_port, http, median  # noqa: E402 - after the path is set

from tracker.ids import uuid7  # noqa: E402 - after the path is set

PATIENTS = 400
DAYS_EACH = 90
BATCH = 30
# Batches go to days that the check-ins leave alone.
OLDEST_BATCH = 395
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "4"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "2"))
TODAY = datetime.now(UTC).date()
DAY = {
    "mood": 6,
    "pain": 3,
    "sleep_hours": 7.5,
    "note": "slept badly, some dizziness after lunch",
}
OUR_DAY = DAY | {"side_effects": [{"code": "nausea", "severity": 1}]}
DEVICE = str(uuid4())
TICKS = os.sysconf("SC_CLK_TCK")

OURS = f"""
from datetime import date, timedelta
from django.utils import timezone
from tracker import actions
from tracker.models import *
from tracker.access import diary_patient
from tracker.diary_day import DayContent, make_day
clinic = Clinic.objects.create(name='Bench', time_zone='UTC', back_fill_days=90)
now = timezone.now()
for n in range({PATIENTS}):
    user = User(email=f'p{{n}}@bench.example', name='P'); user.set_unusable_password(); user.save()
    patient = Patient.objects.create(clinic=clinic, user=user, name='P', born_on=date(1980,1,1),
        time_zone='UTC', conditions=['depression'], primary_outcome='mood',
        enrolled_on=date(2000,1,1), state='active', state_since=date(2000,1,1))
    print('TOKEN', actions.add_api_token(user, 'bench'))
reader = diary_patient(user)
for ago in range(100):
    actions.save_day(user, reader, now.date() - timedelta(days=ago),
        make_day(DayContent(mood=ago % 11, note='a day')), source='import', now=now)
"""
THEIRS = """
from datetime import date, timedelta
from django.contrib.auth.models import User
from rest_framework.authtoken.models import Token
from benchmarks.floors.entries.models import FullDay
user = User.objects.create_user('bench')
print('TOKEN', Token.objects.create(user=user).key)
FullDay.objects.bulk_create(
    FullDay(patient=1, date=date(2020,1,1) + timedelta(days=n), mood=n % 11, note='a day')
    for n in range(100))
"""


@dataclass
class Server:
    """gunicorn with two sync workers, as in production."""

    module: str
    environment: dict[str, str]
    tokens: list[str] = field(default_factory=list)
    port: int = 0
    process: "subprocess.Popen[bytes] | None" = None

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "django", *arguments],
            cwd=ROOT, env=self.environment, check=True, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        return done.stdout

    def start(self) -> None:
        self.port = free_port()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", self.module, "--no-control-socket",
             f"--bind=127.0.0.1:{self.port}", "--workers=2", "--log-level=error"],
            cwd=ROOT, env=self.environment,
        )  # fmt: skip
        for _ in range(300):
            try:
                exchange(self.port, http("GET", "/"))
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise TimeoutError("a server did not start")

    def cpu_seconds(self) -> float:
        assert self.process
        return sum(
            _cpu(pid) for pid in [self.process.pid, *_children(self.process.pid)]
        )


def _children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in text.split()]


def _cpu(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def _postgres_cpu() -> float:
    total = 0.0
    for stat in Path("/proc").glob("[0-9]*/comm"):
        try:
            if stat.read_text().startswith("postgres"):
                total += _cpu(int(stat.parent.name))
        except OSError:
            continue
    return total


@contextmanager
def servers(folder: Path, url: str) -> Iterator[tuple[Server, Server]]:
    base = {**os.environ, "PYTHONPATH": str(ROOT), "RESPITE_DATA_DIR": str(folder / "ours"),
            "FLOORS_DIR": str(folder / "floors"),
            # As high for ours as for the floors, and counted all the same.
            "RESPITE_REQUESTS_PER_MINUTE": "1000000"}  # fmt: skip
    base.pop("RESPITE_DATABASE_URL", None)
    ours_url, floors_url = (url and url.replace("/postgres?", f"/{name}?") for name in
                            ("bench_ours", "bench_floors"))  # fmt: skip
    ours = Server("tracker.wsgi", base | {"DJANGO_SETTINGS_MODULE": "tracker.settings"})
    floors = Server(
        "benchmarks.floors.wsgi",
        base | {"DJANGO_SETTINGS_MODULE": "benchmarks.floors.settings"},
    )
    if url:
        ours.environment["RESPITE_DATABASE_URL"] = ours_url
        floors.environment["RESPITE_DATABASE_URL"] = floors_url
    ours.manage("migrate", "--verbosity", "0")
    ours.manage("createcachetable")
    # Tables of apps with migrations first: ours there refer to them.
    floors.manage("migrate", "--verbosity", "0")
    floors.manage("migrate", "--run-syncdb", "--verbosity", "0")
    for server, code in ((ours, OURS), (floors, THEIRS)):
        said = server.manage("shell", "--no-imports", "-c", code)
        server.tokens = [
            line.split()[1] for line in said.splitlines() if "TOKEN" in line
        ]
    try:
        ours.start()
        floors.start()
        yield ours, floors
    finally:
        for server in (ours, floors):
            if server.process:
                server.process.terminate()
                server.process.wait()


@dataclass
class Contestant:
    name: str
    server: Server
    request: Callable[[int], bytes]
    bursts: list[Burst] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    sent: int = 0

    @property
    def rate(self) -> float:
        return median([one.rate for one in self.bursts])

    @property
    def cpu(self) -> float:
        return min(self.cpu_ms)

    @property
    def failures(self) -> int:
        return sum(one.failures for one in self.bursts)


@dataclass(frozen=True)
class Aims:
    """How many times the plain DRF views."""

    create: float
    batch: float


def contestants(ours: Server, floors: Server) -> dict[str, Contestant]:
    bearer = [f"Bearer {token}" for token in ours.tokens]
    token = f"Token {floors.tokens[0]}"
    ours_body = json.dumps(OUR_DAY).encode()

    def check_in(number: int) -> bytes:
        # A new day each time, of one patient after the other, as phones send them.
        day = TODAY - timedelta(days=number // PATIENTS % DAYS_EACH)
        path = f"/api/v1/diary/{day}/"
        return http("PUT", path, ours_body, bearer[number % (PATIENTS - 1)])

    def create(path: str, who: str = "") -> Callable[[int], bytes]:
        def request(number: int) -> bytes:
            day = datetime(1900, 1, 1, tzinfo=UTC).date() + timedelta(
                days=number % 40_000
            )
            body = {**DAY, "patient": number // 40_000, "date": day.isoformat(),
                    "side_effects": ["nausea"]}  # fmt: skip
            return http("POST", path, json.dumps(body).encode(), who)

        return request

    def batch(number: int) -> bytes:
        turn = number // (PATIENTS - 1) % ((OLDEST_BATCH - DAYS_EACH) // BATCH)
        first = TODAY - timedelta(days=OLDEST_BATCH - turn * BATCH)
        days = [first + timedelta(days=n) for n in range(BATCH)]
        noon = f"{days[-1]}T12:00:00Z"
        body = {
            "device_id": DEVICE,
            "device_time": datetime.now(UTC).isoformat(),
            "time_zone": "UTC",
            "changes": [
                {"id": str(uuid7()), "date": str(day), "based_on": 0,
                 "written_at": noon, "day": OUR_DAY} for day in days
            ],
        }  # fmt: skip
        who = bearer[number % (PATIENTS - 1)]
        return http("POST", "/api/v1/sync/", json.dumps(body).encode(), who)

    def plain_batch(number: int) -> bytes:
        first = datetime(1900, 1, 1, tzinfo=UTC).date()
        body = [
            {**DAY, "patient": 10_000 + number // 1000, "side_effects": ["nausea"],
             "date": str(first + timedelta(days=number % 1000 * BATCH + n))}
            for n in range(BATCH)
        ]  # fmt: skip
        return http("POST", "/batch/", json.dumps(body).encode())

    last = TODAY - timedelta(days=99)
    return {
        "insert": Contestant("bare Django INSERT view", floors, create("/insert/")),
        "bare": Contestant("bare DRF create", floors, create("/bare/")),
        "full": Contestant("plain DRF, same duties", floors, create("/full/", token)),
        "ours": Contestant("our check-in, everything on", ours, check_in),
        "drf batch": Contestant("DRF bulk create of 30", floors, plain_batch),
        "our batch": Contestant("our sync of 30 days", ours, batch),
        "drf list": Contestant(
            "stock DRF list of 100", floors,
            lambda _: http("GET", "/list/?patient=1", token=token)),
        "our list": Contestant(
            "our list of 100 days", ours,
            lambda _: http("GET", f"/api/v1/diary/?from={last}&to={TODAY}", token=bearer[-1])),
    }  # fmt: skip


def measure(all_of_them: dict[str, Contestant], *, with_postgres: bool) -> None:
    for number in range(ROUNDS + 1):
        for one in all_of_them.values():
            before = one.server.cpu_seconds() + (
                _postgres_cpu() if with_postgres else 0
            )
            got = burst(one.server.port, one.request, first=one.sent,
                        seconds=SECONDS if number else 0.5)  # fmt: skip
            after = one.server.cpu_seconds() + (_postgres_cpu() if with_postgres else 0)
            one.sent += len(got.times) + 8
            if number:  # the first round only warms up
                one.bursts.append(got)
                one.cpu_ms.append((after - before) / max(len(got.times), 1) * 1000)


def report(name: str, found: dict[str, Contestant], aims: Aims) -> None:
    print(f"\n{name}")
    print(
        f"{'':32}{'req/s':>7}{'p50 ms':>9}{'p95 ms':>9}{'CPU ms':>8}{'x rate':>8}{'x CPU':>7}"
    )
    for key, one in found.items():
        floor = next(
            (found[f"drf {kind}"] for kind in ("list", "batch") if kind in key),
            found["bare"],
        )
        print(
            f"{one.name:32}{one.rate:7.0f}"
            f"{median([b.percentile(0.5) for b in one.bursts]):9.1f}"
            f"{median([b.percentile(0.95) for b in one.bursts]):9.1f}"
            f"{one.cpu:8.2f}{one.rate / floor.rate:8.2f}{one.cpu / floor.cpu:7.2f}"
            + (f"   {one.failures} FAILED" if one.failures else "")
        )
    write = found["ours"].rate / found["bare"].rate
    read = found["our list"].rate / found["drf list"].rate
    print(
        f"check-in: {write:.2f} times the bare DRF create (aim {aims.create:.2f}): {_met(write >= aims.create)}"
    )
    batch = found["our batch"].rate / found["drf batch"].rate
    per_day_us = found["our batch"].cpu / BATCH * 1000
    print(
        f"sync of {BATCH} days: {batch:.2f} times DRF's bulk create "
        f"(aim {aims.batch:.1f}): {_met(batch >= aims.batch)}; "
        f"{per_day_us:.0f} us of CPU a day (aim 60): {_met(per_day_us <= 60)}"
    )
    print(f"list: {read:.2f} times a stock DRF list (aim 3.00): {_met(read >= 3)}")


def _met(yes: bool) -> str:
    return "met" if yes else "NOT met"


def run(name: str, url: str, aims: Aims) -> int:
    with (
        tempfile.TemporaryDirectory() as folder,
        servers(Path(folder), url) as (ours, floors),
    ):
        found = contestants(ours, floors)
        measure(found, with_postgres=bool(url))
        report(name, found, aims)
    return sum(one.failures for one in found.values())


def main() -> int:
    failures = run(
        "SQLite: WAL, synchronous FULL, transactions IMMEDIATE", "", Aims(1.25, 3.0)
    )
    reason = postgres.can_start()
    if reason:
        print(f"\nPostgreSQL: not measured, {reason}.")
        return failures > 0
    with ExitStack() as stack:
        url = stack.enter_context(postgres.server(durable=True))
        _create_databases(url)
        failures += run("PostgreSQL: durable, over a Unix socket", url, Aims(1.0, 2.5))
    return failures > 0


def _create_databases(url: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as admin:
        for name in ("bench_ours", "bench_floors"):
            admin.execute(f"CREATE DATABASE {name}")


if __name__ == "__main__":
    sys.exit(main())
