"""`manage.py demo_clinic`: a made-up clinic to look at."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tracker.days import DEFAULT_DAY_START, diary_date
from tracker.demo.people import CLINIC_ZONE
from tracker.models import Clinic


class Command(BaseCommand):
    help = (
        "Makes a clinic of made-up patients over about 18 months, with the true "
        "duration of their relief kept beside it. Refuses beside a real clinic."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument("--patients", type=int, default=60)
        parser.add_argument(
            "--as-of",
            type=date.fromisoformat,
            help="The last day; today when left out.",
        )
        parser.add_argument(
            "--score",
            action="store_true",
            help="Compare the estimates with the truth instead.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        from tracker.demo.score import score
        from tracker.demo.store import DemoClinic

        if Clinic.objects.filter(is_synthetic=False).exists():
            raise CommandError(
                "There is a real clinic in this database. Made-up patients do not "
                "belong beside real ones; use another RESPITE_DATA_DIR. "
                "Nothing was changed."
            )
        clinic = Clinic.objects.filter(is_synthetic=True).first()
        if options["score"]:
            if clinic is None:
                raise CommandError(
                    "There is no demo clinic yet: run demo_clinic first."
                )
            self.stdout.write("\n".join(score(clinic).lines()))
            return
        if clinic is not None:
            self.stdout.write(f"{clinic} is there already; nothing was changed.")
            return
        demo = DemoClinic(
            seed=options["seed"],
            patients=options["patients"],
            # The clinic's own day: just after midnight nobody has begun a new one.
            as_of=options["as_of"]
            or diary_date(timezone.now(), CLINIC_ZONE, DEFAULT_DAY_START),
        )
        made = demo.store(self.stdout.write)
        self.stdout.write(f"{made} is ready.")
