"""The safety card: the clinic's numbers, and a plan that is its writer's alone."""

import pytest

from dashboard.pages import clinic as clinic_page
from tests.factories import NOW
from tracker import crisis
from tracker.ids import uuid7
from tracker.models import (
    AuditEvent,
    ClosedDay,
    CrisisLines,
    OpeningHours,
    SafetyPlan,
    SafetyPlanRevision,
)
from tracker.problems import Invalid, NotFound

JSON = "application/json"
LINES = {
    "country": "ES",
    "emergency": "112",
    "lines": [{"name": "Línea 024", "phone": "024", "sms": "", "hours": "24 h"}],
}
PLAN = {
    "contact_name": "Eva",
    "contact_phone": "+34 600 000 000",
    "signs": "I stop answering friends.",
    "helps": "The dog, a shower.",
    "people": "Eva, my brother.",
}


def put_plan(client, based_on=0, key=None, **changes):
    body = {"id": str(key or uuid7()), "based_on": based_on, **PLAN, **changes}
    return client.put("/api/v1/safety/plan/", body, content_type=JSON)


def test_numbers_are_unconfirmed_until_a_clinician_confirms_them(
    ana, dr_cole, client_for
):
    path = f"/api/v1/clinics/{ana.clinic_id}/crisis-lines/"
    patient = client_for(ana.user)
    assert patient.get("/api/v1/safety/").json()["confirmed"] is False

    answer = client_for(dr_cole).put(path, LINES, content_type=JSON)

    assert answer.status_code == 200, answer.content
    card = patient.get("/api/v1/safety/").json()
    assert (card["confirmed"], card["emergency"]) == (True, "112")
    assert card["lines"] == LINES["lines"]
    event = AuditEvent.objects.get(subject="crisis lines")
    assert event.actor_id == dr_cole.pk


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"country": "Spain"}, "country"),
        ({"country": "es"}, "country"),
        ({"emergency": "call me"}, "emergency"),
        ({"lines": [{"name": "", "phone": "024"}]}, "lines"),
        ({"lines": [{"name": "Line", "phone": "javascript:0"}]}, "lines.0.phone"),
        ({"lines": [{"name": "Line", "phone": "024", "sms": "x"}]}, "lines.0.sms"),
        ({"lines": [{"name": "Line", "phone": "024"}] * 9}, "lines"),
    ],
)
def test_a_number_nobody_could_call_is_refused_and_changes_nothing(
    ana, dr_cole, client_for, change, field
):
    path = f"/api/v1/clinics/{ana.clinic_id}/crisis-lines/"

    answer = client_for(dr_cole).put(path, {**LINES, **change}, content_type=JSON)

    assert answer.status_code == 400
    problem = answer.json()["problems"][0]
    assert problem["field"].startswith(field)
    assert problem["rule"]
    assert not CrisisLines.objects.exists()


def test_only_who_rules_a_clinic_reads_or_confirms_its_numbers(
    ana, zoe, nurse_nora, dr_cole, client_for
):
    path = f"/api/v1/clinics/{ana.clinic_id}/crisis-lines/"
    for user in (ana.user, zoe.user, nurse_nora):
        client = client_for(user)
        assert client.get(path).status_code == 404
        assert client.put(path, LINES, content_type=JSON).status_code == 404
    other = f"/api/v1/clinics/{zoe.clinic_id}/crisis-lines/"
    assert client_for(dr_cole).get(other).status_code == 404


def test_card_names_the_clinics_hours_and_closed_days(ana, client_for):
    OpeningHours.objects.create(
        clinic=ana.clinic, weekday=0, opens="08:00", closes="17:00"
    )
    ClosedDay.objects.create(clinic=ana.clinic, date=NOW.date())

    clinic = client_for(ana.user).get("/api/v1/safety/").json()["clinic"]

    assert clinic["hours"] == [{"weekday": 0, "opens": "08:00", "closes": "17:00"}]
    assert clinic["time_zone"] == "Europe/Madrid"


