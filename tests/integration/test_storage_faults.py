"""A locked, full or absent database: said in words, read on, healed by itself."""

import sqlite3
import time
from datetime import timedelta

import pytest
from django.db import connection

from tests.servers import anas_today, site_with_ana

TODAY = anas_today()


@pytest.fixture
def ana(tmp_path, monkeypatch):
    if connection.vendor != "sqlite":
        pytest.skip("these faults are SQLite's")
    monkeypatch.delenv("RESPITE_DATABASE_URL", raising=False)
    with site_with_ana(tmp_path, RESPITE_SQLITE_TIMEOUT="1") as person:
        person.put(TODAY, {"mood": 5})
        yield person


def assert_unavailable(answer) -> None:
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    body = answer.json()
    assert body["code"] == "storage_unavailable"
    assert "safe" in body["message"]


def test_locked_database_is_503_while_reads_go_on(ana):
    blocker = sqlite3.connect(ana.site.database, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    started = time.monotonic()

    refused = ana.put(TODAY, {"mood": 6})
    took = time.monotonic() - started
    own_read = ana.days()
    staff_read = ana.days(as_nurse=True)
    blocker.execute("ROLLBACK")
    healed = ana.put(TODAY, {"mood": 6})

    assert_unavailable(refused)
    assert took < 6
    assert [own_read.status_code, staff_read.status_code] == [200, 200]
    assert ana.patient in (ana.site.folder / "audit-spool.jsonl").read_text()
    assert healed.status_code == 200


def test_absent_database_is_503_and_heals(ana):
    away = ana.site.database.with_suffix(".away")
    ana.site.kill()
    ana.site.database.rename(away)
    ana.site.database.mkdir()
    ana.site.start()

    refused = ana.put(TODAY, {"mood": 6})
    ana.site.database.rmdir()
    away.rename(ana.site.database)
    healed = ana.put(TODAY, {"mood": 6})

    assert_unavailable(refused)
    assert healed.status_code == 200


def test_full_storage_is_503_while_reads_go_on_and_heals(tmp_path, monkeypatch):
    if connection.vendor != "sqlite":
        pytest.skip("these faults are SQLite's")
    monkeypatch.delenv("RESPITE_DATABASE_URL", raising=False)
    with site_with_ana(tmp_path, RESPITE_SQLITE_MAX_PAGES="1") as ana:
        # SQLite takes the present size for the limit: the next new page is refused.
        refused = None
        for number in range(60):
            note = {"note": f"{number} " + "x" * 480}
            refused = ana.put(TODAY - timedelta(days=number), note)
            if refused.status_code != 200:
                break
        read = ana.days()
        ana.site.kill()
        ana.site.settings.clear()
        ana.site.start()
        healed = ana.put(TODAY, {"mood": 6})
        check = sqlite3.connect(ana.site.database).execute("PRAGMA integrity_check")

        assert_unavailable(refused)
        assert read.status_code == 200
        assert healed.status_code == 200
        assert check.fetchone() == ("ok",)
