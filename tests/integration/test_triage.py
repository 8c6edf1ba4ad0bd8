"""Who waits, who may act on it, and what comes back when there is more."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from dashboard import caseload
from dashboard.caseload import Filters, page_of
from dashboard.pages import notes, reasons, views
from tests.factories import give_infusion, make_patient, save_entry
from tracker import actions
from tracker.models import AuditEvent, SavedView, TriageItem
from tracker.problems import Invalid, NotAllowed, NotFound
from tracker.relief_refresh import refresh_marked, refresh_patient

CHEST_PAIN = (("chest-pain", 2),)


def today_of(patient):
    return patient.diary_date(timezone.now())


@pytest.fixture
def flagged(ana):
    """Ana reported chest pain today, and has been brought up to date."""
    save_entry(ana, today_of(ana), mood=3, side_effects=CHEST_PAIN)
    refresh_patient(ana, now=timezone.now())
    return ana


def names(user, **filters):
    page = page_of(user, Filters(**filters), now=timezone.now())
    return [line.patient.name for line in page.lines]


def reasons_shown(user, patient):
    page = page_of(user, now=timezone.now())
    [line] = [line for line in page.lines if line.patient == patient]
    return [one.text for one in line.reasons]


def test_red_flag_brings_a_patient_to_the_top(flagged, ben, clinic, dr_cole):
    make_patient("Aaron", clinic)

    assert names(dr_cole)[0] == "Ana"
    [text] = reasons_shown(dr_cole, flagged)
    assert text.startswith("Red flag for ")


def test_what_was_seen_leaves_and_stays_away(flagged, dr_cole):
    item = TriageItem.objects.get()
    actions.see_item(dr_cole, item.pk, now=timezone.now())
    refresh_patient(flagged, now=timezone.now())

    assert reasons_shown(dr_cole, flagged) == []
    assert caseload.waiting(dr_cole, now=timezone.now()).patients == 0
    event = AuditEvent.objects.get(subject="triage")
    assert (event.actor_id, event.patient_id) == (dr_cole.pk, flagged.pk)
    assert "chest" not in event.detail


def test_a_flag_of_another_day_comes_back(flagged, dr_cole):
    actions.see_item(dr_cole, TriageItem.objects.get().pk, now=timezone.now())
    yesterday = today_of(flagged) - timedelta(days=1)
    save_entry(flagged, yesterday, mood=3, side_effects=CHEST_PAIN)
    refresh_patient(flagged, now=timezone.now())

    assert len(reasons_shown(dr_cole, flagged)) == 1


def test_more_of_the_same_day_than_was_seen_comes_back(flagged, dr_cole):
    actions.see_item(dr_cole, TriageItem.objects.get().pk, now=timezone.now())
    more = (*CHEST_PAIN, ("fainting", 1))
    save_entry(flagged, today_of(flagged), mood=3, side_effects=more)
    refresh_patient(flagged, now=timezone.now())

    [text] = reasons_shown(dr_cole, flagged)
    assert "Faint" in text


def test_a_flag_taken_back_stays_until_it_was_seen(flagged, dr_cole):
    save_entry(flagged, today_of(flagged), mood=3, side_effects=())
    refresh_patient(flagged, now=timezone.now())

    assert len(reasons_shown(dr_cole, flagged)) == 1


def test_a_saved_day_reaches_the_list_by_the_worker(ana, dr_cole):
    save_entry(ana, today_of(ana), mood=3, side_effects=CHEST_PAIN)
    refresh_marked(now=timezone.now(), limit=10)

    assert len(reasons_shown(dr_cole, ana)) == 1


def test_silence_that_ended_is_closed_by_itself(ana, dr_cole):
    for ago in range(10, 30):
        save_entry(ana, today_of(ana) - timedelta(days=ago), mood=5)
    refresh_patient(ana, now=timezone.now())
    [text] = reasons_shown(dr_cole, ana)
    assert text == "Nothing logged for 10 days; usually every day is logged."

    save_entry(ana, today_of(ana), mood=5)
    refresh_patient(ana, now=timezone.now())
    assert reasons_shown(dr_cole, ana) == []


def test_put_off_reason_comes_back_on_its_day(flagged, dr_cole):
    now = timezone.now()
    item = TriageItem.objects.get()
    until = today_of(flagged) + timedelta(days=2)
    actions.snooze_item(dr_cole, item.pk, until, now=now)
    assert reasons_shown(dr_cole, flagged) == []

    later = now + timedelta(days=2)
    refresh_patient(flagged, now=later)
    page = page_of(dr_cole, now=later)
    assert [one.id for one in page.lines[0].reasons][:1] == [item.pk]


@pytest.mark.parametrize("days", [0, 3])
def test_red_flag_is_put_off_for_two_days_at_most(flagged, dr_cole, days):
    until = today_of(flagged) + timedelta(days=days)

    with pytest.raises(Invalid, match="needed: a day after"):
        actions.snooze_item(
            dr_cole, TriageItem.objects.get().pk, until, now=timezone.now()
        )


def test_reason_is_handed_to_a_colleague_and_found_there(flagged, dr_cole, nurse_nora):
    item = TriageItem.objects.get()
    actions.assign_item(dr_cole, item.pk, nurse_nora.pk, now=timezone.now())

    assert names(nurse_nora, assigned="me") == ["Ana"]
    assert names(dr_cole, assigned="me") == []


def test_reason_is_not_handed_to_somebody_of_another_clinic(flagged, dr_cole, dr_dane):
    with pytest.raises(Invalid):
        actions.assign_item(
            dr_cole, TriageItem.objects.get().pk, dr_dane.pk, now=timezone.now()
        )


@pytest.mark.parametrize("act", ["see", "unsee", "assign", "snooze"])
@pytest.mark.parametrize("who", ["dr_dane", "admin_abe", "stranger", "ben", "ana"])
def test_nobody_else_acts_on_a_reason(request, flagged, who, act):
    person = request.getfixturevalue(who)
    person = getattr(person, "user", person)
    item, now = TriageItem.objects.get(), timezone.now()
    acts = {
        "see": lambda: actions.see_item(person, item.pk, now=now),
        "unsee": lambda: actions.unsee_item(person, item.pk, now=now),
        "assign": lambda: actions.assign_item(person, item.pk, None, now=now),
        "snooze": lambda: actions.snooze_item(
            person, item.pk, today_of(flagged) + timedelta(days=1), now=now
        ),
    }

    with pytest.raises((NotFound, NotAllowed)):
        acts[act]()
    assert TriageItem.objects.get().seen_at is None


def test_callback_of_another_clinic_learns_nothing(flagged, dr_dane):
    key = str(TriageItem.objects.get().pk)

    told = reasons.do(dr_dane, "see", key, until=None, who="nobody", now=timezone.now())
    assert "not there any more" in str(told)


def test_list_costs_the_same_whatever_its_size(
    clinic, dr_cole, django_assert_max_num_queries
):
    for number in range(40):
        patient = make_patient(f"P{number:02}", clinic)
        save_entry(patient, today_of(patient), mood=3, side_effects=CHEST_PAIN)
        refresh_patient(patient, now=timezone.now())

    with django_assert_max_num_queries(17):
        page = page_of(dr_cole, now=timezone.now())
        caseload.waiting(dr_cole, now=timezone.now())
        caseload.stamp(dr_cole, now=timezone.now())
    assert (len(page.lines), page.fitting) == (caseload.ROWS_A_PAGE, 40)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"status": "waiting"}, ["Ana"]),
        ({"status": "silent"}, ["Ben"]),
        ({"condition": "depression"}, ["Ana", "Ben"]),
        ({"condition": "ptsd"}, []),
        ({"search": "BE"}, ["Ben"]),
    ],
)
def test_list_is_narrowed(flagged, clinic, dr_cole, filters, expected):
    make_patient("Ben", clinic)

    assert names(dr_cole, **filters) == expected


def test_notes_wait_until_they_were_read_as_they_are(ana, dr_cole, dr_dane):
    day = today_of(ana) - timedelta(days=1)
    save_entry(ana, day, mood=4, note="Rough night")
    now = timezone.now()
    [note] = notes.unread(dr_cole, now=now)
    assert (note.patient, note.note) == ("Ana", "Rough night")
    assert notes.unread(dr_dane, now=now) == []

    assert actions.read_notes(dr_dane, [note.id], now=now) == 0
    assert actions.read_notes(dr_cole, [note.id], now=now) == 1
    assert notes.unread(dr_cole, now=now) == []
    save_entry(ana, day, mood=5, note="Rough night")
    assert notes.unread(dr_cole, now=now) == []
    save_entry(ana, day, mood=5, note="Rough night, and worse since")
    assert len(notes.unread(dr_cole, now=now)) == 1


def test_views_are_ones_own(dr_cole, nurse_nora):
    view = actions.save_view(dr_cole, " Lost ", {"status": "lost"})

    assert views.filters_of(dr_cole, str(view.pk)) == {"status": "lost"}
    assert views.filters_of(nurse_nora, str(view.pk)) is None
    views.drop(nurse_nora, str(view.pk))
    assert SavedView.objects.get().name == "Lost"
    assert views.filters_of(dr_cole, "nonsense") is None


def test_discharged_patient_waits_no_more(flagged, dr_cole):
    actions.change_state(
        dr_cole,
        flagged,
        state="discharged",
        reason="Moved",
        since=today_of(flagged),
        now=timezone.now(),
    )
    refresh_marked(now=timezone.now(), limit=10)

    assert names(dr_cole) == []
    assert caseload.waiting(dr_cole, now=timezone.now()).patients == 0


def test_loss_waits_until_the_next_infusion(ana, dr_cole, nurse_nora):
    today = today_of(ana)
    start = today - timedelta(days=40)
    for ago in range(1, 15):
        save_entry(ana, start - timedelta(days=ago), mood=2)
    give_infusion(ana, nurse_nora, start)
    for day in range(1, 20):
        save_entry(ana, start + timedelta(days=day), mood=8)
    for day in range(20, 40):
        save_entry(ana, start + timedelta(days=day), mood=2)
    refresh_patient(ana, now=timezone.now())
    [text] = reasons_shown(dr_cole, ana)
    assert text.startswith("Relief was lost on day 20")

    give_infusion(ana, nurse_nora, today)
    refresh_patient(ana, now=timezone.now())
    assert reasons_shown(dr_cole, ana) == []


def test_made_up_key_is_no_reason(dr_cole):
    with pytest.raises(NotFound):
        actions.see_item(dr_cole, uuid4(), now=timezone.now())