def test_plan_is_kept_with_every_text_it_had(ana, client_for):
    client = client_for(ana.user)
    assert put_plan(client).json()["version"] == 1

    answer = put_plan(client, based_on=1, helps="A walk.")

    assert answer.json()["version"] == 2
    assert client.get("/api/v1/safety/").json()["plan"]["helps"] == "A walk."
    texts = list(SafetyPlanRevision.objects.values_list("text__helps", flat=True))
    assert texts == ["The dog, a shower.", "A walk."]


def test_plan_sent_twice_is_stored_once(ana, client_for):
    client, key = client_for(ana.user), uuid7()

    answers = [put_plan(client, key=key) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert SafetyPlan.objects.get().version == 1
    assert SafetyPlanRevision.objects.count() == 1


def test_plan_changed_on_another_device_is_a_question(ana, client_for):
    client = client_for(ana.user)
    put_plan(client)
    put_plan(client, based_on=1, helps="A walk.")

    answer = put_plan(client, based_on=1, helps="Music.")

    assert answer.status_code == 409
    assert answer.json()["stored"]["helps"] == "A walk."
    assert SafetyPlan.objects.get().helps == "A walk."


def test_plan_is_read_by_its_writer_alone(ana, ben, nurse_nora, dr_cole, client_for):
    put_plan(client_for(ana.user))

    for user in (ben.user, nurse_nora, dr_cole):
        answer = client_for(user).get("/api/v1/safety/")
        assert "Eva" not in answer.content.decode()
    staff = client_for(nurse_nora).get(f"/api/v1/patients/{ana.pk}/")
    assert "Eva" not in staff.content.decode()


def test_key_of_somebody_elses_plan_is_refused(ana, ben, client_for):
    key = uuid7()
    put_plan(client_for(ana.user), key=key)

    answer = put_plan(client_for(ben.user), key=key)

    assert answer.status_code == 400
    assert not SafetyPlan.objects.filter(patient=ben).exists()


def test_contact_needs_a_number_that_can_be_called(ana, client_for):
    answer = put_plan(client_for(ana.user), contact_phone="ask Eva")

    assert answer.status_code == 400
    assert answer.json()["problems"][0]["field"] == "contact_phone"


def test_card_takes_few_statements(ana, client_for, django_assert_max_num_queries):
    client = client_for(ana.user)
    client.get("/api/v1/safety/")

    with django_assert_max_num_queries(8):
        client.get("/api/v1/safety/")


def test_every_suggested_number_could_be_confirmed_as_it_is():
    for country, known in crisis.suggestions().items():
        lines = [
            {name: line[name] for name in ("name", "phone", "sms", "hours")}
            for line in known["lines"]
        ]
        assert crisis.problems_of(country, known["emergency"], lines) == []
        assert all(line["source"] for line in known["lines"])


def test_what_a_clinician_types_on_the_page_becomes_the_card(ana, dr_cole, client_for):
    emergency, typed, said = clinic_page.suggest("es")
    assert "Written down on 27 Nov 2026; nobody has checked these" in said
    given = {"country": "es", "emergency": emergency, "lines": typed + "\nEva | 600"}

    said = clinic_page.confirm(dr_cole, str(ana.clinic_id), given)

    assert "2 lines" in said
    card = client_for(ana.user).get("/api/v1/safety/").json()
    assert [line["name"] for line in card["lines"]] == ["Línea 024", "Eva"]
    assert card["lines"][1] == {"name": "Eva", "phone": "600", "sms": "", "hours": ""}


def test_a_bad_line_is_named_as_it_is_counted_on_the_page(clinic, dr_cole):
    given = {"country": "ES", "emergency": "112", "lines": "024 | 024\n\nEva | soon"}

    with pytest.raises(Invalid) as caught:
        clinic_page.confirm(dr_cole, str(clinic.pk), given)

    [problem] = caught.value.problems
    assert clinic_page.in_words(problem).startswith("Line 2, phone: soon is given")


def test_a_nurse_sees_no_form_and_confirms_nothing(clinic, nurse_nora, dr_dane):
    assert "We have checked" not in str(clinic_page.layout(nurse_nora))
    for person in (nurse_nora, dr_dane):
        with pytest.raises(NotFound):
            clinic_page.confirm(person, str(clinic.pk), {})
