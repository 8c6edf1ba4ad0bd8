"""Bodies from strangers: one refusal in one shape, nothing stored, never a 500."""

import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.urls import URLResolver, get_resolver

from tests.factories import NOW, give_infusion
from tracker import actions
from tracker.models import DiaryEntry, Infusion, Patient, Revision, User


def nested(depth: int) -> bytes:
    return b'{"mood":' + b"[" * depth + b"]" * depth + b"}"


# Syntax that no JSON endpoint accepts, whatever its fields are.
UNREADABLE = {
    "literal NaN": b'{"mood": NaN}',
    "literal Infinity": b'{"mood": -Infinity}',
    "1e999": b'{"mood": 1e999}',
    "1e999 inside a list": b'{"side_effects": [1e999]}',
    "NUL in text": b'{"note": "a\\u0000b"}',
    "NUL inside a list": b'{"side_effects": ["a\\u0000b"]}',
    "lone surrogate in text": b'{"note": "\\ud800"}',
    "lone surrogate inside a list": b'{"side_effects": ["\\udfff"]}',
    "lone surrogate in a name": b'{"\\ud800": 1}',
    "5,000 digits": b'{"mood": ' + b"9" * 5000 + b"}",
    "nested 5,000 deep": nested(5000),
    "nested 100,000 deep": nested(100_000),
    "duplicate keys": b'{"mood": 1, "mood": 2}',
    "a list": b"[]",
    "a number": b"1",
    "null": b"null",
    "nothing": b"",
    "invalid UTF-8": b'{"note": "\xff\xfe"}',
    "UTF-16": '{"mood": 6}'.encode("utf-16"),
    "byte-order mark": b'\xef\xbb\xbf{"mood": 6}',
    "half a body": b'{"mood": 6',
    "id in the body": b'{"id_": "x", "mood": 6}',
    "created in the body": b'{"created": "2026-01-01"}',
    "is_staff in the body": b'{"is_staff": true}',
}

# What is wrong with a diary day in particular.
BAD_DAYS = {
    "mood as text": {"mood": "6"},
    "mood as NaN text": {"mood": "NaN"},
    "mood as Infinity text": {"mood": "Infinity"},
    "mood of 10**30": {"mood": 10**30},
    "mood below zero": {"mood": -1},
    "mood of 11": {"mood": 11},
    "mood true": {"mood": True},
    "mood of six and a half": {"mood": 6.5},
    "sleep of 25 hours": {"sleep_hours": 25},
    "sleep as text": {"sleep_hours": "7"},
    "side effects as an object": {"side_effects": {}},
    "side effects as null": {"side_effects": None},
    "side effects as 1 MB of text": {"side_effects": "x" * 1_000_000},
    "an unknown side effect": {"side_effects": [{"code": "joy", "severity": 1}]},
    "severity of 4": {"side_effects": [{"code": "nausea", "severity": 4}]},
    "a side effect twice": {
        "side_effects": [{"code": "nausea", "severity": 1}] * 2,
    },
    "a note too long": {"note": "x" * 501},
    "a note that is a number": {"note": 5},
    "id": {"id": "018f0000-0000-7000-8000-000000000000"},
    "clinic": {"clinic": "018f0000-0000-7000-8000-000000000000"},
    "another patient": {"patient": "018f0000-0000-7000-8000-000000000000"},
    "a device id that is none": {"device_id": "phone"},
    "a device clock without offset": {"written_at": "2026-11-24T10:00:00"},
    "a zone that is none": {"time_zone": "Mars/Olympus"},
}
BAD_DATES = (
    "0000-00-00",
    "9999-12-31",
    "2999-01-01",
    "2026-02-30",
    "2026-11-24T10:00:00",
    "٢٠٢٦-١١-٢٤",
    "２０２６-１１-２４",
    "20261124",
    "yesterday",
)


@dataclass
class Endpoint:
    method: str
    path: str
    by: User | None


@pytest.fixture
def endpoints(ana, ben, nurse_nora, dr_cole) -> dict[str, Endpoint]:
    """Every writing address, by the route it is found under."""
    infusion = give_infusion(ben, nurse_nora, NOW.date())
    api = "/api/v1"
    return {
        "v1/session/": Endpoint("post", f"{api}/session/", None),
        "v1/session/code/": Endpoint("post", f"{api}/session/code/", None),
        "v1/session/code/confirm/": Endpoint(
            "post", f"{api}/session/code/confirm/", None
        ),
        "v1/session/passkey/": Endpoint("post", f"{api}/session/passkey/", None),
        "v1/invitations/check/": Endpoint("post", f"{api}/invitations/check/", None),
        "v1/invitations/accept/": Endpoint("post", f"{api}/invitations/accept/", None),
        "v1/me/": Endpoint("patch", f"{api}/me/", ana.user),
        "v1/diary/<str:day>/": Endpoint("put", f"{api}/diary/2026-11-20/", ana.user),
        "v1/sync/": Endpoint("post", f"{api}/sync/", ana.user),
        "v1/infusions/": Endpoint("post", f"{api}/infusions/", nurse_nora),
        "v1/infusions/<uuid:infusion_id>/": Endpoint(
            "patch", f"{api}/infusions/{infusion.pk}/", nurse_nora
        ),
        "v1/infusions/<uuid:infusion_id>/cancel/": Endpoint(
            "post", f"{api}/infusions/{infusion.pk}/cancel/", nurse_nora
        ),
        "v1/clinics/<uuid:clinic_id>/booster-rule/": Endpoint(
            "patch", f"{api}/clinics/{ana.clinic_id}/booster-rule/", dr_cole
        ),
        "v1/clinics/<uuid:clinic_id>/crisis-lines/": Endpoint(
            "put", f"{api}/clinics/{ana.clinic_id}/crisis-lines/", dr_cole
        ),
        "v1/reminders/subscribe/": Endpoint(
            "post", f"{api}/reminders/subscribe/", ana.user
        ),
        "v1/reminders/unsubscribe/": Endpoint(
            "post", f"{api}/reminders/unsubscribe/", ana.user
        ),
        "v1/reminders/answer/": Endpoint("post", f"{api}/reminders/answer/", None),
        "v1/safety/plan/": Endpoint("put", f"{api}/safety/plan/", ana.user),
        "v1/patients/": Endpoint("post", f"{api}/patients/", nurse_nora),
        "v1/patients/<uuid:patient_id>/state/": Endpoint(
            "post", f"{api}/patients/{ana.pk}/state/", nurse_nora
        ),
    }


