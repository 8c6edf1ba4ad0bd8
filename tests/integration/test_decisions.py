"""Deciding: what is frozen, what is refused, and how it turned out."""

from datetime import UTC, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from dashboard.pages import decide as page
from dashboard.pages import decided
from tests.factories import give_infusion, save_entry
from tracker import actions, bookings
from tracker.actions.decisions import decide
from tracker.models import (
    Appointment,
    ClosedDay,
    Decision,
    OpeningHours,
    ReliefMark,
    TriageItem,
)
from tracker.problems import Invalid, NotAllowed, NotFound
from tracker.relief_refresh import refresh_patient

MADRID = ZoneInfo("Europe/Madrid")


@pytest.fixture
def treated(ana, nurse_nora):
    start = ana.diary_date(timezone.now()) - timedelta(days=30)
    for ago in range(1, 15):
        save_entry(ana, start - timedelta(days=ago), mood=2)
    give_infusion(ana, nurse_nora, start)
    for day in range(1, 31):
        save_entry(ana, start + timedelta(days=day), mood=8 if day < 25 else 2)
    refresh_patient(ana, now=timezone.now())
    return ana


@pytest.fixture
def open_clinic(clinic):
    for weekday in range(5):
        OpeningHours.objects.create(
            clinic=clinic, weekday=weekday, opens=time(8), closes=time(17)
        )
    return clinic


def make(user, patient, kind="stop", reason="No relief after three of them", **more):
    values = {"key": uuid4(), "now": timezone.now()} | more
    return decide(user, patient, kind=kind, reason=reason, **values)


def test_decision_freezes_what_was_seen(treated, dr_cole, nurse_nora):
    made = make(dr_cole, treated)
    before = made.evidence
    assert before["spells"][-1]["status"] == "lost"
    assert before["fingerprint"]
    assert before["reasons"][0].startswith("Relief was lost")

    give_infusion(treated, nurse_nora, treated.diary_date(timezone.now()))
    refresh_patient(treated, now=timezone.now())
    assert Decision.objects.get().evidence == before


def test_decision_answers_what_waited(treated, dr_cole):
    assert TriageItem.objects.filter(seen_at=None).exists()
    make(dr_cole, treated)

    assert not TriageItem.objects.filter(seen_at=None).exists()
    assert TriageItem.objects.get().seen_by == dr_cole


def test_same_key_decides_once(treated, dr_cole, open_clinic):
    key = uuid4()
    at = next_open(treated)
    for _ in range(2):
        make(dr_cole, treated, "book", key=key, planned_at=at)

    assert Decision.objects.count() == 1
    assert Appointment.objects.count() == 1


def next_open(patient, clock=time(10)):
    today = patient.diary_date(timezone.now())
    first = today + timedelta(days=3)
    [day, *_] = bookings.open_days(patient.clinic, first, first + timedelta(days=7))
    return datetime.combine(day, clock, MADRID)


def test_booking_is_made_with_the_decision(treated, dr_cole, open_clinic):
    ReliefMark.objects.all().delete()
    made = make(dr_cole, treated, "book", planned_at=next_open(treated))

    assert made.appointment == Appointment.objects.get()
    assert ReliefMark.objects.filter(patient=treated).exists()


def test_closed_day_refuses_the_booking_and_the_decision(treated, dr_cole, open_clinic):
    at = next_open(treated)
    ClosedDay.objects.create(clinic=open_clinic, date=at.date(), reason="Holiday")

    with pytest.raises(Invalid, match="closed: Holiday") as refused:
        make(dr_cole, treated, "book", planned_at=at)
    assert refused.value.problems[0].field == "planned_at"
    assert not Decision.objects.exists()
    assert not Appointment.objects.exists()


def test_weekday_without_hours_is_closed(treated, dr_cole, open_clinic):
    at = next_open(treated)
    sunday = at + timedelta(days=6 - at.weekday())

    with pytest.raises(Invalid, match="closed on Sundays"):
        make(dr_cole, treated, "book", planned_at=sunday)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "sell"}, "kind"),
        ({"reason": "  "}, "reason"),
        ({"reason": "x" * 501}, "reason"),
        ({"kind": "wait"}, "review_on"),
        ({"kind": "book"}, "planned_at"),
        (
            {"kind": "book", "planned_at": datetime(2020, 1, 7, 10, tzinfo=UTC)},
            "planned_at",
        ),
    ],
)
def test_bad_decision_stores_nothing_and_names_its_field(
    treated, dr_cole, given, field
):
    with pytest.raises(Invalid) as refused:
        make(dr_cole, treated, **given)

    assert [one.field for one in refused.value.problems] == [field]
    assert not Decision.objects.exists()
    assert TriageItem.objects.filter(seen_at=None).exists()


def test_only_who_treats_a_patient_decides(treated, dr_dane, admin_abe):
    given = {"kind": "stop", "reason": "No"}
    for person in (dr_dane, admin_abe):
        with pytest.raises(NotFound):
            page.record(
                person, str(treated.pk), str(uuid4()), given, now=timezone.now()
            )
    with pytest.raises(NotAllowed):
        page.record(
            treated.user, str(treated.pk), str(uuid4()), given, now=timezone.now()
        )


def test_page_says_what_happened_in_two_weeks_and_when_six_are_over(treated, dr_cole):
    now = timezone.now() - timedelta(days=16)
    make(dr_cole, treated, now=now)

    shown = str(decided.listed(treated, now=timezone.now()))
    assert "After 2 weeks: " in shown
    assert "mood 4.6 against 8.0 (7 of 7 days)" in shown
    assert "After 6 weeks: to be seen on" in shown


def test_form_books_the_day_it_offers(treated, dr_cole, open_clinic):
    now = timezone.now()
    [day, *_] = page.offered_days(treated, now=now)
    given = {
        "kind": "book", "day": day.isoformat(), "time": "10:00", "reason": "Fading",
    }  # fmt: skip

    made = page.record(dr_cole, str(treated.pk), str(uuid4()), given, now=now)

    local = made.appointment.planned_at.astimezone(MADRID)
    assert (local.date(), local.time()) == (day, time(10))


def test_cancelled_booking_keeps_its_reason(treated, dr_cole, open_clinic):
    now = timezone.now()
    booked = actions.book(dr_cole, treated, planned_at=next_open(treated), now=now)

    with pytest.raises(Invalid):
        actions.cancel_booking(dr_cole, booked, reason=" ", now=now)
    actions.cancel_booking(dr_cole, booked, reason="Ill", now=now)
    assert Appointment.objects.get().reason == "Ill"


def test_booking_is_given_up_from_the_page_by_who_treats_alone(
    treated, dr_cole, dr_dane, open_clinic
):
    from dashboard.pages import booked as bookings_page

    now = timezone.now()
    booked = actions.book(dr_cole, treated, planned_at=next_open(treated), now=now)
    key = str(booked.pk)

    for person in (dr_dane, treated.user):
        with pytest.raises((NotFound, NotAllowed)):
            bookings_page.give_up(person, key, "Mine", now=now)
    with pytest.raises(NotFound):
        bookings_page.give_up(dr_cole, "nonsense", "Ill", now=now)
    with pytest.raises(Invalid, match="Say why"):
        bookings_page.give_up(dr_cole, key, "", now=now)
    assert "Given up" in bookings_page.give_up(dr_cole, key, "Ill", now=now)
    assert Appointment.objects.get().status == "cancelled"
