"""Beginning a real installation, and letting people in."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tracker.access import clinics_run_by, is_clinical
from tracker.models import Clinic, Invitation, User

ANSWERS = (
    "--clinic=Harbour Clinic",
    "--zone=Europe/Madrid",
    "--admin-name=Abe",
    "--admin-email=Abe@Clinic.example",
)


def run(name: str, *options: str) -> str:
    out = StringIO()
    call_command(name, *options, stdout=out)
    return out.getvalue()


def token_in(text: str) -> str:
    found = re.search(r"/welcome#(\S+)", text)
    assert found
    return found[1]


def test_setup_makes_the_first_clinic_and_administrator(db, client):
    token = token_in(run("setup", *ANSWERS))

    answer = client.post(
        "/api/v1/invitations/accept/",
        {"token": token, "password": "three calm words"},
        content_type="application/json",
    )

    assert answer.status_code == 200
    user = User.objects.get(email="abe@clinic.example")
    assert clinics_run_by(user).get().name == "Harbour Clinic"
    assert not is_clinical(user)


def test_setup_refuses_beside_a_clinic(clinic):
    with pytest.raises(CommandError, match="There is a clinic already"):
        run("setup", *ANSWERS)
    assert Clinic.objects.count() == 1


@pytest.mark.parametrize(
    "bad", ["--zone=Mars/Olympus", "--admin-email=abe", "--clinic="]
)
def test_setup_refuses_a_bad_answer_and_changes_nothing(db, bad):
    with pytest.raises(CommandError, match="Nothing was changed"):
        run("setup", *ANSWERS, bad)
    assert not Clinic.objects.exists()


def test_clinician_is_invited_and_link_works_once(clinic, client):
    token = token_in(
        run("invite", "cole@clinic.example", "--name=Cole", "--role=clinician")
    )
    body = {"token": token, "password": "three calm words"}

    first = client.post("/api/v1/invitations/accept/", body, "application/json")
    second = client.post("/api/v1/invitations/accept/", body, "application/json")

    assert [first.status_code, second.status_code] == [200, 404]
    assert is_clinical(User.objects.get(email="cole@clinic.example"))


def test_new_link_ends_the_old_one(clinic, client):
    old = token_in(run("invite", "cole@clinic.example", "--name=C", "--role=clinician"))
    run("invite", "cole@clinic.example")

    answer = client.post(
        "/api/v1/invitations/check/", {"token": old}, "application/json"
    )

    assert answer.status_code == 404
    assert Invitation.objects.count() == 2


@pytest.mark.parametrize("password", ["short", "password123", "cole@clinic.example"])
def test_weak_password_is_refused_with_its_rule(clinic, client, password):
    token = token_in(
        run("invite", "cole@clinic.example", "--name=C", "--role=clinician")
    )

    answer = client.post(
        "/api/v1/invitations/accept/",
        {"token": token, "password": password},
        "application/json",
    )

    problem = answer.json()["problems"][0]
    assert (answer.status_code, problem["field"], problem["value"]) == (
        400,
        "password",
        None,
    )


def test_api_token_is_shown_once_and_works(ana, client):
    token = run("api_token", ana.user.email, "notebook").strip()

    answer = client.get("/api/v1/me/", headers={"Authorization": f"Bearer {token}"})

    assert answer.json()["name"] == "Ana"


def test_ninth_attempt_is_throttled_even_with_the_right_password(ana, client):
    from tests.factories import PASSWORD

    def attempt(password: str):
        return client.post(
            "/api/v1/session/",
            {"email": ana.user.email, "password": password},
            "application/json",
        )

    wrong = [attempt("not it at all").status_code for _ in range(8)]
    right = attempt(PASSWORD)

    assert wrong == [400] * 8
    assert right.status_code == 429
    assert int(right["Retry-After"]) > 0


def test_unknown_address_and_wrong_password_answer_alike(ana, client):
    answers = [
        client.post(
            "/api/v1/session/",
            {"email": email, "password": "not it at all"},
            "application/json",
        ).json()
        for email in (ana.user.email, "nobody@test.example")
    ]

    assert answers[0] == answers[1]


def test_session_key_changes_on_signing_in(ana, client):
    from tests.factories import PASSWORD

    client.get("/api/v1/session/")
    client.session["mark"] = 1
    before = client.session.session_key

    client.post(
        "/api/v1/session/",
        {"email": ana.user.email, "password": PASSWORD},
        "application/json",
    )

    assert client.session.session_key != before
