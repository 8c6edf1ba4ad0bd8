"""Who sees what, at every address: one matrix, and one file for the rules' edges."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.factories import NOW, give_infusion, save_entry
from tracker import actions
from tracker.access import diary_patient, patients_visible_to
from tracker.models import ApiToken, AuditEvent, Membership
from tracker.problems import NotFound

DAY = date(2026, 11, 20)
PEOPLE = (
    "nobody",
    "ana",
    "ben",
    "zoe",
    "dr_cole",
    "nurse_nora",
    "admin_abe",
    "dr_dane",
    "stranger",
    "former_fay",
    "deactivated_dov",
)
# Ana's record is seen by Ana and by the clinicians and nurses of her clinic.
READERS = {"ana", "dr_cole", "nurse_nora"}


@pytest.fixture
def people(request, ana, ben, zoe, dr_cole, nurse_nora, admin_abe, dr_dane, stranger):
    from tests.factories import make_staff

    former = make_staff("Fay", ana.clinic, "nurse")
    Membership.objects.filter(user=former).update(ended_at=timezone.now())
    deactivated = make_staff("Dov", ana.clinic, "clinician")
    deactivated.is_active = False
    deactivated.save()
    return {
        "nobody": None,
        "ana": ana.user,
        "ben": ben.user,
        "zoe": zoe.user,
        "dr_cole": dr_cole,
        "nurse_nora": nurse_nora,
        "admin_abe": admin_abe,
        "dr_dane": dr_dane,
        "stranger": stranger,
        "former_fay": former,
        "deactivated_dov": deactivated,
    }


@pytest.fixture
def anas_infusion(ana, nurse_nora):
    save_entry(ana, DAY, mood=6, side_effects=(("nausea", 1),))
    return give_infusion(ana, nurse_nora, DAY - timedelta(days=1))


READS = {
    "diary": "/api/v1/diary/?patient={ana}",
    "day": "/api/v1/diary/2026-11-20/?patient={ana}",
    "day history": "/api/v1/diary/2026-11-20/history/?patient={ana}",
    "infusions": "/api/v1/infusions/?patient={ana}",
    "infusion": "/api/v1/infusions/{infusion}/",
    "patient": "/api/v1/patients/{ana}/",
    "side effects": "/api/v1/side-effects/?patient={ana}",
    "relief": "/api/v1/relief/?patient={ana}",
}


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("path", READS.values(), ids=READS)
def test_anas_record_is_read_by_her_and_her_clinic_only(
    people, ana, anas_infusion, client_for, who, path
):
    client = client_for(people[who])

    answer = client.get(path.format(ana=ana.pk, infusion=anas_infusion.pk))

    if who in READERS:
        assert answer.status_code == 200, answer.content
    elif who in {"nobody", "deactivated_dov"}:
        assert answer.status_code == 401
    else:
        assert answer.status_code == 404
        assert "Ana" not in answer.content.decode()


STAFF_WRITES = {
    "infusion": ("post", "/api/v1/infusions/"),
    "correction": ("patch", "/api/v1/infusions/{infusion}/"),
    "cancel": ("post", "/api/v1/infusions/{infusion}/cancel/"),
    "state": ("post", "/api/v1/patients/{ana}/state/"),
    "invitation": ("post", "/api/v1/patients/{ana}/invitation/"),
    "sign out": ("delete", "/api/v1/patients/{ana}/sessions/"),
}
BODIES = {
    "infusion": lambda ana: {
        "patient": str(ana.pk),
        "started_at": "2026-11-21T10:00:00+01:00",
        "agent": "ketamine",
        "route": "iv",
        "phase": "booster",
    },
    "correction": lambda ana: {"dose_mg": 40, "weight_kg": 80, "dose_mg_per_kg": 0.5,
                               "reason": "misread"},
    "cancel": lambda ana: {"reason": "not given"},
    "state": lambda ana: {"state": "paused", "since": "2026-11-21", "reason": "asked"},
    "invitation": lambda ana: {},
    "sign out": lambda ana: {},
}  # fmt: skip


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("act", STAFF_WRITES)
def test_only_the_clinics_staff_act_on_anas_record(
    people, ana, anas_infusion, client_for, who, act
):
    method, path = STAFF_WRITES[act]
    call = getattr(client_for(people[who]), method)

    answer = call(
        path.format(ana=ana.pk, infusion=anas_infusion.pk),
        BODIES[act](ana),
        content_type="application/json",
    )

    if who in {"dr_cole", "nurse_nora"}:
        assert answer.status_code in {200, 201, 204}, answer.content
    elif who == "ana":
        assert answer.status_code == 403
    elif who in {"nobody", "deactivated_dov"}:
        assert answer.status_code == 401
    else:
        assert answer.status_code == 404


@pytest.mark.parametrize("who", PEOPLE)
def test_day_for_ana_is_written_by_her_and_her_clinic_only(
    people, ana, client_for, who
):
    body = {"mood": 5} if who == "ana" else {"mood": 5, "entered_via": "phone_call"}

    answer = client_for(people[who]).put(
        f"/api/v1/diary/2026-11-20/?patient={ana.pk}",
        body,
        content_type="application/json",
    )

    expected = 200 if who in READERS else 401 if people[who] is None else 404
    expected = 401 if who == "deactivated_dov" else expected
    assert answer.status_code == expected
    assert ana.diary.count() == (1 if expected == 200 else 0)


@pytest.mark.parametrize("who", PEOPLE)
def test_compiled_rule_and_written_rule_agree(people, ana, ben, zoe, who):
    user = people[who]
    visible = (
        set(patients_visible_to(user).values_list("pk", flat=True)) if user else set()
    )

    for patient in (ana, ben, zoe):
        try:
            found = diary_patient(user, patient.pk).id if user else None
        except NotFound:
            found = None
        assert (found is not None) == (patient.pk in visible)


@pytest.mark.parametrize(
    "key", ["nonsense", "018f0000-0000-7000-8000-000000000000", "1"]
)
def test_made_up_patient_is_404(dr_cole, client_for, key):
    for path in ("diary", "infusions", "relief", "side-effects"):
        assert (
            client_for(dr_cole).get(f"/api/v1/{path}/?patient={key}").status_code == 404
        )


def test_patient_list_holds_only_who_is_in_sight(people, client_for):
    names = {}
    for who in ("ana", "dr_cole", "dr_dane", "admin_abe", "stranger"):
        answer = client_for(people[who]).get("/api/v1/patients/")
        names[who] = {row["name"] for row in answer.json()["results"]}

    assert names == {
        "ana": {"Ana"},
        "dr_cole": {"Ana", "Ben"},
        "dr_dane": {"Zoe"},
        "admin_abe": set(),
        "stranger": set(),
    }


def test_staff_account_has_no_diary_of_its_own(dr_cole, client_for):
    answer = client_for(dr_cole).put(
        "/api/v1/diary/2026-11-20/", {"mood": 5}, content_type="application/json"
    )

    assert answer.status_code == 404


def test_revoked_token_opens_nothing(ana, client_for):
    client = client_for(ana.user)
    ApiToken.objects.update(revoked_at=NOW)

    assert client.get("/api/v1/me/").status_code == 401


def test_bens_course_cannot_be_named_for_anas_infusion(
    ana, ben, nurse_nora, client_for
):
    course = ben.courses.create(name="Induction")

    answer = client_for(nurse_nora).post(
        "/api/v1/infusions/",
        BODIES["infusion"](ana) | {"course": str(course.pk)},
        content_type="application/json",
    )

    assert answer.status_code == 404
    assert not ana.infusions.exists()


def test_session_needs_the_csrf_token(ana, session_for):
    client = session_for(ana.user)

    refused = client.put(
        "/api/v1/diary/2026-11-20/", {"mood": 5}, content_type="application/json"
    )
    client.get("/api/v1/session/")
    token = client.cookies["csrftoken"].value
    allowed = client.put(
        "/api/v1/diary/2026-11-20/",
        {"mood": 5},
        content_type="application/json",
        headers={"X-CSRFToken": token},
    )
    foreign = client.put(
        "/api/v1/diary/2026-11-20/",
        {"mood": 5},
        content_type="application/json",
        headers={"X-CSRFToken": token, "Origin": "https://elsewhere.example"},
    )

    assert [refused.status_code, foreign.status_code] == [403, 403]
    assert allowed.status_code in {200, 400}


def test_reads_and_writes_leave_an_audit_row_without_values(ana, dr_cole, client_for):
    save_entry(ana, DAY, mood=6, note="a private thought")

    client_for(dr_cole).get(f"/api/v1/diary/?patient={ana.pk}")

    read = AuditEvent.objects.get(action="read")
    assert (read.actor_id, read.patient_id, read.subject) == (
        dr_cole.pk,
        ana.pk,
        "diary",
    )
    write = AuditEvent.objects.get(action="write")
    assert (write.actor_id, write.detail) == (ana.user.pk, "new")
    assert "private" not in str([event.__dict__ for event in AuditEvent.objects.all()])


def test_token_made_for_a_person_acts_as_that_person(ana, client_for):
    actions.add_api_token(ana.user, "program")

    assert client_for(ana.user).get("/api/v1/me/").json()["name"] == "Ana"


@pytest.mark.parametrize("who", PEOPLE)
def test_scorecards_are_for_the_clinics_staff_and_of_their_clinics(
    people, client_for, who
):
    answer = client_for(people[who]).get("/api/v1/relief/scorecards/")

    seen = {"dr_cole": "Harbour Clinic", "nurse_nora": "Harbour Clinic"}
    seen["dr_dane"] = "Hill Clinic"
    if who in seen:
        names = {row["clinic_name"] for row in answer.json()["results"]}
        assert names == {seen[who]}
    else:
        refused = 401 if who in {"nobody", "deactivated_dov"} else 404
        assert answer.status_code == refused


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("method", ["get", "patch"])
def test_booster_rule_is_the_clinics_own(people, clinic, client_for, who, method):
    call = getattr(client_for(people[who]), method)
    body = {} if method == "get" else {"data": {"booster_cost_late": 2.5}}

    answer = call(
        f"/api/v1/clinics/{clinic.pk}/booster-rule/",
        **body,
        content_type="application/json",
    )

    allowed = {"dr_cole", "admin_abe"} | ({"nurse_nora"} if method == "get" else set())
    if who in allowed:
        assert answer.status_code == 200, answer.content
    else:
        refused = 401 if who in {"nobody", "deactivated_dov"} else 404
        assert answer.status_code == refused
    clinic.refresh_from_db()
    changed = who in {"dr_cole", "admin_abe"} and method == "patch"
    assert clinic.booster_cost_late == (2.5 if changed else 3)
