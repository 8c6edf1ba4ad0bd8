from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.questionnaires import straddles

START = date(2026, 3, 1)


def on(day):
    return START + timedelta(days=day)


@pytest.mark.parametrize(
    ("infusions", "filled", "recall", "expected"),
    [
        pytest.param([0], -1, 14, None, id="infusion-still-to-come"),
        pytest.param([0], 0, 14, (1, 0), id="same-day"),
        pytest.param([0], 1, 14, (1, 1), id="day-after"),
        pytest.param([0], 13, 14, (1, 13), id="last-day-inside"),
        pytest.param([0], 14, 14, None, id="all-of-it-after"),
        pytest.param([0, 10], 14, 14, (1, 4), id="only-the-second"),
        pytest.param([10, 0, 10], 12, 14, (2, 2), id="both-once"),
        pytest.param([0], 0, 0, None, id="asks-about-now"),
        pytest.param([0], 0, 1, (1, 0), id="asks-about-today"),
        pytest.param([], 5, 14, None, id="no-infusion"),
    ],
)
def test_an_infusion_within_the_recall_period(infusions, filled, recall, expected):
    label = straddles(map(on, infusions), on(filled), recall)

    assert (label and (len(label.infusion_dates), label.days_since)) == expected


@pytest.mark.parametrize(
    ("infusions", "filled", "words"),
    [
        ([0], 0, "Looks back over 14 days; the infusion was on the same day."),
        ([0], 1, "Looks back over 14 days; the infusion was the day before."),
        ([0], 5, "Looks back over 14 days; the infusion was 5 days before."),
        (
            [0, 3],
            5,
            "Looks back over 14 days with 2 infusions; the last was 2 days before.",
        ),
    ],
)
def test_the_label_is_plain(infusions, filled, words):
    assert straddles(map(on, infusions), on(filled), 14).words == words


def test_a_negative_recall_is_refused():
    with pytest.raises(ValueError, match="recall_days must be 0 or more, not -1"):
        straddles([START], START, -1)


@given(st.sets(st.integers(-60, 60)), st.integers(-60, 60), st.integers(0, 40))
def test_it_is_the_days_looked_back_on(infusions, filled, recall):
    looked_at = set(range(filled - recall + 1, filled + 1))
    label = straddles(map(on, infusions), on(filled), recall)

    inside = sorted(infusions & looked_at)
    labelled = [] if label is None else list(label.infusion_dates)
    assert labelled == [on(day) for day in inside]
