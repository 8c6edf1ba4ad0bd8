"""`manage.py api_token`: a key for a program that acts as a person."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tracker.actions import add_api_token
from tracker.models import User


class Command(BaseCommand):
    help = "Prints a token for a program; it sees what the person sees. Shown once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name", help="What the program is called.")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=options["email"].strip().lower()).first()
        if user is None:
            raise CommandError(f"There is no account {options['email']}.")
        self.stdout.write(add_api_token(user, options["name"]))
