"""Many requests at once against a real server: one truth comes out."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connection

from tests.servers import site_with_ana


@pytest.fixture
def own_database(db, monkeypatch):
    """On PostgreSQL, a database of this test's own beside the test database."""
    url = os.environ.get("RESPITE_DATABASE_URL", "")
    if connection.vendor != "postgresql":
        yield
        return
    name = f"served_{os.getpid()}"
    import psycopg

    settings = connection.settings_dict
    admin = psycopg.connect(
        host=settings["HOST"], user=settings["USER"], dbname="postgres", autocommit=True
    )
    admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    admin.execute(f"CREATE DATABASE {name}")
    monkeypatch.setenv("RESPITE_DATABASE_URL", url.replace("/postgres?", f"/{name}?"))
    yield
    admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    admin.close()


@pytest.fixture
def ana(tmp_path, own_database):
    with site_with_ana(tmp_path, workers=4) as person:
        yield person


TODAY = datetime.now(UTC).date()
COUNT = (
    "from tracker.models import *; "
    "print(DiaryEntry.objects.count(), Revision.objects.count(), "
    "AuditEvent.objects.filter(action='write').count(), ReliefMark.objects.get().marks)"
)


def test_one_body_sent_a_hundred_times_leaves_one_row_and_equal_answers(ana):
    body = {"mood": 6, "pain": 3, "note": "once", "side_effects": []}

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: ana.put(TODAY, body), range(100)))

    assert {(a.status_code, a.content, a.headers["ETag"]) for a in answers} == {
        (200, answers[0].content, '"1"')
    }
    assert ana.site.run(COUNT) == "1 100 100 100"


def test_sixteen_devices_with_different_days_leave_one_row_and_every_arrival(ana):
    with ThreadPoolExecutor(16) as pool:
        answers = list(
            pool.map(lambda mood: ana.put(TODAY, {"mood": mood % 11}), range(16))
        )

    assert {answer.status_code for answer in answers} == {200}
    entries, revisions, *_ = ana.site.run(COUNT).split()
    assert (entries, revisions) == ("1", "16")


def test_of_two_writers_on_one_version_one_wins_and_one_is_told(ana):
    ana.put(TODAY, {"mood": 1})

    with ThreadPoolExecutor(2) as pool:
        answers = list(
            pool.map(
                lambda mood: ana.put(TODAY, {"mood": mood}, **{"If-Match": '"1"'}),
                (7, 8),
            )
        )

    assert sorted(answer.status_code for answer in answers) == [200, 409]


def test_killed_server_has_every_acknowledged_day_exactly_once(ana):
    """The power goes while days come in; what was answered is there afterwards."""
    from datetime import timedelta

    acknowledged = {}

    def send(number: int) -> None:
        day = TODAY - timedelta(days=number % 60)
        try:
            answer = ana.put(day, {"mood": number % 11})
        except OSError:
            return
        if answer.status_code == 200:
            acknowledged[day.isoformat()] = True

    with ThreadPoolExecutor(8) as pool:
        sending = [pool.submit(send, number) for number in range(60)]
        while len(acknowledged) < 15:
            pass
        ana.site.kill()
        for one in sending:
            one.result()
    ana.site.start()

    days = [day["date"] for day in ana.days().json()["results"]]
    assert len(days) == len(set(days))
    assert set(acknowledged) <= set(days)