# These take no body, or answer reads only.
NO_BODY = {
    "v1/diary/",
    "v1/diary/<str:day>/history/",
    "v1/infusions/",
    "v1/patients/<uuid:patient_id>/",
    "v1/patients/<uuid:patient_id>/invitation/",
    "v1/patients/<uuid:patient_id>/sessions/",
    "v1/passkeys/",
    "v1/passkeys/options/",
    "v1/passkeys/<int:passkey_id>/",
    "v1/sessions/",
    "v1/sessions/<int:session_id>/",
    "v1/reminders/key/",
    "v1/reminders/stop/<str:token>/",
    "v1/reminders/try/",
    "v1/safety/",
    "v1/side-effects/",
    "v1/side-effects/vocabulary/",
    "v1/relief/",
    "v1/relief/scorecards/",
    "schema/",
    "docs/",
}


def routes(resolver: URLResolver, prefix: str = "") -> set[str]:
    found: set[str] = set()
    for part in resolver.url_patterns:
        path = prefix + str(part.pattern)
        found |= routes(part, path) if isinstance(part, URLResolver) else {path}
    return found


def test_every_route_of_the_api_is_known_here(endpoints):
    found = {path.removeprefix("^/") for path in routes(get_resolver("api.urls"))}

    assert found == set(endpoints) | NO_BODY


def counts() -> tuple[int, ...]:
    kinds = (DiaryEntry, Revision, Infusion, Patient, User)
    return tuple(kind.objects.count() for kind in kinds)


def send(client, endpoint: Endpoint, body: bytes, content_type="application/json"):
    call: Callable = getattr(client, endpoint.method)
    return call(endpoint.path, body, content_type=content_type)


def assert_refused(answer, status: int) -> dict:
    assert answer.status_code == status, answer.content[:300]
    assert answer["Content-Type"].startswith("application/json")
    body = answer.json()
    assert body["code"]
    assert body["message"]
    for problem in body["problems"]:
        assert problem.keys() == {"field", "rule", "value", "message"}
        assert problem["rule"]
    return body


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE)
def test_unreadable_body_is_refused_everywhere(endpoints, client_for, body):
    before = counts()

    for endpoint in endpoints.values():
        answer = send(client_for(endpoint.by), endpoint, body)

        refusal = assert_refused(answer, 400)
        assert refusal["problems"]
    assert counts() == before


def test_form_content_type_is_415_everywhere(endpoints, client_for):
    for endpoint in endpoints.values():
        answer = send(
            client_for(endpoint.by),
            endpoint,
            b"mood=6",
            "application/x-www-form-urlencoded",
        )
        assert_refused(answer, 415)


def test_body_of_3_mb_is_413_everywhere(endpoints, client_for):
    body = json.dumps({"note": "x" * 3_000_000}).encode()

    for endpoint in endpoints.values():
        assert_refused(send(client_for(endpoint.by), endpoint, body), 413)


@pytest.mark.parametrize("day", BAD_DAYS.values(), ids=BAD_DAYS)
def test_bad_day_is_refused_with_field_rule_and_value(ana, client_for, day):
    answer = client_for(ana.user).put(
        "/api/v1/diary/2026-11-20/", json.dumps(day), content_type="application/json"
    )

    body = assert_refused(answer, 400)
    assert body["problems"][0]["field"].split(".")[0] == next(iter(day))
    assert not DiaryEntry.objects.exists()
    assert not Revision.objects.exists()


@pytest.mark.parametrize("date", BAD_DATES)
def test_bad_date_is_refused(ana, client_for, date):
    answer = client_for(ana.user).put(
        f"/api/v1/diary/{date}/", {"mood": 6}, content_type="application/json"
    )

    assert_refused(answer, 400)
    assert not DiaryEntry.objects.exists()


def test_every_bad_field_is_named_at_once(ana, client_for):
    answer = client_for(ana.user).put(
        "/api/v1/diary/2026-11-20/",
        {"mood": 11, "pain": -1, "colour": "blue"},
        content_type="application/json",
    )

    fields = {problem["field"] for problem in answer.json()["problems"]}
    assert fields == {"mood", "pain", "colour"}


def test_password_is_never_repeated(ana, client_for):
    token = actions.invite(None, ana.user, now=NOW)

    answer = client_for(None).post(
        "/api/v1/invitations/accept/",
        {"token": token, "password": "short"},
        content_type="application/json",
    )

    assert answer.status_code in {400, 404}
    assert "short" not in [problem["value"] for problem in answer.json()["problems"]]
