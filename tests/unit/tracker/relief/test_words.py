from datetime import date

import numpy as np
import pytest

from tracker import relief
from tracker.relief.outlook import REASONS

ROW = {
    "state": "in relief",
    "last_infusion": date(2026, 11, 1),
    "reason": "",
    "day": 12.0,
    "window_from": 13.0,
    "q10": 13.0,
    "q25": 17.0,
    "q90": 31.0,
    "p_in_relief": 0.98,
    "p_no_response": 0.0,
    "n_earlier_spells": 6.0,
    "baseline_days": 14.0,
    "days_logged": 9.0,
}


def said(**changes):
    return relief.outlook_words(ROW | changes, silence_days=14)


def test_the_shortest_answer_comes_first_with_its_range():
    assert said()[0] == (
        "Relief likely holds to 18 Nov; 80 % between 14 Nov and 2 Dec."
    )


def test_a_day_that_has_passed_is_not_one_to_hold_to():
    answer = said(day=20.0, p_in_relief=0.55)

    assert answer[0] == (
        "Relief may have ended already; 80 % between 14 Nov and 2 Dec."
    )
    assert "The chance that relief has ended already is 45 %." in answer


def test_what_lies_beyond_the_forecast_is_said_so():
    answer = said(q25=np.inf, q90=np.inf)[0]

    assert "holds for more than 180 days" in answer
    assert "later than 180 days" in answer


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "That relief has ended already is unlikely."),
        ({"p_in_relief": 0.88}, "The chance that relief has ended already is 12 %."),
        (
            {"p_no_response": 0.4, "p_in_relief": 0.5},
            "The chance that this infusion brings no relief is 40 %.",
        ),
    ],
)
def test_the_chance_that_it_is_over_already_is_said(changes, words):
    assert words in said(**changes)


def test_what_it_stands_on_is_said():
    assert said(n_earlier_spells=1.0, days_logged=1.0)[-1] == (
        "This stands on 1 logged day since the last infusion, 1 earlier spell of "
        "relief, and a baseline from 14 days."
    )


def test_a_refusal_comes_with_its_reason_and_number():
    answer = said(reason="too_few_days", window_from=np.nan, days_logged=2.0)

    assert answer[0] == (
        "No booster window is given. Only 2 days are logged since the last infusion."
    )
    assert not any("likely holds" in sentence for sentence in answer)


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_has_words_and_leaves_no_gap(reason):
    words = relief.reason_words(ROW | {"reason": reason}, silence_days=14)

    assert words
    assert "{" not in words


def test_no_series_is_one_sentence():
    assert said(state="no series", reason="no_series") == [REASONS["no_series"]]


def test_a_date_says_its_year_when_it_is_not_this_one():
    day = date(2026, 11, 3)

    assert relief.day_word(day) == "3 Nov 2026"
    assert relief.day_word(day, date(2026, 12, 1)) == "3 Nov"
    assert relief.day_word(day, date(2027, 1, 1)) == "3 Nov 2026"
    assert "2 Jan 2027" in said(q90=62.0)[0]
