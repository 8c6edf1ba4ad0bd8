"""What the dashboard's pages cost: CPU with their SQL, and bytes on the wire.

python benchmarks/dashboard.py               5,000 patients, 300,000 diary days
python benchmarks/dashboard.py 5000 600      that many patients, and days of each

On SQLite in a temporary folder, or on the database RESPITE_DATABASE_URL names (an
empty one, as `.ci/postgres.py run` gives it). The figure beside each measurement is
what it is held against; nothing fails.
"""

import gzip
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ["DJANGO_SETTINGS_MODULE"] = "tracker.settings"

REPEATS = 7
ROWS_AT_ONCE = 20_000
KINDS = ("lost", "fading", "expected", "silence")


def main(patients: int, days: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["RESPITE_DATA_DIR"] = folder
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("createcachetable")
        began = time.perf_counter()
        user, one_year, ten_years = fill(patients, days)
        print(
            f"{patients:,} patients, {patients * days:,} diary days, filled in "
            f"{time.perf_counter() - began:.0f} s"
        )
        measure(user, one_year, ten_years)


def fill(patients: int, days: int) -> tuple[Any, Any, Any]:
    """A clinic of that size; gives its clinician, and patients of 1 and 10 years."""
    from tracker import clinic_results
    from tracker.models import Clinic, Membership, User
    from tracker.relief_models import fit_models
    from tracker.relief_refresh import estimate_baselines, refresh_patient

    clinic = Clinic.objects.create(name="Bench", time_zone="UTC")
    user = User.objects.create(email="d@bench.example", name="D")
    Membership.objects.create(user=user, clinic=clinic, role="clinician")
    made = _patients(clinic, patients)
    today = datetime.now(UTC).date()
    _days(user, [(one, days) for one in made[2:]], today)
    one_year, ten_years = made[:2]
    _days(user, [(one_year, 365), (ten_years, 3650)], today)
    _infusions(user, one_year, 365, today)
    _infusions(user, ten_years, 3650, today)
    for other in made[2:42]:
        _infusions(user, other, days, today)
    now = datetime.now(UTC)
    estimate_baselines(clinic, now=now)
    fit_models(clinic, today=today, now=now)
    for one in made[:42]:
        refresh_patient(one, now=now)
    clinic_results.refresh_stale(now=now)
    _reasons(made[42:], today)
    return user, one_year, ten_years


def _patients(clinic: Any, count: int) -> list[Any]:
    from tracker.models import Patient

    return Patient.objects.bulk_create(
        [
            Patient(
                clinic=clinic, name=f"Patient {n:05}", born_on=date(1980, 1, 1),
                time_zone="UTC", conditions=["depression"], primary_outcome="mood",
                other_outcomes=["pain"], enrolled_on=date(2010, 1, 1), state="active",
                state_since=date(2010, 1, 1),
            )
            for n in range(count)
        ]
    )  # fmt: skip


def _days(user: Any, wanted: list[tuple[Any, int]], today: date) -> None:
    from tracker.diary_day import DayContent, make_day
    from tracker.ids import uuid7
    from tracker.models import DiaryEntry

    rows = []
    for number, (patient, days) in enumerate(wanted):
        for back in range(days):
            mood = 3 + (back * 7 + number) % 40 // 8
            day = make_day(DayContent(mood=mood, pain=4, note=""))
            rows.append(
                DiaryEntry(
                    patient=patient, date=today - timedelta(days=back),
                    **day.content.as_json(), source="phone", written_by=user,
                    content_hash=day.content_hash, revision_id=uuid7(),
                )
            )  # fmt: skip
            if len(rows) >= ROWS_AT_ONCE:
                DiaryEntry.objects.bulk_create(rows)
                rows = []
    DiaryEntry.objects.bulk_create(rows)


def _infusions(user: Any, patient: Any, days: int, today: date) -> None:
    from tracker.models import Infusion

    Infusion.objects.bulk_create(
        Infusion(
            patient=patient, started_on=on, ended_on=on, agent="ketamine", route="iv",
            started_at=datetime.combine(on, datetime.min.time(), UTC) + timedelta(hours=10),
            phase="booster", recorded_by=user,
        )
        for on in (today - timedelta(days=back) for back in range(days - 14, 10, -40))
    )  # fmt: skip


def _reasons(patients: list[Any], today: date) -> None:
    """One reason each for nine in ten, as a clinic that nobody has looked at."""
    from tracker.models import TriageItem, TriageStanding
    from tracker.triage.rules import URGENCY

    details: dict[str, dict[str, Any]] = {
        "lost": {"lower": 10, "upper": 12},
        "fading": {"pending": 2, "lower": 10},
        "expected": {"chance": 0.6, "until": today.isoformat(), "booked": None},
        "silence": {"last": today.isoformat(), "habit": 2},
    }
    items, standings = [], []
    for number, patient in enumerate(patients):
        kind, since = KINDS[number % 4], today - timedelta(days=number % 90)
        waits = number % 10 != 0
        standings.append(
            TriageStanding(
                patient=patient, urgency=URGENCY[kind] if waits else 99,
                since=since if waits else None, open_items=int(waits),
                status="holding", last_logged=today,
            )
        )  # fmt: skip
        if waits:
            items.append(
                TriageItem(
                    patient=patient, kind=kind, key="bench", urgency=URGENCY[kind],
                    since=since, detail=details[kind], rules_version="bench",
                )
            )  # fmt: skip
    TriageItem.objects.bulk_create(items)
    TriageStanding.objects.bulk_create(standings)


def measure(user: Any, one_year: Any, ten_years: Any) -> None:
    from dashboard import caseload, tokens
    from dashboard.pages import caseload as page
    from dashboard.pages import cohort
    from dashboard.pages import patient as patient_page
    from dashboard.pages.patient.criteria import criteria_from
    from dashboard.pages.patient.view import look
    from tracker import relief

    palette = tokens.palette(dark=False)
    now = datetime.now(UTC)
    strict = "?on=50&off=30"

    def triage() -> Any:
        found = caseload.page_of(user, now=now)
        return [
            page.head(caseload.waiting(user, now=now), now=now),
            page.table(found, now=now),
        ]

    def patient(who: Any, search: str = "") -> Callable[[], Any]:
        return lambda: patient_page.layout(user, who.pk, search, now=now, dark=False)

    def history(who: Any, search: str = "") -> Callable[[], Any]:
        def drawn() -> Any:
            view = look(who, criteria_from(who, search), now=now)
            return patient_page.history(view, dark=False)

        return drawn

    def by_others() -> Any:
        return [patient(one_year, strict)(), history(one_year, strict)()]

    def whole_cohort() -> Any:
        return cohort.whole(user, f"{one_year.clinic_id}:mood", "phase", palette)

    print(f"{'':44}{'CPU ms':>8}{'held to':>9}{'kB gz':>8}{'held to':>9}")
    for name, act, most_ms, most_kb in (
        ("triage, first page", triage, 30, 10),
        ("look for news", lambda: caseload.stamp(user, now=now), 5, 1),
        ("patient page, one year", patient(one_year), 5, 6),
        ("patient page, ten years", patient(ten_years), 15, 25),
        ("its history, one year", history(one_year), 5, 6),
        ("its history, ten years", history(ten_years), 15, 25),
        ("other criteria, one year, whole", by_others, 300, 12),
        ("cohort by phase", whole_cohort, 100, 25),
    ):
        took, size = _cost(act)
        print(f"{name:44}{took:8.1f}{most_ms:9}{size:8.1f}{most_kb:9}")
    print(f"criteria {relief.Criteria.for_item('mood').version}")


def _cost(act: Callable[[], Any]) -> tuple[float, float]:
    """Least CPU of several runs in ms, and the answer's size as the browser gets it."""
    from plotly.io.json import to_json_plotly

    least = float("inf")
    for _ in range(REPEATS):
        began = time.process_time()
        answer = to_json_plotly(act())
        least = min(least, time.process_time() - began)
    return least * 1000, len(gzip.compress(answer.encode(), 6)) / 1000


if __name__ == "__main__":
    sizes = [int(text) for text in sys.argv[1:3]]
    main(*(sizes if len(sizes) == 2 else (5_000, 60)))
