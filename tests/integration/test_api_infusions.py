"""Infusions over HTTP: recorded once, corrected with a reason, never lost."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from tracker.models import Appointment, Infusion, InfusionRevision, ReliefMark

PATH = "/api/v1/infusions/"
JSON = "application/json"


@pytest.fixture
def nurse(nurse_nora, client_for):
    return client_for(nurse_nora)


@pytest.fixture
def booked(ana) -> Appointment:
    return Appointment.objects.create(
        patient=ana, planned_at=timezone.now() - timedelta(hours=2), phase="booster"
    )


def body(patient, **changes):
    start = timezone.now().replace(microsecond=0) - timedelta(hours=1)
    return {
        "patient": str(patient.pk),
        "started_at": start.isoformat(),
        "ended_at": (start + timedelta(minutes=40)).isoformat(),
        "agent": "ketamine",
        "route": "iv",
        "dose_mg": 35,
        "weight_kg": 70,
        "dose_mg_per_kg": 0.5,
        "phase": "booster",
    } | changes


def problem(answer):
    [found] = answer.json()["problems"]
    return found


def test_infusion_comes_back_as_it_was_sent(nurse, ana):
    sent = body(ana, id=str(uuid.uuid4()))

    recorded = nurse.post(PATH, sent, content_type=JSON)
    assert recorded.status_code == 201, recorded.content

    read = nurse.get(f"{PATH}{sent['id']}/").json()
    assert read == recorded.json()
    moments = ("started_at", "ended_at")
    assert {name: read[name] for name in sent if name not in moments} == {
        name: value for name, value in sent.items() if name not in moments
    }
    assert (read["status"], read["version"], read["recorded_by"]) == (
        "given",
        1,
        "Nora",
    )
    assert ReliefMark.objects.filter(patient=ana).exists()


def test_same_record_twice_is_one_infusion(nurse, ana):
    sent = body(ana, id=str(uuid.uuid4()))

    first = nurse.post(PATH, sent, content_type=JSON)
    second = nurse.post(PATH, sent, content_type=JSON)

    assert first.json() == second.json()
    assert Infusion.objects.count() == InfusionRevision.objects.count() == 1


def test_late_repeat_of_the_record_undoes_no_correction(nurse, ana):
    sent = body(ana, id=str(uuid.uuid4()))
    nurse.post(PATH, sent, content_type=JSON)
    nurse.patch(
        f"{PATH}{sent['id']}/",
        {"weight_kg": 72, "dose_mg": 36, "reason": "misread the scales"},
        content_type=JSON,
    )

    repeat = nurse.post(PATH, sent, content_type=JSON)

    assert repeat.status_code == 201
    assert (repeat.json()["weight_kg"], repeat.json()["version"]) == (72, 2)


def test_other_record_under_a_used_id_is_refused(nurse, ana):
    sent = body(ana, id=str(uuid.uuid4()))
    nurse.post(PATH, sent, content_type=JSON)

    answer = nurse.post(PATH, sent | {"phase": "induction"}, content_type=JSON)

    assert answer.status_code == 400
    assert problem(answer)["field"] == "id"
    assert "phase" in problem(answer)["message"]
    assert Infusion.objects.get().phase == "booster"


def test_id_of_an_infusion_out_of_sight_is_404(nurse, ana, zoe, dr_dane, client_for):
    sent = body(zoe, id=str(uuid.uuid4()))
    client_for(dr_dane).post(PATH, sent, content_type=JSON)

    answer = nurse.post(PATH, sent | {"patient": str(ana.pk)}, content_type=JSON)

    assert answer.status_code == 404
    assert Infusion.objects.get().patient == zoe


def test_correction_keeps_the_earlier_version(nurse, ana):
    key = nurse.post(PATH, body(ana), content_type=JSON).json()["id"]

    answer = nurse.patch(
        f"{PATH}{key}/", {"phase": "maintenance", "reason": "slip"}, content_type=JSON
    )

    assert (answer.json()["phase"], answer.json()["version"]) == ("maintenance", 2)
    kept = InfusionRevision.objects.order_by("version")
    assert [revision.content["phase"] for revision in kept] == [
        "booster",
        "maintenance",
    ]


def test_correction_without_a_reason_changes_nothing(nurse, ana):
    key = nurse.post(PATH, body(ana), content_type=JSON).json()["id"]

    answer = nurse.patch(f"{PATH}{key}/", {"phase": "taper"}, content_type=JSON)

    assert answer.status_code == 400
    assert problem(answer)["field"] == "reason"
    assert Infusion.objects.get().phase == "booster"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"dose_mg_per_kg": 0.9}, "dose_mg_per_kg"),
        ({"weight_kg": 7}, "weight_kg"),
        ({"agent": "caffeine"}, "agent"),
        ({"route": "tea"}, "route"),
        ({"phase": "encore"}, "phase"),
        ({"dose_mg": "35"}, "dose_mg"),
        ({"dose_mg": True}, "dose_mg"),
        ({"started_at": "2026-11-24"}, "started_at"),
        ({"started_at": "2026-11-24T10:00:00"}, "started_at"),
        ({"started_at": "2026-W48-2T10:00:00Z"}, "started_at"),
        ({"started_at": "2999-01-01T10:00:00Z", "ended_at": None}, "started_at"),
        ({"started_at": "1950-01-01T10:00:00Z", "ended_at": None}, "started_at"),
        ({"colour": "blue"}, "colour"),
        ({"id": "seven"}, "id"),
        ({"reason": "x" * 201}, "reason"),
    ],
)
def test_bad_record_names_the_field_and_stores_nothing(nurse, ana, changes, field):
    answer = nurse.post(PATH, body(ana, **changes), content_type=JSON)

    assert answer.status_code == 400
    fields = {found["field"] for found in answer.json()["problems"]}
    assert field in fields
    assert not Infusion.objects.exists()


def test_infusion_fulfils_its_appointment(nurse, ana, booked):
    sent = body(ana, appointment=str(booked.pk))

    assert nurse.post(PATH, sent, content_type=JSON).status_code == 201

    booked.refresh_from_db()
    assert booked.status == "done"


def test_appointment_is_fulfilled_once(nurse, ana, booked):
    sent = body(ana, appointment=str(booked.pk))
    nurse.post(PATH, sent, content_type=JSON)

    again = nurse.post(PATH, sent, content_type=JSON)

    assert again.status_code == 400
    assert problem(again)["field"] == "appointment"
    assert Infusion.objects.count() == 1


def test_cancelled_infusion_stays_and_frees_its_appointment(nurse, ana, booked):
    sent = body(ana, appointment=str(booked.pk))
    key = nurse.post(PATH, sent, content_type=JSON).json()["id"]

    answer = nurse.post(
        f"{PATH}{key}/cancel/", {"reason": "vein not found"}, content_type=JSON
    )

    assert (answer.json()["status"], answer.json()["reason"]) == (
        "cancelled",
        "vein not found",
    )
    booked.refresh_from_db()
    assert booked.status == "booked"
    assert nurse.post(PATH, sent, content_type=JSON).status_code == 201


def test_appointment_of_another_patient_is_404(nurse, ben, booked):
    answer = nurse.post(PATH, body(ben, appointment=str(booked.pk)), content_type=JSON)

    assert answer.status_code == 404
    assert not Infusion.objects.exists()
