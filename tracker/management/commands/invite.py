"""`manage.py invite`: a link for a member of staff, or a new one for a patient."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tracker.actions import add_staff, invite
from tracker.models import Clinic, User
from tracker.vocabulary import Role


class Command(BaseCommand):
    help = (
        "Gives somebody a role in the clinic and prints their single-use link. With "
        "an address that has an account and no --role, prints a fresh link for it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="")
        parser.add_argument("--role", choices=Role.values)
        parser.add_argument(
            "--clinic", default="", help="Its name, if there are several."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        email = options["email"].strip().lower()
        user = User.objects.filter(email=email).first()
        if options["role"] is None:
            if user is None:
                raise CommandError(f"{email} has no account; give --name and --role.")
            token = invite(None, user, now=now)
        else:
            if user is None and not options["name"].strip():
                raise CommandError("A new person needs --name.")
            user, token = add_staff(
                None,
                _clinic(options["clinic"]),
                email=email,
                name=options["name"].strip(),
                role=options["role"],
                now=now,
            )
        if token:
            self.stdout.write(f"Works once, for 14 days:\n\n    /welcome#{token}\n")
        else:
            self.stdout.write(f"{user} has the role now and signs in as before.")


def _clinic(name: str) -> Clinic:
    clinics = Clinic.objects.filter(name=name) if name else Clinic.objects.all()
    found = list(clinics[:2])
    if not found:
        raise CommandError("There is no such clinic; run manage.py setup first.")
    if len(found) > 1:
        raise CommandError("Say which clinic with --clinic NAME.")
    return found[0]
