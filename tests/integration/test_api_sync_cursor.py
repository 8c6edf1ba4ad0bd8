"""What other devices are told: by a count, with what was deleted among it."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from tests.changes import change, outcomes
from tests.factories import save_entry
from tracker.frames import diary_frame
from tracker.models import DiaryEntry


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
