"""A real server, as in production, on a port of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import requests

from tracker.days import DEFAULT_DAY_START, diary_date

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 30


@dataclass
class Site:
    """A database of its own, and the server in front of it."""

    folder: Path
    workers: int = 2
    settings: dict[str, str] = field(default_factory=dict)
    port: int = 0
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> Path:
        return self.folder / "respite.sqlite3"

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "RESPITE_DATA_DIR": str(self.folder),
            "RESPITE_MAIL_TO_FOLDER": "1",
            **self.settings,
        }

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    def run(self, code: str) -> str:
        """Run Python inside the site's Django; gives what it prints."""
        return self.manage("shell", "--no-imports", "-c", code).strip()

    def start(self) -> None:
        # A server started again keeps its port.
        self.port = self.port or free_port()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "tracker.wsgi", "--no-control-socket",
             f"--bind=127.0.0.1:{self.port}", f"--workers={self.workers}",
             "--log-level=error"],
            cwd=ROOT,
            env=self.environment,
            start_new_session=True,
        )  # fmt: skip
        self._wait_until_served()

    def _wait_until_served(self) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            try:
                requests.get(f"{self.url}/api/v1/session/", timeout=START_SECONDS)
            except requests.ConnectionError:
                time.sleep(0.1)
            else:
                return
        raise TimeoutError("the server did not start")

    def start_worker(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "manage.py", "worker"], cwd=ROOT, env=self.environment
        )

    def kill(self) -> None:
        """End master and workers at once, as a power cut would."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(10)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


ANA = """
from tracker.models import Clinic, Patient, User, Membership
from tracker import actions
from datetime import date
clinic = Clinic.objects.create(name='Harbour', time_zone='UTC', back_fill_days=90)
user = User.objects.create_user('ana@test.example', 'a-calm-password', name='Ana')
patient = Patient.objects.create(clinic=clinic, user=user, name='Ana',
    born_on=date(1980, 1, 1), time_zone='UTC', conditions=['depression'],
    primary_outcome='mood', enrolled_on=date(2020, 1, 1), state='active',
    state_since=date(2020, 1, 1))
nurse = User.objects.create_user('nora@test.example', 'a-calm-password', name='Nora')
Membership.objects.create(user=nurse, clinic=clinic, role='nurse')
print(patient.pk, actions.add_api_token(user, 'test'), actions.add_api_token(nurse, 'n'))
"""


def anas_today() -> date:
    """Her diary day, which is still yesterday's date in the small hours."""
    return diary_date(datetime.now(UTC), "UTC", DEFAULT_DAY_START)


@dataclass
class Person:
    """Ana on a phone, with a nurse who may look."""

    site: Site
    patient: str
    token: str
    nurse_token: str

    def put(self, day: object, body: object, **headers: str) -> requests.Response:
        return requests.put(
            f"{self.site.url}/api/v1/diary/{day}/",
            json=body,
            headers=self._headers(self.token) | headers,
            timeout=30,
        )

    def days(self, *, as_nurse: bool = False) -> requests.Response:
        token = self.nurse_token if as_nurse else self.token
        return requests.get(
            f"{self.site.url}/api/v1/diary/?patient={self.patient}",
            headers=self._headers(token),
            timeout=30,
        )

    @staticmethod
    def _headers(token: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {token}"}


@contextmanager
def site_with_ana(
    folder: Path, *, workers: int = 2, **settings: str
) -> Iterator[Person]:
    """A served site with one patient in it."""
    site = Site(folder, workers)
    site.manage("migrate", "--verbosity", "0")
    site.manage("createcachetable")
    ana = site.run(ANA).splitlines()[-1].split()
    site.settings = settings
    site.start()
    try:
        yield Person(site, *ana)
    finally:
        site.kill()


@contextmanager
def demo_site(folder: Path, *, patients: int, worker: bool = True) -> Iterator[Site]:
    """The demo clinic, served, with its worker beside it where it is wanted."""
    site = Site(folder)
    site.manage("migrate", "--verbosity", "0")
    site.manage("createcachetable")
    site.manage("demo_clinic", "--patients", str(patients))
    site.start()
    helper = site.start_worker() if worker else None
    try:
        yield site
    finally:
        if helper:
            helper.terminate()
            helper.wait(20)
        site.stop()
