"""Devices, networks and crashes at random: one truth is left, and nothing is lost.

Two phones of one patient write, delete and restore days while requests and answers
go missing, arrive twice or late, and the server falls over halfway. After every run
the whole trail is checked: which write each version came from, and whether whoever
replaced a value had seen it.
"""

import os
from collections import defaultdict
from datetime import timedelta
from unittest import mock
from uuid import UUID, uuid4

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from api import throttle
from tests.factories import make_clinic, make_patient
from tracker import actions, diary_bulk
from tracker.diary_bulk import APPLIED
from tracker.diary_day import DayContent, content_of
from tracker.diary_merge import ITEMS
from tracker.ids import uuid7
from tracker.models import AuditEvent, DiaryEntry, Patient, Revision

STEPS = 50
# 200 runs of 50 steps: 10,000, the same ones each time. Naming a number of runs
# draws new ones.
RUNS = int(os.environ.get("SYNC_MODEL_RUNS", "200"))
ALWAYS_THE_SAME = "SYNC_MODEL_RUNS" not in os.environ
DAYS = 3

days_ago = st.integers(0, DAYS - 1)
items = st.fixed_dictionaries(
    {},
    optional={
        "mood": st.integers(0, 2),
        "pain": st.integers(0, 2),
        "note": st.sampled_from(["one", "two"]),
        "side_effects": st.sampled_from([[], [{"code": "nausea", "severity": 1}]]),
    },
)


class Phone:
    """Writes here first, sends after: the protocol as the phone app speaks it."""

    def __init__(self) -> None:
        self.id = str(uuid4())
        self.cursor = 0
        self.days: dict[str, dict] = {}
        self.versions: dict[str, int] = {}
        self.outbox: dict[str, dict] = {}
        self.unanswered: dict[str, list[str]] = defaultdict(list)
        self.asked: dict[str, dict] = {}

    def change(self, on: str, act: str, day: dict | None = None) -> None:
        before = self.outbox.get(on)
        if before is not None and before["id"] in self.sent:
            self.unanswered[on].append(before["id"])
        self.outbox[on] = {
            "id": str(uuid7()),
            "act": act,
            "date": on,
            "based_on": self.versions.get(on, 0),
            "written_at": timezone.now().isoformat(),
            "follows": list(self.unanswered[on]),
            **({} if day is None else {"day": day}),
        }

    @property
    def sent(self) -> set[str]:
        return self._sent

    _sent: set[str]

    def body(self) -> dict:
        changes = list(self.outbox.values())
        self._sent |= {change["id"] for change in changes}
        return {
            "device_id": self.id,
            "device_time": timezone.now().isoformat(),
            "time_zone": "Europe/Madrid",
            "cursor": self.cursor,
            "changes": changes,
        }

    def take(self, answer: dict) -> None:
        for one in answer["answers"]:
            self._settle(one)
        for day in answer["days"]:
            self._know(day["date"], day)
        for tombstone in answer["deleted"]:
            self._know(tombstone["date"], tombstone)
        self.cursor = answer["cursor"]

    def _settle(self, one: dict) -> None:
        on = next((d for d, c in self.outbox.items() if c["id"] == one["id"]), None)
        if on is None:
            return  # replaced meanwhile; its successor tells what it follows
        change = self.outbox.pop(on)
        self.unanswered[on].clear()
        stands = one["day"] or one["deleted"]
        if stands:
            self._know(on, stands)
        if one["outcome"] == "conflict":
            self.asked[on] = change

    def _know(self, on: str, stands: dict) -> None:
        # What waits to be sent keeps the version it was written on.
        if stands["version"] >= self.versions.get(on, 0) and on not in self.outbox:
            self.versions[on] = stands["version"]
            self.days[on] = stands


