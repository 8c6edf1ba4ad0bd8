"""Lost answers, deliveries twice, races and a power cut: one truth comes out."""

import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import uuid4

import requests

from tests.integration.test_sync_killed import (
    AFTERWARDS,
    TODAY,
    change,
    send_until_answered,
)

ROUNDS = 60
DEVICES = 16


def body_of(changes: list[dict]) -> dict:
    return {
        "device_id": str(uuid4()),
        "device_time": datetime.now(UTC).isoformat(),
        "time_zone": "UTC",
        "changes": changes,
    }


def send(served, body: dict) -> requests.Response:
    return requests.post(
        f"{served.site.url}/api/v1/sync/",
        json=body,
        headers={"Authorization": f"Bearer {served.token}"},
        timeout=30,
    )


def found_in(served) -> dict:
    return json.loads(served.site.run(AFTERWARDS).splitlines()[-1])


def send_and_hang_up(served, body: dict) -> None:
    """All of the request is sent, and nobody is there for the answer."""
    text = json.dumps(body).encode()
    head = (
        f"POST /api/v1/sync/ HTTP/1.1\r\nHost: 127.0.0.1:{served.site.port}\r\n"
        f"Authorization: Bearer {served.token}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(text)}\r\nConnection: close\r\n\r\n"
    ).encode()
    with socket.create_connection(("127.0.0.1", served.site.port)) as line:
        line.sendall(head + text)


def test_lost_answer_is_given_again_and_nothing_is_done_twice(served):
    body = body_of([change(Random(n)) for n in range(5)])
    keys = {one["id"] for one in body["changes"]}
    send_and_hang_up(served, body)
    until = time.monotonic() + 20
    while set(found_in(served)["changes"]) != keys:
        assert time.monotonic() < until, "the server never stored what was sent"

    first, second = send(served, body), send(served, body)

    assert first.status_code == 200
    assert first.json()["answers"] == second.json()["answers"]
    assert set(found_in(served)["changes"]) == keys
    assert found_in(served)["audited"] == len(keys)


def test_batch_delivered_again_in_any_order_and_at_once_is_done_once(served):
    days = [TODAY - timedelta(days=n) for n in range(20)]
    changes = [
        change(Random(number)) | {"date": str(day)} for number, day in enumerate(days)
    ]
    body = body_of(changes)
    turned = {**body, "changes": changes[::-1]}

    with ThreadPoolExecutor(DEVICES) as pool:
        answers = [send(served, body) for _ in range(3)]
        answers += [send(served, turned)]
        answers += list(pool.map(lambda _: send(served, body), range(DEVICES)))

    assert {answer.status_code for answer in answers} == {200}
    told = [{one["id"]: one for one in answer.json()["answers"]} for answer in answers]
    for one in told[1:]:
        assert one == told[0]
    found = found_in(served)
    assert (found["days"], found["versions"]) == (20, 20)
    assert len(found["changes"]) == found["audited"] == 20


def test_sixteen_devices_racing_for_one_day_make_it_once(served):
    """Each round is a day of its own: one device makes it, the others are told."""

    def race(day) -> list[str]:
        def one(number: int) -> str:
            wanted = {"date": str(day), "day": {"mood": number % 11}}
            answer = send(served, body_of([change(Random(number)) | wanted]))
            assert answer.status_code == 200
            return answer.json()["answers"][0]["outcome"]

        return list(pool.map(one, range(DEVICES)))

    with ThreadPoolExecutor(DEVICES) as pool:
        rounds = [race(TODAY - timedelta(days=n)) for n in range(ROUNDS)]

    assert {outcomes.count("new") for outcomes in rounds} == {1}
    others = {word for outcomes in rounds for word in outcomes} - {"new"}
    assert others <= {"conflict", "identical"}
    found = found_in(served)
    assert found["days"] == ROUNDS
    assert len(found["changes"]) == ROUNDS * DEVICES


def test_power_cut_in_the_middle_of_batches_loses_nothing_acknowledged(served):
    until = time.monotonic() + 90
    acknowledged: dict[str, str] = {}
    cut = threading.Event()

    def phone(number: int) -> None:
        random = Random(number)
        for _ in range(8):
            body = body_of([change(random) for _ in range(20)])
            for one in send_until_answered(served, body, until):
                acknowledged[one["id"]] = one["outcome"]
            cut.set()

    with ThreadPoolExecutor(8) as pool:
        phones = [pool.submit(phone, number) for number in range(8)]
        for _ in range(3):
            cut.clear()
            cut.wait(30)
            # Master and workers at once; phones go on trying.
            served.site.kill()
            served.site.start()
        for one in phones:
            one.result()

    found = found_in(served)
    assert set(found["changes"]) == set(acknowledged)
    assert len(acknowledged) == 8 * 8 * 20
    assert found["audited"] == len(found["changes"])
    assert found["versions"] == found["applied"]
