"""CPU of one request without sockets, and where it goes.

python benchmarks/in_process.py            microseconds and statements
python benchmarks/in_process.py profile    and cProfile's view of the save
"""

import cProfile
import json
import os
import pstats
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ["DJANGO_SETTINGS_MODULE"] = "tracker.settings"

REPEATS = 300


def main(profile: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["RESPITE_DATA_DIR"] = folder
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("createcachetable")
        measure(profile)


def measure(profile: bool) -> None:
    save, read = acts()
    for number in range(90):
        save(number)
    for name, act in (("save a day", save), ("list 90 days", read)):
        best = min(_microseconds(act) for _ in range(5))
        print(f"{name:14}{best:8.0f} us CPU")
        if profile:
            _profile(act)


def _profile(act) -> None:
    profiler = cProfile.Profile()
    profiler.enable()
    for number in range(REPEATS):
        act(number)
    profiler.disable()
    pstats.Stats(profiler).sort_stats("cumtime").print_stats(40)


def acts():
    """Saving and listing, as functions of a number."""
    from datetime import UTC, date, datetime, timedelta

    from django.core.handlers.wsgi import WSGIHandler
    from django.test import RequestFactory

    from api import throttle
    from tracker import actions
    from tracker.models import Clinic, Patient, User

    clinic = Clinic.objects.create(name="C", time_zone="UTC", back_fill_days=90)
    user = User(email="p@bench.example", name="P")
    user.save()
    Patient.objects.create(
        clinic=clinic, user=user, name="P", born_on=date(1980, 1, 1), time_zone="UTC",
        conditions=["depression"], primary_outcome="mood", enrolled_on=date(2000, 1, 1),
        state="active", state_since=date(2000, 1, 1),
    )  # fmt: skip
    head = {"Authorization": f"Bearer {actions.add_api_token(user, 'bench')}"}
    make, handler = RequestFactory(), WSGIHandler()
    today = datetime.now(UTC).date()

    def answer(request):
        throttle.forget()
        response = handler(request.environ, lambda *_: None)
        body = b"".join(response)
        response.close()
        return body

    def save(number: int) -> bytes:
        body = json.dumps(
            {"mood": number % 11, "note": "slept badly", "side_effects": []}
        )
        day = today - timedelta(days=number % 90)
        return answer(
            make.put(f"/api/v1/diary/{day}/", body, "application/json", headers=head)
        )

    def read(number: int) -> bytes:
        first = today - timedelta(days=99)
        return answer(make.get(f"/api/v1/diary/?from={first}&to={today}", headers=head))

    return save, read


def _microseconds(act) -> float:
    started = time.process_time()
    for number in range(REPEATS // 3):
        act(number)
    return (time.process_time() - started) / (REPEATS // 3) * 1e6


if __name__ == "__main__":
    main("profile" in sys.argv)
