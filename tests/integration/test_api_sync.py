"""What a phone sends after time without signal: nothing lost, nothing doubled."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.utils import timezone

from tests.factories import save_entry
from tracker import diary_bulk
from tracker.frames import diary_frame
from tracker.ids import uuid7
from tracker.models import AuditEvent, DiaryEntry, Revision

DEVICE = str(uuid4())


@pytest.fixture
def today(ana):
    return ana.diary_date(timezone.now())


@pytest.fixture
def sync(ana, client_for):
    client = client_for(ana.user)

    def send(*changes, device=DEVICE, clock=None, cursor=0, status=200):
        body = {
            "device_id": device,
            "device_time": (clock or timezone.now()).isoformat(),
            "time_zone": "Europe/Madrid",
            "cursor": cursor,
            "changes": list(changes),
        }
        answer = client.post("/api/v1/sync/", body, content_type="application/json")
        assert answer.status_code == status, answer.content
        return answer.json()

    return send


def change(on, based_on=0, act="write", written_at=None, key=None, follows=(), **day):
    return {
        "id": str(key or uuid7()),
        "act": act,
        "date": str(on),
        "based_on": based_on,
        "written_at": (written_at or timezone.now()).isoformat(),
        "follows": [str(one) for one in follows],
        **({"day": day} if act == "write" else {}),
    }


def outcomes(answer):
    return [one["outcome"] for one in answer["answers"]]


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


def test_the_cursor_brings_what_changed_elsewhere(sync, today, ana):
    before = sync(change(today, mood=5))["cursor"]
    save_entry(ana, today - timedelta(days=1), mood=3)
    yesterday = str(today - timedelta(days=1))

    answer = sync(cursor=before)

    assert [day["date"] for day in answer["days"]] == [yesterday]
    assert sync(cursor=answer["cursor"])["days"] == []


def test_without_a_cursor_nothing_is_fetched(sync, today, ana):
    save_entry(ana, today - timedelta(days=1), mood=3)

    answer = sync(change(today, mood=5), cursor=None)

    assert outcomes(answer) == ["new"]
    assert (answer["days"], answer["cursor"]) == ([], None)


def test_a_new_phone_gets_the_whole_diary_in_parts(sync, today, ana, monkeypatch):
    monkeypatch.setattr("tracker.actions.sync.DAYS_PER_ANSWER", 4)
    for ago in range(10):
        save_entry(ana, today - timedelta(days=ago), mood=3)

    seen, answer = [], sync()
    while True:
        seen += [day["date"] for day in answer["days"]]
        if not answer["has_more"]:
            break
        answer = sync(cursor=answer["cursor"])

    assert sorted(seen) == sorted(str(today - timedelta(days=ago)) for ago in range(10))


def test_paging_ends_and_misses_nothing_while_days_change_underneath(
    sync, today, ana, monkeypatch
):
    """All days carry one moment: a page is found by the count, not by a clock."""
    monkeypatch.setattr("tracker.actions.sync.DAYS_PER_ANSWER", 5)
    days = [today - timedelta(days=ago) for ago in range(40)]
    for day in days:
        save_entry(ana, day, mood=3)
    DiaryEntry.objects.update(updated_at=timezone.now())
    kept, pages, answer = {}, 0, sync()
    while True:
        kept |= {day["date"]: day["mood"] for day in answer["days"]}
        for stone in answer["deleted"]:
            kept.pop(stone["date"], None)
        pages += 1
        if not answer["has_more"]:
            break
        if pages <= 4:
            # One that was seen is changed, and one that may not have been is deleted.
            save_entry(ana, days[-pages], mood=9)
            entry = DiaryEntry.objects.get(date=days[pages])
            sync(change(days[pages], entry.version, act="delete"), cursor=None)
        answer = sync(cursor=answer["cursor"])

    stored = DiaryEntry.objects.values_list("date", "mood")
    assert kept == {str(on): mood for on, mood in stored}
    assert len(kept) == 36
    assert pages < 14


def test_a_device_that_knows_more_than_the_server_begins_anew(sync, today):
    sync(change(today, mood=5))

    answer = sync(cursor=9000)

    assert answer["is_reset"]
    assert [day["mood"] for day in answer["days"]] == [5]


def test_a_deleted_day_is_gone_everywhere_and_told_to_other_devices(
    ana, sync, today, client_for, dr_cole
):
    cursor = sync(change(today, mood=5, note="private"))["cursor"]

    answer = sync(change(today, based_on=1, act="delete"))

    assert outcomes(answer) == ["deleted"]
    assert answer["answers"][0]["day"] is None
    told = sync(cursor=cursor)
    assert [day["date"] for day in told["deleted"]] == [str(today)]
    assert told["days"] == []
    reader = client_for(dr_cole)
    assert reader.get(f"/api/v1/diary/?patient={ana.pk}").json()["results"] == []
    assert reader.get(f"/api/v1/diary/{today}/?patient={ana.pk}").status_code == 404
    assert diary_frame([ana.pk]).empty


def test_a_deleted_day_is_not_brought_back_by_a_device_that_did_not_know(sync, today):
    sync(change(today, mood=5))
    sync(change(today, based_on=1, act="delete"))

    late = change(today, based_on=1, mood=7)
    answer = sync(late, device=str(uuid4()))["answers"][0]

    assert answer["outcome"] == "conflict"
    assert answer["deleted"]["version"] == 2
    assert not DiaryEntry.objects.exists()


def test_a_deleted_day_can_be_restored_or_written_anew(sync, today):
    sync(change(today, mood=5, note="private"))
    sync(change(today, based_on=1, act="delete"))

    restored = sync(change(today, based_on=2, act="restore"))

    assert outcomes(restored) == ["restored"]
    assert restored["answers"][0]["day"]["note"] == "private"
    sync(change(today, based_on=3, act="delete"))
    assert outcomes(sync(change(today, based_on=4, mood=8))) == ["changed"]
    assert DiaryEntry.objects.get().version == 5


def test_a_day_deleted_long_ago_stays_deleted(sync, today):
    sync(change(today, mood=5))
    sync(change(today, based_on=1, act="delete"))
    DiaryEntry.with_deleted.update(deleted_at=timezone.now() - timedelta(days=31))

    assert outcomes(sync(change(today, based_on=2, act="restore"))) == ["refused"]


def test_deleting_what_changed_elsewhere_asks_first(sync, today):
    sync(change(today, mood=5))
    sync(change(today, based_on=1, mood=6), device=str(uuid4()))

    answer = sync(change(today, based_on=1, act="delete"))

    assert outcomes(answer) == ["conflict"]
    assert DiaryEntry.objects.get().mood == 6


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
