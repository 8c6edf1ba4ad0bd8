"""Patients over HTTP: enrolment, life cycle and the patient's own settings."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import make_user
from tracker.models import Patient, PatientStateChange, User

PATH = "/api/v1/patients/"
SETTINGS = "/api/v1/me/"
JSON = "application/json"
NEW = {
    "email": "eve@test.example",
    "name": "Eve",
    "reference": "R-17",
    "born_on": "1990-02-28",
    "time_zone": "Europe/Madrid",
    "conditions": ["depression", "chronic_pain"],
    "primary_outcome": "mood",
    "other_outcomes": ["pain"],
    "enrolled_on": "2026-11-02",
}


@pytest.fixture
def nurse(nurse_nora, client_for):
    return client_for(nurse_nora)


def fields(answer) -> set[str]:
    return {problem["field"] for problem in answer.json()["problems"]}


def test_enrolled_patient_is_invited_and_in_sight(nurse):
    answer = nurse.post(PATH, NEW, content_type=JSON)
    assert answer.status_code == 201, answer.content

    patient = answer.json()
    assert patient["state"] == "invited"
    assert "/welcome#" in patient.pop("invitation")
    assert nurse.get(f"{PATH}{patient['id']}/").json() == patient
    assert User.objects.get(email="eve@test.example").has_usable_password() is False


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "no address"}, "email"),
        ({"name": ""}, "name"),
        ({"born_on": "2990-01-01", "enrolled_on": "2990-01-02"}, "born_on"),
        ({"born_on": "2026-11-03"}, "enrolled_on"),
        ({"born_on": "1990-W09-3"}, "born_on"),
        ({"time_zone": "Europe/Atlantis"}, "time_zone"),
        ({"time_zone": "right/Europe/Madrid"}, "time_zone"),
        ({"day_start": "12:00"}, "day_start"),
        ({"day_start": "3:00"}, "day_start"),
        ({"conditions": []}, "conditions"),
        ({"conditions": ["depression", "depression"]}, "conditions"),
        ({"conditions": ["sadness"]}, "conditions.0"),
        ({"other_outcomes": ["pain", "pain"]}, "other_outcomes"),
        ({"primary_outcome": "joy"}, "primary_outcome"),
        ({"asks_sleep_hours": "yes"}, "asks_sleep_hours"),
        ({"state": "active"}, "state"),
    ],
)
def test_bad_enrolment_names_the_field_and_stores_nothing(nurse, changes, field):
    answer = nurse.post(PATH, NEW | changes, content_type=JSON)

    assert answer.status_code == 400
    assert field in fields(answer)
    assert not Patient.objects.exists()
    assert not User.objects.filter(name="Eve").exists()


def test_address_and_record_number_are_taken_once(nurse):
    nurse.post(PATH, NEW, content_type=JSON)

    answer = nurse.post(PATH, NEW | {"email": "EVE@test.example"}, content_type=JSON)

    assert answer.status_code == 400
    assert fields(answer) == {"email", "reference"}
    assert Patient.objects.count() == 1


def test_record_number_of_another_clinic_is_free(nurse, dr_dane, client_for):
    nurse.post(PATH, NEW, content_type=JSON)

    answer = client_for(dr_dane).post(
        PATH, NEW | {"email": "eva@test.example"}, content_type=JSON
    )

    assert answer.status_code == 201


def test_only_staff_who_treat_may_enrol(ana, admin_abe, client_for):
    for user in (ana.user, admin_abe, make_user("Stranger")):
        answer = client_for(user).post(PATH, NEW, content_type=JSON)
        assert answer.status_code in {403, 404}
    assert Patient.objects.count() == 1


def test_state_changes_with_date_and_reason_and_is_kept(nurse, ana):
    since = str(timezone.now().date() - timedelta(days=3))

    answer = nurse.post(
        f"{PATH}{ana.pk}/state/",
        {"state": "paused", "since": since, "reason": "away"},
        content_type=JSON,
    )

    assert (answer.json()["state"], answer.json()["state_since"]) == ("paused", since)
    kept = PatientStateChange.objects.get(patient=ana)
    assert (kept.state, kept.reason) == ("paused", "away")


@pytest.mark.parametrize("since", ["1970-01-01", "2999-01-01"])
def test_state_changes_within_the_patients_life(nurse, ana, since):
    answer = nurse.post(
        f"{PATH}{ana.pk}/state/",
        {"state": "paused", "since": since, "reason": "away"},
        content_type=JSON,
    )

    assert answer.status_code == 400
    assert fields(answer) == {"since"}
    ana.refresh_from_db()
    assert ana.state == "active"


def test_list_may_ask_for_a_state(nurse, ana):
    assert len(nurse.get(f"{PATH}?state=active").json()["results"]) == 1
    assert nurse.get(f"{PATH}?state=paused").json()["results"] == []
    unknown = nurse.get(f"{PATH}?state=happy")
    assert (unknown.status_code, fields(unknown)) == (400, {"state"})


def test_patient_changes_own_settings_only(ana, ben, client_for):
    answer = client_for(ana.user).patch(
        SETTINGS, {"day_start": "05:00", "reminder_time": "20:30"}, content_type=JSON
    )

    assert answer.status_code == 200, answer.content
    ana.refresh_from_db()
    ben.refresh_from_db()
    assert (f"{ana.day_start:%H:%M}", f"{ben.day_start:%H:%M}") == ("05:00", "03:00")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"day_start": "13:00"}, "day_start"),
        ({"time_zone": "posixrules"}, "time_zone"),
        ({"introduced": 1}, "introduced"),
        ({"reminder_time": "25:00"}, "reminder_time"),
        ({"clinic": "other"}, "clinic"),
    ],
)
def test_bad_setting_names_the_field(ana, client_for, changes, field):
    answer = client_for(ana.user).patch(SETTINGS, changes, content_type=JSON)

    assert answer.status_code == 400
    assert fields(answer) == {field}
