"""The diary over HTTP: replaying, replacing, conflicts and windows."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import make_patient, save_entry
from tracker.models import DiaryEntry, ReliefMark, Revision

FULL_DAY = {
    "mood": 6,
    "anxiety": 3,
    "pain": 0,
    "sleep_quality": 7,
    "energy": 5,
    "sleep_hours": 7.5,
    "note": "Slept badly, some dizziness after lunch. ñ €",
    "side_effects": [{"code": "dizziness", "severity": 1}],
}


@pytest.fixture
def phone(ana, client_for):
    return client_for(ana.user)


@pytest.fixture
def today(phone) -> date:
    return date.fromisoformat(phone.get("/api/v1/me/").json()["patient"]["today"])


def put(client, day, body, **headers):
    return client.put(
        f"/api/v1/diary/{day}/",
        body,
        content_type="application/json",
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


def test_day_comes_back_as_it_was_sent(phone, today):
    put(phone, today, FULL_DAY)

    day = phone.get(f"/api/v1/diary/{today}/").json()
    assert {name: day[name] for name in FULL_DAY} == FULL_DAY
    assert (day["version"], day["entered_via"], day["by_staff"]) == (1, "phone", False)


def test_same_body_twice_gives_the_same_answer_and_one_row(phone, today):
    first = put(phone, today, FULL_DAY)
    second = put(phone, today, FULL_DAY)

    assert first.content == second.content
    assert first["ETag"] == second["ETag"] == '"1"'
    assert DiaryEntry.objects.count() == 1
    assert [*Revision.objects.values_list("outcome", flat=True)] == ["new", "identical"]


def test_omitted_item_is_blank_and_blank_is_not_zero(phone, today):
    put(phone, today, FULL_DAY)

    day = put(phone, today, {"mood": 0}).json()

    assert day["mood"] == 0
    assert day["pain"] is None
    assert day["side_effects"] is None
    assert day["note"] == ""


def test_mood_of_6_point_0_is_stored_as_6(phone, today):
    answer = phone.put(
        f"/api/v1/diary/{today}/", '{"mood": 6.0}', content_type="application/json"
    )

    assert answer.status_code == 200
    assert answer.content.count(b'"mood": 6,') == 1


def test_list_and_single_day_say_the_same(phone, today):
    odd = FULL_DAY | {"note": 'a "quote", a \\ and a ñ\nnewline </script>'}
    put(phone, today, odd)
    put(phone, today - timedelta(days=1), {"mood": 0, "side_effects": []})

    listed = phone.get("/api/v1/diary/").json()["results"]

    assert listed == [
        phone.get(f"/api/v1/diary/{day['date']}/").json() for day in listed
    ]
    assert listed[0]["note"] == odd["note"]


def test_asked_none_differs_from_not_asked(phone, today):
    none = put(phone, today, {"side_effects": []}).json()
    not_asked = put(phone, today, {"mood": 5}).json()

    assert none["side_effects"] == []
    assert not_asked["side_effects"] is None


def test_last_write_wins_and_the_earlier_stays_in_the_revisions(phone, today):
    put(phone, today, {"mood": 4})
    put(phone, today, {"mood": 6})

    assert DiaryEntry.objects.get().mood == 6
    assert [
        row["mood"] for row in Revision.objects.values_list("content", flat=True)
    ] == [
        4,
        6,
    ]


def test_stale_version_answers_409_with_both_versions(phone, today):
    put(phone, today, {"mood": 4})
    put(phone, today, {"mood": 6})

    answer = put(phone, today, {"mood": 8}, If_Match='"1"')

    assert answer.status_code == 409
    body = answer.json()
    assert (body["code"], body["yours"]["mood"], body["stored"]["mood"]) == (
        "conflict",
        8,
        6,
    )
    assert DiaryEntry.objects.get().mood == 6
    assert Revision.objects.filter(outcome="conflict").get().content["mood"] == 8


def test_replay_of_an_applied_change_is_no_conflict(phone, today):
    put(phone, today, {"mood": 4})
    first = put(phone, today, {"mood": 6}, If_Match='"1"')

    replay = put(phone, today, {"mood": 6}, If_Match='"1"')

    assert (replay.status_code, replay.content) == (200, first.content)


def test_version_zero_says_there_was_none(phone, today):
    assert put(phone, today, {"mood": 4}, If_Match='"0"').status_code == 200
    assert put(phone, today, {"mood": 5}, If_Match='"0"').status_code == 409


@pytest.mark.parametrize("header", ["newest", '"-1"', '"１"', '"99999999999"'])
def test_nonsense_if_match_is_400(phone, today, header):
    assert put(phone, today, {"mood": 4}, If_Match=header).status_code == 400


@pytest.mark.parametrize(
    ("offset", "status"),
    [(1, 400), (0, 200), (-7, 200), (-8, 400)],
    ids=["tomorrow", "today", "limit", "beyond the limit"],
)
def test_phone_is_bound_by_the_back_fill_limit(phone, today, offset, status):
    answer = put(phone, today + timedelta(days=offset), {"mood": 4})

    assert answer.status_code == status
    if status == 400:
        assert answer.json()["problems"][0]["field"] == "date"


def test_phone_is_bound_by_enrolment(clinic, client_for, today):
    new = make_patient("New", clinic, enrolled_on=today - timedelta(days=2))
    client = client_for(new.user)

    assert put(client, today - timedelta(days=2), {"mood": 4}).status_code == 200
    assert put(client, today - timedelta(days=3), {"mood": 4}).status_code == 400


def test_staff_enter_days_before_enrolment_and_it_shows(ana, nurse_nora, client_for):
    client = client_for(nurse_nora)
    day = ana.enrolled_on - timedelta(days=30)

    answer = put(
        client,
        f"{day}",
        {"mood": 3, "entered_via": "paper_sheet"},
    )
    named = client.put(
        f"/api/v1/diary/{day}/?patient={ana.pk}",
        {"mood": 3, "entered_via": "paper_sheet"},
        content_type="application/json",
    )

    assert answer.status_code == 404
    assert named.status_code == 200
    entry = DiaryEntry.objects.get()
    assert (entry.source, entry.written_by, entry.patient) == (
        "paper_sheet",
        nurse_nora,
        ana,
    )
    assert named.json()["by_staff"] is True


def test_staff_are_bound_by_birth(ana, nurse_nora, client_for):
    answer = client_for(nurse_nora).put(
        f"/api/v1/diary/{ana.born_on - timedelta(days=1)}/?patient={ana.pk}",
        {"mood": 3, "entered_via": "paper_sheet"},
        content_type="application/json",
    )

    assert answer.status_code == 400


def test_staff_must_say_how_they_were_told(ana, nurse_nora, client_for, today):
    answer = client_for(nurse_nora).put(
        f"/api/v1/diary/{today}/?patient={ana.pk}",
        {"mood": 3},
        content_type="application/json",
    )

    assert answer.json()["problems"][0]["field"] == "entered_via"


def test_patient_cannot_pass_for_staff(phone, today):
    answer = put(phone, today, {"mood": 3, "entered_via": "phone_call"})

    assert answer.status_code == 403


@pytest.mark.parametrize("state", ["discharged", "transferred", "deceased"])
def test_closed_diary_takes_nothing_from_the_phone(ana, phone, today, state):
    ana.state = state
    ana.save()

    assert put(phone, today, {"mood": 3}).status_code == 403
    assert phone.get("/api/v1/diary/").status_code == 200


def test_day_written_later_says_how_much(phone, today):
    late = put(phone, today - timedelta(days=3), {"mood": 4}).json()
    edited = put(phone, today - timedelta(days=3), {"mood": 5}).json()

    assert (late["days_late"], edited["days_late"]) == (3, 3)


def test_device_clock_is_kept_and_not_trusted(phone, today):
    put(
        phone,
        today,
        {
            "mood": 4,
            "device_id": "018f0000-0000-7000-8000-000000000000",
            "written_at": "1970-01-01T00:00:00Z",
            "time_zone": "Pacific/Apia",
        },
    )

    revision = Revision.objects.get()
    assert revision.written_at.year == 1970
    assert revision.device_zone == "Pacific/Apia"
    assert revision.diary_zone == "Europe/Madrid"
    assert DiaryEntry.objects.get().created_at.year > 2020


def test_later_change_of_zone_moves_no_old_date(ana, phone, today):
    put(phone, today, {"mood": 4})

    phone.patch(
        "/api/v1/me/",
        {"time_zone": "Pacific/Kiritimati", "day_start": "05:00"},
        content_type="application/json",
    )

    assert [day["date"] for day in phone.get("/api/v1/diary/").json()["results"]] == [
        today.isoformat()
    ]


def test_saving_leaves_one_mark_a_patient(ana, phone, today):
    put(phone, today, {"mood": 4})
    put(phone, today, {"mood": 5})

    assert ReliefMark.objects.get(patient=ana).marks == 2


def test_saving_takes_at_most_five_statements(phone, today):
    put(phone, today, FULL_DAY)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        put(phone, today, FULL_DAY | {"mood": 1})

    statements = [
        query["sql"]
        for query in queries
        if not query["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))
        and "tracker_apitoken" not in query["sql"]
    ]
    assert len(statements) <= 5, statements


def test_list_of_a_hundred_days_takes_three_statements(ana, phone):
    first = ana.enrolled_on
    for day in range(100):
        save_entry(ana, first + timedelta(days=day), mood=day % 11)

    with CaptureQueriesContext(connection) as queries:
        answer = phone.get(
            f"/api/v1/diary/?from={first}&to={first + timedelta(days=99)}"
        )

    days = answer.json()["results"]
    assert len(days) == 100
    assert days == sorted(days, key=lambda day: day["date"], reverse=True)
    assert len(queries) <= 3


@pytest.mark.parametrize(
    "query",
    [
        "from=2026-13-01",
        "from=2026-02-02&to=2026-01-01",
        "from=x",
        "from=2000-01-01&to=2026-01-01",
    ],
)
def test_bad_range_is_400(phone, query):
    assert phone.get(f"/api/v1/diary/?{query}").status_code == 400


def test_answers_are_kept_by_no_cache(phone, today):
    put(phone, today, {"mood": 4})

    assert phone.get("/api/v1/diary/")["Cache-Control"] == "private, no-store"


def test_refused_values_reach_no_log(phone, today, caplog):
    put(phone, today, {"mood": 4, "note": "x" * 501})
    put(phone, today, {"note": "secret thought", "mood": 99})

    assert "secret thought" not in caplog.text
    assert "99" not in caplog.text
