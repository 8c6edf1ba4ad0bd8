"""The wait for SQLite's one writer: short, bounded, and said when it is over."""

import sqlite3
import threading
import time

import pytest
from django.db import OperationalError, connections

from tracker import environment
from tracker.sqlite.base import DatabaseWrapper

# SQLite's own waiter sleeps this long between two looks by then.
PAUSE_OF_SQLITE = 0.1


@pytest.fixture
def path(tmp_path):
    return tmp_path / "own.sqlite3"


@pytest.fixture
def connection(path, monkeypatch, db):
    """A database of its own, with a timeout of one second."""
    monkeypatch.setenv("RESPITE_SQLITE_TIMEOUT", "1")
    usual = connections["default"].settings_dict
    own = DatabaseWrapper(usual | environment.sqlite(path), "own")
    own.connect()
    yield own
    own.close()


def begin(connection) -> None:
    """What `transaction.atomic` does first."""
    connection.set_autocommit(
        False, force_begin_transaction_with_broken_autocommit=True
    )


def end(connection) -> None:
    connection.rollback()
    connection.set_autocommit(True)


def hold_lock(path) -> sqlite3.Connection:
    blocker = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    blocker.execute("BEGIN IMMEDIATE")
    return blocker


def test_writer_starts_as_soon_as_the_one_before_is_done(connection, path):
    blocker = hold_lock(path)
    released = []

    def release() -> None:
        time.sleep(0.3)
        released.append(time.monotonic())
        blocker.close()

    other = threading.Thread(target=release)
    other.start()
    begin(connection)
    began = time.monotonic()
    other.join()
    end(connection)

    assert 0 <= began - released[0] < PAUSE_OF_SQLITE


def test_writer_gives_up_after_the_timeout_and_its_connection_stays_good(
    connection, path
):
    blocker = hold_lock(path)
    started = time.monotonic()

    with pytest.raises(OperationalError, match="locked"):
        begin(connection)
    took = time.monotonic() - started
    blocker.close()
    begin(connection)
    end(connection)
    with connection.cursor() as cursor:
        patience = cursor.execute("PRAGMA busy_timeout").fetchone()[0]

    assert 1 <= took < 2
    assert patience == 1000


def test_placeholders_are_turned_and_percent_signs_kept(connection):
    with connection.cursor() as cursor:
        listed = cursor.execute("SELECT %s, '100%%', %s", ["a", 2]).fetchone()
        named = cursor.execute("SELECT %(one)s", {"one": 1}).fetchone()

    assert (listed, named) == (("a", "100%", 2), (1,))
