"""`manage.py setup`: the first clinic and its administrator."""

import sys
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import DatabaseError, transaction
from django.utils import timezone

from tracker import days
from tracker.actions import add_staff
from tracker.models import Clinic
from tracker.vocabulary import Role

QUESTIONS = {
    "clinic": "Name of the clinic: ",
    "zone": "Its time zone, as Europe/Madrid: ",
    "admin_name": "Your name: ",
    "admin_email": "Your e-mail address: ",
}


class Command(BaseCommand):
    help = (
        "Begins a real installation: makes the first clinic and its administrator, "
        "and prints the link to choose a password. Run migrate first."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        for name, question in QUESTIONS.items():
            parser.add_argument(
                f"--{name.replace('_', '-')}", help=question.strip(": ")
            )
        parser.add_argument("--phone", default="", help="The clinic's phone number.")
        parser.add_argument(
            "--also-clinician",
            action="store_true",
            help="The administrator treats patients too, and may read their records.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            clinic = Clinic.objects.first()
        except DatabaseError:
            raise CommandError(
                "The database is not ready. Run: manage.py migrate && "
                "manage.py createcachetable"
            ) from None
        if clinic is not None:
            raise CommandError(
                f"There is a clinic already: {clinic}. Nothing was changed. "
                "Add people with manage.py invite."
            )
        answers = {name: _answer(name, options[name]) for name in QUESTIONS}
        _check(answers)
        roles = [Role.ADMINISTRATOR]
        if options["also_clinician"]:
            roles.append(Role.CLINICIAN)
        with transaction.atomic():
            clinic = Clinic.objects.create(
                name=answers["clinic"],
                time_zone=answers["zone"],
                phone=options["phone"],
            )
            token = ""
            for role in roles:
                _, made = add_staff(
                    None,
                    clinic,
                    email=answers["admin_email"],
                    name=answers["admin_name"],
                    role=role,
                    now=timezone.now(),
                )
                token = made or token
        self.stdout.write(
            f"{clinic} is ready. Open this on your server to choose a password; it "
            f"works once, for 14 days:\n\n    /welcome#{token}\n\n"
            "Then add clinicians and nurses with manage.py invite; they invite patients "
            "on the dashboard."
        )


def _answer(name: str, given: str | None) -> str:
    if given is not None:
        return given.strip()
    if not sys.stdin.isatty():
        raise CommandError(
            f"--{name.replace('_', '-')} is missing. Nothing was changed."
        )
    return input(QUESTIONS[name]).strip()


def _check(answers: dict[str, str]) -> None:
    for name, text in answers.items():
        if not text or len(text) > 120:
            raise CommandError(
                f"{name} needs 1 to 120 characters. Nothing was changed."
            )
    try:
        days.zone(answers["zone"])
        validate_email(answers["admin_email"])
    except (ValueError, ValidationError) as error:
        text = getattr(error, "messages", [str(error)])[0]
        raise CommandError(f"{text} Nothing was changed.") from None
