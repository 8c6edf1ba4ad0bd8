"""A real server with a database of its own, on either kind of database."""

import os

import pytest
from django.db import connection
from django.utils import timezone

from tests.changes import DEVICE
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
