"""`manage.py worker`: keep spells in step with the record, and send reminders."""

import logging
import signal
import threading
import time
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

logger = logging.getLogger("tracker.worker")

SECONDS_BETWEEN_LOOKS = 1.0
SECONDS_BETWEEN_REMINDERS = 30.0
SECONDS_BETWEEN_RESULTS = 60.0
LONGEST_WAIT_SECONDS = 60.0


class Command(BaseCommand):
    help = (
        "Recomputes relief spells of patients whose diary or infusions changed, and "
        "sends the reminders that are due. "
        "Leave it running beside the web server; stop it with Ctrl-C."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="Clear what is waiting, then stop."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        worker = Worker()
        if options["once"]:
            self.stdout.write(f"{worker.clear()} patients brought up to date.")
            worker.sum_up()
            return
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: worker.stop())
        worker.run()


class Worker:
    """Looks for marks until it is told to stop."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._marked_on: date | None = None
        self._reminded_at = -SECONDS_BETWEEN_REMINDERS
        self._summed_at = -SECONDS_BETWEEN_RESULTS

    def stop(self) -> None:
        self._stopping.set()

    def run(self) -> None:
        wait = SECONDS_BETWEEN_LOOKS
        while not self._stopping.wait(wait):
            try:
                self._start_new_day()
                self.clear()
                self.remind()
                self.sum_up()
                wait = SECONDS_BETWEEN_LOOKS
            except (DatabaseError, InterfaceError) as error:
                # The marks are in the database: nothing is lost by waiting.
                wait = min(wait * 2, LONGEST_WAIT_SECONDS)
                logger.warning(
                    "The database cannot be used (%s); looking again in %.0f s.",
                    type(error).__name__,
                    wait,
                )
                connection.close()

    def clear(self) -> int:
        """Bring all marked patients up to date; gives how many there were."""
        # Pandas is loaded here, not by every `manage.py` call.
        from tracker.relief_refresh import refresh_marked

        total = 0
        while not self._stopping.is_set():
            cleared = refresh_marked(now=timezone.now(), limit=50)
            total += cleared
            if cleared:
                logger.info("Relief spells of %d patients brought up to date.", cleared)
            if cleared < 50:
                break
        return total

    def remind(self) -> None:
        """Send what is due, not more often than every half minute."""
        if time.monotonic() - self._reminded_at < SECONDS_BETWEEN_REMINDERS:
            return
        self._reminded_at = time.monotonic()
        from tracker.reminders.deliver import send_due

        count = send_due(now=timezone.now())
        if count:
            logger.info("%d reminders sent.", count)

    def sum_up(self) -> None:
        """Renew what is shown of whole clinics, at most every minute."""
        if time.monotonic() - self._summed_at < SECONDS_BETWEEN_RESULTS:
            return
        self._summed_at = time.monotonic()
        from tracker import clinic_results

        clinic_results.refresh_stale(now=timezone.now())

    def _start_new_day(self) -> None:
        today = timezone.now().date()
        if self._marked_on == today:
            return
        from tracker.relief_refresh import start_new_day

        start_new_day(today, now=timezone.now())
        self._marked_on = today
