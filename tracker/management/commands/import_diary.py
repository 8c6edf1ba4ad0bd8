"""`manage.py import_diary`: take in a clinic's spreadsheet."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tracker.access import clinics_treated_by, patients_visible_to
from tracker.imports.dates import ORDERS
from tracker.imports.diary import Choices, Plan, carry_out, plan_import
from tracker.imports.tables import Unreadable, read_table
from tracker.models import Clinic, Patient, User


class Command(BaseCommand):
    help = (
        "Imports a diary from a CSV file, one row a day. Without --apply it only "
        "says what it would do and which rows it would refuse, and why."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--by",
            required=True,
            help="E-mail of the clinician or nurse it is done for.",
        )
        parser.add_argument(
            "--clinic", default="", help="Name or key, if they have several."
        )
        parser.add_argument(
            "--patient", default="", help="Whose diary it is, when no column says so."
        )
        parser.add_argument("--apply", action="store_true", help="Store the good rows.")
        parser.add_argument(
            "--strict", action="store_true", help="Store nothing if any row is refused."
        )
        parser.add_argument(
            "--map", action="append", default=[], metavar="COLUMN=ITEM", dest="mapping"
        )
        parser.add_argument("--ignore-unknown", action="store_true")
        parser.add_argument("--date-order", choices=ORDERS, default="")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=options["by"].strip().lower()).first()
        if user is None:
            raise CommandError(f"There is no account {options['by']}.")
        clinic = _clinic(user, options["clinic"])
        try:
            table = read_table(_read(options["file"]))
            choices = Choices(
                clinic=clinic,
                patient=_patient(user, clinic, options["patient"]),
                mapping=_mapping(options["mapping"]),
                ignore_unknown=options["ignore_unknown"],
                date_order=options["date_order"],
            )
            plan = plan_import(table, user, choices, now=timezone.now())
        except Unreadable as error:
            raise CommandError(f"{error} Nothing was changed.") from None
        self._report(plan)
        if options["apply"]:
            self._apply(plan, user, strict=options["strict"])
        else:
            self.stdout.write("Nothing was stored. Add --apply to store the good rows.")

    def _report(self, plan: Plan) -> None:
        for number, column, problem in plan.refused:
            self.stdout.write(
                f"Row {number}, {column}: {problem.message} (rule: {problem.rule})"
            )
        self.stdout.write(
            f"{plan.count('add')} days to add, {plan.count('change')} to change, "
            f"{plan.count('same')} already there, {plan.refused_rows} rows refused."
        )

    def _apply(self, plan: Plan, user: User, *, strict: bool) -> None:
        if strict and plan.refused:
            raise CommandError(
                "Rows were refused, and --strict was given: nothing stored."
            )
        stored = list(
            carry_out(
                plan,
                user,
                now=timezone.now(),
                say=lambda done: self.stdout.write(f"{done} rows done ..."),
            )
        )
        if stored:
            self.stdout.write(f"{len(stored)} days stored.")
        else:
            self.stdout.write("Everything was there already; nothing was changed.")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from None


def _clinic(user: User, name: str) -> Clinic:
    clinics = list(clinics_treated_by(user))
    if name:
        clinics = [one for one in clinics if name in {one.name, str(one.pk)}]
    if not clinics:
        raise CommandError(
            "This person treats nobody there; name a clinician or nurse."
        )
    if len(clinics) > 1:
        names = ", ".join(clinic.name for clinic in clinics)
        raise CommandError(f"Say which clinic with --clinic: {names}.")
    return clinics[0]


def _patient(user: User, clinic: Clinic, name: str) -> Patient | None:
    if not name:
        return None
    patients = patients_visible_to(user).filter(clinic=clinic)
    found = patients.filter(reference=name).first()
    if found is None:
        try:
            found = patients.filter(pk=UUID(name)).first()
        except ValueError:
            found = patients.filter(user__email=name.lower()).first()
    if found is None:
        raise CommandError(f"There is no patient {name!r} in this clinic.")
    return found


def _mapping(pairs: list[str]) -> dict[str, str]:
    mapping = {}
    for pair in pairs:
        column, sign, item = pair.rpartition("=")
        if not sign:
            raise CommandError(f"--map wants COLUMN=item, but was {pair!r}.")
        mapping[column] = item
    return mapping
