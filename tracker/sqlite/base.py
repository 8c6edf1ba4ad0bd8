"""Django's SQLite backend with a shorter wait for the one writer.

SQLite lets a waiting writer sleep for 1, 2, 5, 10 ... 100 ms between two looks at
the lock. A day is stored in less than one, so most of that is time slept past a
free lock, and whoever waited longest looks least often. Here every waiting writer
looks again after the same short pause, until the usual timeout.
"""

import sqlite3
import time
from functools import lru_cache
from typing import Any, cast

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

PAUSE_SECONDS = 0.0001
# A long writer (an import) is waited for less eagerly.
LONG_PAUSE_SECONDS = 0.005
LONG_WAIT_SECONDS = 0.05
PRIMARY_CODE = 0xFF


class DatabaseWrapper(base.DatabaseWrapper):
    transaction_mode: str | None

    def _start_transaction_under_autocommit(self) -> None:
        if self.transaction_mode is None:
            super()._start_transaction_under_autocommit()  # type: ignore[misc] # not in the stubs
            return
        cursor = self.cursor()
        timeout = self.settings_dict["OPTIONS"].get("timeout", 5)
        # Settings of this connection, so not statements the database has to run.
        self.connection.execute("PRAGMA busy_timeout = 0")
        try:
            self._begin(cursor, time.monotonic(), timeout)
        finally:
            self.connection.execute(f"PRAGMA busy_timeout = {int(timeout * 1000)}")

    def _begin(self, cursor: Any, started: float, timeout: float) -> None:
        while True:
            try:
                cursor.execute(f"BEGIN {self.transaction_mode}")
            except OperationalError as error:
                waited = time.monotonic() - started
                if not _is_busy(error) or waited >= timeout:
                    raise
                long = waited > LONG_WAIT_SECONDS
                time.sleep(LONG_PAUSE_SECONDS if long else PAUSE_SECONDS)
            else:
                return

    def create_cursor(self, name: str | None = None) -> "Cursor":
        return cast(Cursor, self.connection.cursor(factory=Cursor))


class Cursor(base.SQLiteCursorWrapper):
    """Remembers how a statement reads with SQLite's placeholders."""

    def convert_query(self, query: str, *, param_names: list[str] | None = None) -> str:
        if param_names is None:
            return _with_question_marks(query)
        return super().convert_query(query, param_names=param_names)


@lru_cache(maxsize=512)
def _with_question_marks(query: str) -> str:
    return base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")


def _is_busy(error: OperationalError) -> bool:
    code = getattr(error.__cause__, "sqlite_errorcode", 0)
    return bool(code & PRIMARY_CODE == sqlite3.SQLITE_BUSY)
