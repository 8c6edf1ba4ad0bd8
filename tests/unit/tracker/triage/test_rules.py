"""When a patient needs somebody: each rule at its edges."""

from datetime import date, timedelta

import pytest

from tracker.triage import rules, words
from tracker.triage.rules import Facts, Flag, Relief, find, longest_usual, usual_gap

TODAY = date(2026, 11, 24)
INFUSION = TODAY - timedelta(days=20)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def kinds(facts: Facts) -> list[str]:
    return [one.kind for one in find(facts)]


def said(facts: Facts) -> str:
    [one] = find(facts)
    return words.reason(one.kind, one.since, one.detail, TODAY)


def test_nothing_known_is_no_reason():
    assert find(Facts(TODAY)) == []


def test_red_flag_comes_before_everything():
    facts = Facts(
        TODAY,
        flags=[Flag(ago(1), ("Chest pain",))],
        relief=Relief("lost", ago(60), lower=10, upper=12),
        logged=[ago(40)],
    )

    assert kinds(facts) == ["red_flag", "lost", "silence"]
    first = find(facts)[0]
    assert words.reason(first.kind, first.since, first.detail, TODAY) == (
        "Red flag for 23 Nov: Chest pain."
    )


def test_two_days_with_a_flag_are_two_episodes():
    facts = Facts(
        TODAY, flags=[Flag(ago(1), ("Fainting",)), Flag(TODAY, ("Fainting",))]
    )

    assert len({one.key for one in find(facts)}) == 2


def test_loss_is_told_as_the_interval_it_is():
    facts = Facts(TODAY, relief=Relief("lost", INFUSION, lower=14, upper=17))

    assert said(facts) == "Relief was lost between day 14 and day 17, 3 days ago."


def test_next_loss_is_another_episode_and_the_same_one_stays():
    def key(last_infusion: date) -> str:
        relief = Relief("lost", last_infusion, lower=3, upper=4)
        return find(Facts(TODAY, relief=relief))[0].key

    assert key(INFUSION) == key(INFUSION)
    assert key(INFUSION) != key(ago(9))


@pytest.mark.parametrize(("pending", "expected"), [(0, []), (1, ["fading"])])
def test_fading_begins_with_the_first_log_below_the_mark(pending, expected):
    relief = Relief("holding", INFUSION, lower=18, pending=pending)

    assert kinds(Facts(TODAY, relief=relief)) == expected


def half_until(day: int) -> list[float]:
    """Relief is kept surely before `day` and with chance one half from then on."""
    return [1.0] * day + [0.5] * (181 - day)


def test_end_is_expected_from_one_half_on():
    holding = Relief("holding", INFUSION, lower=20)
    likely = Facts(TODAY, relief=holding, survival=half_until(30))
    unlikely = Facts(TODAY, relief=holding, survival=[1.0] * 20 + [0.51] * 161)

    assert said(likely) == (
        "Relief will probably fade by 8 Dec (50 %), and nothing is booked."
    )
    assert find(unlikely) == []


def test_end_is_expected_against_what_is_booked():
    holding = Relief("holding", INFUSION, lower=20)

    def booked(day: date) -> Facts:
        return Facts(TODAY, relief=holding, survival=half_until(30), booked_on=day)

    early, late = INFUSION + timedelta(days=29), INFUSION + timedelta(days=30)
    assert find(booked(early)) == []
    assert said(booked(late)) == (
        "Relief will probably fade before the booking on 4 Dec (50 %)."
    )


def test_refused_outlook_expects_nothing():
    assert find(Facts(TODAY, relief=Relief("holding", INFUSION, lower=20))) == []


def every(days: int, times: int, last: date) -> list[date]:
    return [last - timedelta(days=days * n) for n in range(times)][::-1]


@pytest.mark.parametrize(("silent", "expected"), [(3, []), (4, ["silence"])])
def test_who_logs_daily_is_silent_after_three_days(silent, expected):
    assert kinds(Facts(TODAY, logged=every(1, 60, ago(silent)))) == expected


@pytest.mark.parametrize(("silent", "expected"), [(6, []), (7, ["silence"])])
def test_who_logs_every_fourth_day_has_half_as_long_again(silent, expected):
    assert kinds(Facts(TODAY, logged=every(4, 20, ago(silent)))) == expected


def test_silence_names_its_length_and_the_habit():
    facts = Facts(TODAY, logged=every(2, 20, ago(9)))

    assert said(facts) == "Nothing logged for 9 days; usually at most 2 days pass."


def test_no_habit_is_as_long_as_a_fortnight():
    assert usual_gap(every(30, 9, TODAY)) == 30
    assert longest_usual(30) == rules.LONGEST_SILENCE


def test_few_logs_make_no_habit():
    assert usual_gap(every(1, 8, TODAY)) is None
    assert kinds(Facts(TODAY, logged=[ago(7)])) == []
    assert kinds(Facts(TODAY, logged=[ago(8)])) == ["silence"]


def test_who_never_logged_is_missed_a_week_after_the_beginning():
    assert kinds(Facts(TODAY, waiting_since=ago(7))) == []
    assert said(Facts(TODAY, waiting_since=ago(9))) == (
        "Nothing logged yet, 9 days after joining."
    )