class Devices(RuleBasedStateMachine):
    """One patient, two phones, and a network that cannot be trusted."""

    @initialize()
    def begin(self) -> None:
        self.patient = Patient.objects.first() or make_patient("Ana", make_clinic())
        other = make_patient(f"Ana {uuid4()}", self.patient.clinic)
        self.patient = other
        token = actions.add_api_token(other.user, "test")
        self.client = Client(headers={"Authorization": f"Bearer {token}"})
        self.today = other.diary_date(timezone.now())
        self.phones = (Phone(), Phone())
        for phone in self.phones:
            phone._sent = set()
        # Requests that the network holds back, to arrive late or twice.
        self.held: list[dict] = []
        self.acknowledged: set[str] = set()

    @rule(which=st.integers(0, 1), ago=days_ago, day=items)
    def write(self, which: int, ago: int, day: dict) -> None:
        self.phones[which].change(self._date(ago), "write", day)

    @rule(which=st.integers(0, 1), ago=days_ago)
    def delete(self, which: int, ago: int) -> None:
        self.phones[which].change(self._date(ago), "delete")

    @rule(which=st.integers(0, 1), ago=days_ago)
    def restore(self, which: int, ago: int) -> None:
        self.phones[which].change(self._date(ago), "restore")

    @rule(which=st.integers(0, 1))
    def sync(self, which: int) -> None:
        self._exchange(self.phones[which])

    @rule(which=st.integers(0, 1))
    def lose_the_answer(self, which: int) -> None:
        self._post(self.phones[which].body())

    @rule(which=st.integers(0, 1))
    def lose_the_request(self, which: int) -> None:
        self.held.append(self.phones[which].body())

    @rule()
    def deliver_late(self) -> None:
        if self.held:
            self._post(self.held.pop(0))

    @rule(which=st.integers(0, 1))
    def deliver_twice(self, which: int) -> None:
        body = self.phones[which].body()
        self._post(body)
        self._post(body)

    @rule(which=st.integers(0, 1))
    def crash_halfway(self, which: int) -> None:
        before = self._rows()
        with mock.patch.object(diary_bulk, "store_revisions", side_effect=_CRASH):
            answer = self._send(self.phones[which].body())
        assert answer.status_code in {200, 503}
        if answer.status_code == 503:
            assert answer.headers["Retry-After"]
            assert self._rows() == before

    @rule(which=st.integers(0, 1))
    def cut_the_request(self, which: int) -> None:
        body = self.client._encode_json(
            self.phones[which].body(), "application/json"
        ).encode()
        answer = self.client.generic(
            "POST", "/api/v1/sync/", body[: len(body) // 2], "application/json"
        )
        assert answer.status_code == 400

    @rule(which=st.integers(0, 1), ago=days_ago, mine=st.booleans())
    def choose(self, which: int, ago: int, mine: bool) -> None:
        phone = self.phones[which]
        asked = phone.asked.pop(self._date(ago), None)
        if asked is not None and mine and self._date(ago) not in phone.outbox:
            phone.change(self._date(ago), asked["act"], asked.get("day"))

    @invariant()
    def one_row_a_day(self) -> None:
        entries = self._entries().values_list("date", flat=True)
        assert len(entries) == len(set(entries))

    def teardown(self) -> None:
        if not hasattr(self, "patient"):
            return
        for body in self.held:
            self._post(body)
        for _ in range(2):
            for phone in self.phones:
                self._exchange(phone)
        self._check_convergence()
        for entry in self._entries():
            self._check_trail(entry)
        kept = set(
            Revision.objects.filter(patient=self.patient).values_list("pk", flat=True)
        )
        assert {UUID(key) for key in self.acknowledged} <= kept
        audited = AuditEvent.objects.filter(
            patient_id=self.patient.pk, action="write"
        ).count()
        assert audited == len(kept)

    def _check_convergence(self) -> None:
        live = {
            str(entry.date): entry.version
            for entry in self._entries()
            if entry.deleted_at is None
        }
        for phone in self.phones:
            assert not phone.outbox
            shown = {
                on: day["version"] for on, day in phone.days.items() if "mood" in day
            }
            assert shown == live

    def _check_trail(self, entry: DiaryEntry) -> None:
        """Each version has one author, who had seen whatever they replaced."""
        trail = {
            row.version: row
            for row in Revision.objects.filter(entry=entry)
            if row.outcome in {*APPLIED, "deleted"}
        }
        assert sorted(trail) == list(range(1, entry.version + 1))
        states = {0: DayContent()}
        for version in range(1, entry.version + 1):
            row = trail[version]
            is_gone = row.outcome == "deleted"
            told = row.result or row.content
            states[version] = DayContent() if is_gone else content_of(told)
            based_on = row.based_on_version
            if trail.get(version - 1) and trail[version - 1].outcome == "deleted":
                # Never brought back by somebody who did not know it was deleted.
                assert based_on >= version - 1
            for item in ITEMS:
                old = getattr(states[version - 1], item)
                new = getattr(states[version], item)
                assert old == new or getattr(states[based_on], item) == old
        stored = content_of({item: getattr(entry, item) for item in ITEMS})
        last = trail[entry.version]
        assert stored == content_of(last.result or last.content)
        assert (entry.deleted_at is not None) == (last.outcome == "deleted")

    def _exchange(self, phone: Phone) -> None:
        answer = self._post(phone.body())
        phone.take(answer)

    def _post(self, body: dict) -> dict:
        answer = self._send(body)
        assert answer.status_code == 200, answer.content
        told = answer.json()
        assert [one["id"] for one in told["answers"]] == [
            change["id"] for change in body["changes"]
        ]
        done = {*APPLIED, "deleted", "conflict"}
        self.acknowledged |= {
            one["id"] for one in told["answers"] if one["outcome"] in done
        }
        return told

    def _send(self, body: dict):
        throttle.forget()
        return self.client.post("/api/v1/sync/", body, content_type="application/json")

    def _rows(self) -> list:
        return [
            list(self._entries().order_by("pk").values_list()),
            list(Revision.objects.filter(patient=self.patient).values_list("pk")),
        ]

    def _entries(self):
        return DiaryEntry.with_deleted.filter(patient=self.patient)

    def _date(self, ago: int) -> str:
        return str(self.today - timedelta(days=ago))


_CRASH = OperationalError("the server fell over")


@pytest.mark.django_db
def test_ten_thousand_steps_lose_double_and_resurrect_nothing():
    run_state_machine_as_test(
        Devices,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            derandomize=ALWAYS_THE_SAME,
            database=None,
            suppress_health_check=list(HealthCheck),
            # Making a failure small takes minutes; its steps are printed as they are.
            phases=(Phase.generate,),
        ),
    )
