"""What a phone sends after time without signal: nothing lost, nothing doubled."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.utils import timezone

from tests.changes import DEVICE, change, outcomes
from tests.factories import save_entry
from tracker import diary_bulk
from tracker.models import AuditEvent, DiaryEntry, Revision


def test_changes_are_answered_in_the_order_sent(ana, sync, today):
    days = [today - timedelta(days=ago) for ago in (2, 0, 1)]

    answer = sync(*(change(day, mood=5) for day in days))

    assert outcomes(answer) == ["new", "new", "new"]
    assert [one["day"]["date"] for one in answer["answers"]] == [str(d) for d in days]
    assert DiaryEntry.objects.count() == 3


def test_an_answer_is_the_day_as_the_diary_tells_it(ana, sync, today, client_for):
    sent = {"mood": 5, "sleep_hours": 7.5, "note": "rain", "side_effects": []}

    answer = sync(change(today, **sent))

    listed = client_for(ana.user).get("/api/v1/diary/").json()["results"]
    assert listed == [answer["answers"][0]["day"]]


def test_a_change_sent_again_is_answered_again_and_done_once(sync, today):
    one = change(today, mood=5)

    first, second = sync(one), sync(one)

    assert outcomes(first) == ["new"]
    assert first["answers"] == second["answers"]
    assert Revision.objects.count() == 1


def test_a_change_twice_in_one_batch_is_done_once(sync, today):
    one = change(today, mood=5)

    assert outcomes(sync(one, one)) == ["new", "new"]
    assert Revision.objects.count() == 1


def test_a_key_with_other_content_is_refused(ana, sync, today):
    one = change(today, mood=5)
    sync(one)

    answer = sync({**one, "day": {"mood": 9}})

    assert outcomes(answer) == ["refused"]
    assert answer["answers"][0]["refusal"]["problems"][0]["field"] == "id"
    assert DiaryEntry.objects.get().mood == 5


def test_the_key_of_another_patients_change_tells_nothing(ben, sync, today):
    save_entry(ben, today, mood=7)
    theirs = Revision.objects.get().pk

    answer = sync(change(today, key=theirs, mood=1))

    assert outcomes(answer) == ["refused"]
    assert "7" not in answer["answers"][0]["refusal"]["message"]
    assert DiaryEntry.objects.get().patient == ben


def test_different_items_from_two_devices_are_merged(sync, today):
    sync(change(today, mood=4, pain=3))

    sync(change(today, based_on=1, mood=6, pain=3), device=str(uuid4()))
    answer = sync(change(today, based_on=1, mood=4, pain=1))

    assert outcomes(answer) == ["merged"]
    entry = DiaryEntry.objects.get()
    assert (entry.mood, entry.pain, entry.version) == (6, 1, 3)


def test_one_item_from_two_devices_is_a_conflict_and_both_are_kept(sync, today):
    sync(change(today, mood=4))
    sync(change(today, based_on=1, mood=6), device=str(uuid4()))

    answer = sync(change(today, based_on=1, mood=2))["answers"][0]

    assert (answer["outcome"], answer["clashes"]) == ("conflict", ["mood"])
    assert answer["day"]["mood"] == DiaryEntry.objects.get().mood == 6
    kept = Revision.objects.get(outcome="conflict")
    assert kept.content["mood"] == 2


def test_the_choice_after_a_conflict_is_stored(sync, today):
    sync(change(today, mood=4))
    sync(change(today, based_on=1, mood=6), device=str(uuid4()))
    asked = sync(change(today, based_on=1, mood=2))["answers"][0]

    answer = sync(change(today, based_on=asked["day"]["version"], mood=2))

    assert outcomes(answer) == ["changed"]
    assert DiaryEntry.objects.get().mood == 2


def test_a_conflict_sent_again_is_a_conflict_again(sync, today):
    sync(change(today, mood=4))
    sync(change(today, based_on=1, mood=6), device=str(uuid4()))
    one = change(today, based_on=1, mood=2)

    assert outcomes(sync(one)) == outcomes(sync(one)) == ["conflict"]
    assert Revision.objects.count() == 3


def test_a_device_is_not_in_conflict_with_its_own_lost_answer(sync, today):
    first = change(today, mood=4)
    sync(first)  # the answer never reaches the phone

    answer = sync(change(today, follows=[first["id"]], mood=5))

    assert outcomes(answer) == ["changed"]
    assert DiaryEntry.objects.get().mood == 5


def test_a_request_overtaken_by_its_successor_undoes_nothing(sync, today):
    first = change(today, mood=4)
    sync(change(today, follows=[first["id"]], mood=5))

    assert outcomes(sync(first)) == ["conflict"]
    assert DiaryEntry.objects.get().mood == 5


def test_a_refused_change_holds_up_no_other(sync, today):
    answer = sync(
        change(today, mood=11),
        change(today - timedelta(days=1), mood=5),
        {"id": "x", "date": "never"},
        change(today + timedelta(days=2), mood=5),
        7,
    )

    assert outcomes(answer) == ["refused", "new", "refused", "refused", "refused"]
    problem = answer["answers"][0]["refusal"]["problems"][0]
    assert (problem["field"], problem["value"]) == ("changes.0.mood", 11)
    assert answer["answers"][2]["id"] == "x"
    assert answer["answers"][4]["id"] is None
    assert DiaryEntry.objects.count() == 1


def test_a_passing_fault_is_503_and_changes_nothing(sync, today, monkeypatch):
    def fail(rows):
        raise OperationalError("database is locked")

    monkeypatch.setattr(diary_bulk, "store_revisions", fail)
    sync(change(today, mood=5), status=503)
    assert not DiaryEntry.with_deleted.exists()

    monkeypatch.undo()
    assert outcomes(sync(change(today, mood=5))) == ["new"]


def test_what_was_written_in_time_is_taken_weeks_later(ana, sync, today):
    ana.clinic.back_fill_days = 7
    ana.clinic.save()
    on = today - timedelta(days=21)
    written = datetime.combine(on, datetime.min.time(), UTC) + timedelta(hours=19)

    in_time = change(on, written_at=written, mood=4)
    too_late = change(on - timedelta(days=10), written_at=written, mood=4)

    assert outcomes(sync(in_time, too_late)) == ["new", "refused"]
    assert DiaryEntry.objects.get().days_late == 0


@pytest.mark.parametrize("wrong_by", [timedelta(days=-3), timedelta(hours=2)])
def test_a_wrong_clock_is_measured_and_the_day_marked(sync, today, wrong_by):
    clock = timezone.now() + wrong_by

    answer = sync(change(today, written_at=clock, mood=4), clock=clock)

    assert outcomes(answer) == ["new"]
    assert abs(answer["clock_skew_s"] - wrong_by.total_seconds()) < 5
    entry, revision = DiaryEntry.objects.get(), Revision.objects.get()
    assert entry.clock_doubtful
    assert revision.clock_doubtful
    assert entry.days_late == 0
    assert abs(revision.clock_skew_s - wrong_by.total_seconds()) < 5


def test_a_time_that_cannot_be_is_kept_and_marked(ana, sync, today):
    ana.clinic.back_fill_days = 7
    ana.clinic.save()
    on = today - timedelta(days=20)
    never = timezone.now() + timedelta(days=900)

    answer = sync(change(on, written_at=never, mood=4))

    assert outcomes(answer) == ["new"]
    entry = DiaryEntry.objects.get()
    assert entry.clock_doubtful
    assert entry.days_late == 20


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("device_id", "phone"),
        ("device_time", "now"),
        ("time_zone", "Mars/Olympus"),
        ("cursor", -1),
        ("changes", {}),
        ("changes", [{}] * 101),
        ("patient", "018f0000-0000-7000-8000-000000000000"),
    ],
)
def test_a_bad_batch_is_refused_whole_and_names_the_field(
    ana, client_for, today, field, value
):
    body = {
        "device_id": DEVICE,
        "device_time": timezone.now().isoformat(),
        "time_zone": "Europe/Madrid",
        "changes": [change(today, mood=5)],
    }

    answer = client_for(ana.user).post(
        "/api/v1/sync/", {**body, field: value}, content_type="application/json"
    )

    assert answer.status_code == 400
    assert answer.json()["problems"][0]["field"] == field
    assert not DiaryEntry.objects.exists()


@pytest.mark.parametrize("who", ["dr_cole", "nurse_nora", "admin_abe", "stranger"])
def test_only_a_patient_has_a_diary_to_sync(request, client_for, today, who):
    body = {
        "device_id": DEVICE,
        "device_time": timezone.now().isoformat(),
        "time_zone": "Europe/Madrid",
        "changes": [change(today, mood=5)],
    }

    answer = client_for(request.getfixturevalue(who)).post(
        "/api/v1/sync/", body, content_type="application/json"
    )

    assert answer.status_code == 404
    assert not Revision.objects.exists()


def test_a_closed_diary_refuses_each_change(ana, sync, today):
    ana.state = "discharged"
    ana.save()

    answer = sync(change(today, mood=5))

    assert answer["answers"][0]["refusal"]["code"] == "forbidden"


def test_every_change_and_every_read_is_audited(ana, sync, today):
    sync(change(today, mood=5), change(today - timedelta(days=1), mood=5))
    sync(cursor=1)

    written = AuditEvent.objects.filter(action="write", patient_id=ana.pk)
    assert written.count() == 2
    assert AuditEvent.objects.filter(action="read", patient_id=ana.pk).count() == 1


def test_a_batch_costs_the_same_statements_whatever_its_size(
    sync, today, django_assert_max_num_queries
):
    with django_assert_max_num_queries(14):
        sync(*(change(today - timedelta(days=ago), mood=5) for ago in range(7)))


def test_made_versions_count_up_by_one(sync, today):
    for mood in range(5):
        sync(change(today, based_on=mood, mood=mood))

    versions = Revision.objects.order_by("version").values_list("version", flat=True)
    assert [*versions] == [1, 2, 3, 4, 5]


def test_the_history_of_a_day_keeps_both_sides_of_a_conflict(
    ana, sync, today, client_for
):
    sync(change(today, mood=4))
    sync(change(today, based_on=1, mood=6), device=str(uuid4()))
    sync(change(today, based_on=1, mood=2))

    history = client_for(ana.user).get(f"/api/v1/diary/{today}/history/")

    rows = history.json()["results"]
    assert [(row["outcome"], row["day"]["mood"]) for row in rows] == [
        ("new", 4),
        ("changed", 6),
        ("conflict", 2),
    ]
    assert rows[0]["device_id"] == DEVICE


def test_a_day_nobody_wrote_has_no_history(ana, today, client_for):
    answer = client_for(ana.user).get(f"/api/v1/diary/{today}/history/")

    assert answer.status_code == 404
