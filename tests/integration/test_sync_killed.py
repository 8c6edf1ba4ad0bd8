"""Workers are killed while batches come in: what was answered is there, once."""

import json
import os
import signal
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import uuid4

import requests

from tests.servers import anas_today
from tracker.ids import uuid7

PHONES = 8
BATCHES = 12
PER_BATCH = 20
TODAY = anas_today()
AFTERWARDS = """
from django.db import connection
from tracker.models import AuditEvent, DiaryEntry, Revision
import json
if connection.vendor == "sqlite":
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        assert cursor.fetchone() == ("ok",)
print(json.dumps({
    "changes": [str(key) for key in Revision.objects.values_list("pk", flat=True)],
    "audited": AuditEvent.objects.filter(action="write").count(),
    "days": DiaryEntry.objects.count(),
    "versions": sum(DiaryEntry.objects.values_list("version", flat=True)),
    "applied": Revision.objects.filter(outcome__in=["new", "changed", "merged"]).count(),
}))
"""


def change(random: Random) -> dict:
    return {
        "id": str(uuid7()),
        "date": str(TODAY - timedelta(days=random.randrange(60))),
        "based_on": 0,
        "day": {"mood": random.randrange(11), "note": "written without signal"},
    }


def send_until_answered(served, body: dict, until: float) -> list[dict]:
    """As the phone does: the same changes again, until somebody answers."""
    while time.monotonic() < until:
        try:
            answer = requests.post(
                f"{served.site.url}/api/v1/sync/",
                json=body,
                headers={"Authorization": f"Bearer {served.token}"},
                timeout=10,
            )
        except requests.RequestException:
            continue
        if answer.status_code == 200:
            return answer.json()["answers"]
        assert answer.status_code == 503
        time.sleep(0.05)
    raise TimeoutError("nobody answered")


def kill_workers(master: int, stop: threading.Event) -> int:
    killed, random = 0, Random(5)
    while not stop.wait(0.4):
        found = subprocess.run(
            ["/usr/bin/env", "pgrep", "-P", str(master)],
            capture_output=True,
            text=True,
            check=False,
        ).stdout.split()
        if found:
            os.kill(int(random.choice(found)), signal.SIGKILL)
            killed += 1
    return killed


def test_killed_workers_lose_and_double_nothing(served):
    until = time.monotonic() + 90
    acknowledged: dict[str, str] = {}

    def phone(number: int) -> None:
        random, device = Random(number), str(uuid4())
        for _ in range(BATCHES):
            body = {
                "device_id": device,
                "device_time": datetime.now(UTC).isoformat(),
                "time_zone": "UTC",
                "changes": [change(random) for _ in range(PER_BATCH)],
            }
            for one in send_until_answered(served, body, until):
                acknowledged[one["id"]] = one["outcome"]
            time.sleep(0.2)

    stop = threading.Event()
    with ThreadPoolExecutor(PHONES + 1) as pool:
        killer = pool.submit(kill_workers, served.site.process.pid, stop)
        phones = [pool.submit(phone, number) for number in range(PHONES)]
        try:
            for one in phones:
                one.result()
        finally:
            stop.set()
        assert killer.result() > 3

    found = json.loads(served.site.run(AFTERWARDS).splitlines()[-1])
    assert "refused" not in acknowledged.values()
    assert len(acknowledged) == PHONES * BATCHES * PER_BATCH
    assert set(found["changes"]) == set(acknowledged)
    assert found["audited"] == len(found["changes"])
    assert found["days"] <= 60
    assert found["versions"] == found["applied"]
