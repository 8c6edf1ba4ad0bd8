"""`manage.py refresh_relief`: recompute relief spells now."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from tracker.models import Clinic


class Command(BaseCommand):
    help = "Recomputes the relief spells of all treated patients."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--baselines",
            action="store_true",
            help=(
                "First renew each clinic's baseline figures from its patients' days "
                "before treatment. Patients with few such days may see their spells "
                "move."
            ),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        from tracker import clinic_results
        from tracker.relief_refresh import (
            estimate_baselines,
            mark_all,
            refresh_marked,
        )

        now = timezone.now()
        if options["baselines"]:
            for clinic in Clinic.objects.order_by("name"):
                made = estimate_baselines(clinic, now=now)
                self.stdout.write(f"{clinic}: {len(made)} outcomes have new figures.")
        total = mark_all(now=now)
        while refresh_marked(now=now):
            pass
        clinic_results.refresh_stale(now=now)
        self.stdout.write(f"{total} patients brought up to date.")
