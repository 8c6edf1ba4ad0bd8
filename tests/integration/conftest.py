"""A real server with a database of its own, on either kind of database."""

import os
from datetime import time, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from tests.changes import DEVICE
from tests.factories import give_infusion, save_entry
from tests.reminders import PushService
from tests.servers import site_with_ana
from tracker.relief_refresh import refresh_patient
from tracker.reminders import endpoints


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
def served(tmp_path, own_database):
    with site_with_ana(tmp_path, workers=4) as person:
        yield person


@pytest.fixture
def today(ana):
    return ana.diary_date(timezone.now())


@pytest.fixture
def sync(ana, client_for):
    client = client_for(ana.user)

    def send(*changes, device=DEVICE, clock=None, cursor=0, status=200):
        body = {
            "device_id": device,
            "device_time": (clock or timezone.now()).isoformat(),
            "time_zone": "Europe/Madrid",
            "cursor": cursor,
            "changes": list(changes),
        }
        answer = client.post("/api/v1/sync/", body, content_type="application/json")
        assert answer.status_code == status, answer.content
        return answer.json()

    return send


@pytest.fixture
def treated(ana, nurse_nora):
    """Ana, in relief after one infusion, logged on 27 days of 30."""
    start = timezone.now().date() - timedelta(days=30)
    give_infusion(ana, nurse_nora, start)
    for ago in range(1, 10):
        save_entry(ana, start - timedelta(days=ago), mood=2)
    for day in range(1, 28):
        save_entry(
            ana,
            start + timedelta(days=day),
            mood=8,
            note="a private thought",
            side_effects=(("nausea", 2),) if day == 1 else None,
        )
    refresh_patient(ana, now=timezone.now())
    return ana


@pytest.fixture
def service(monkeypatch):
    service = PushService()
    # It speaks plain HTTP on some port; the list of known services has tests of its own.
    monkeypatch.setattr(
        endpoints, "is_allowed", lambda url: url.startswith(service.url)
    )
    yield service
    service.server.shutdown()
    service.server.server_close()


@pytest.fixture
def reminded(ana):
    ana.reminder_time, ana.reminder_channel, ana.language = time(19, 30), "push", "es"
    ana.save()
    return ana
