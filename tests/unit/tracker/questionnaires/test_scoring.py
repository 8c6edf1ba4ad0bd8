import dataclasses
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.questionnaires import INSTRUMENTS, band_of, find, score

TOTALLED = sorted(INSTRUMENTS)


def given_answers(instrument, gaps=True):
    """Any answers to an instrument, with or without gaps."""
    found = find(instrument)
    each = [
        st.none() | st.sampled_from(item.values)
        if gaps
        else st.sampled_from(item.values)
        for item in found.items
    ]
    return st.tuples(*each).map(list)


SOME_INSTRUMENT = st.sampled_from(TOTALLED)
FULL = SOME_INSTRUMENT.flatmap(lambda i: st.tuples(st.just(i), given_answers(i, False)))
WITH_GAPS = SOME_INSTRUMENT.flatmap(lambda i: st.tuples(st.just(i), given_answers(i)))

# Scored by hand: answers as on paper ("-" unanswered), total, band, prorated.
BY_HAND = [
    ("phq-9", "000000000", 0, "minimal", False),
    ("phq-9", "111100000", 4, "minimal", False),
    ("phq-9", "111110000", 5, "mild", False),
    ("phq-9", "111111111", 9, "mild", False),
    ("phq-9", "222220000", 10, "moderate", False),
    ("phq-9", "222222200", 14, "moderate", False),
    ("phq-9", "333330000", 15, "moderately-severe", False),
    ("phq-9", "333333100", 19, "moderately-severe", False),
    ("phq-9", "333333200", 20, "severe", False),
    ("phq-9", "333333333", 27, "severe", False),
    # 16 of eight: mean 2, so 18.
    ("phq-9", "22222222-", 18, "moderately-severe", True),
    # 9 of seven: 9 * 9 / 7 = 11.57, so 12.
    ("phq-9", "1111113--", 12, "moderate", True),
    # 8 of eight: mean 1, so 9.
    ("phq-9", "-11111111", 9, "mild", True),
    # 4 of eight: 4.5 is rounded up, into the next band.
    ("phq-9", "1111-0000", 5, "mild", True),
    ("phq-9", "111111---", None, None, False),
    ("phq-9", "---------", None, None, False),
    ("phq-2", "11", 2, "below-cut-off", False),
    ("phq-2", "12", 3, "at-cut-off", False),
    ("phq-2", "33", 6, "at-cut-off", False),
    ("phq-2", "3-", None, None, False),
    ("gad-7", "0000000", 0, "minimal", False),
    ("gad-7", "1111000", 4, "minimal", False),
    ("gad-7", "1111100", 5, "mild", False),
    ("gad-7", "3330000", 9, "mild", False),
    ("gad-7", "3331000", 10, "moderate", False),
    ("gad-7", "2222222", 14, "moderate", False),
    ("gad-7", "3333300", 15, "severe", False),
    ("gad-7", "3333333", 21, "severe", False),
    # 12 of six: mean 2, so 14.
    ("gad-7", "222222-", 14, "moderate", True),
    ("gad-7", "22222--", None, None, False),
    ("pcl-5", "2" * 15 + "00000", 30, "below-cut-off", False),
    ("pcl-5", "2" * 15 + "10000", 31, "in-cut-off-range", False),
    ("pcl-5", "2" * 15 + "30000", 33, "in-cut-off-range", False),
    ("pcl-5", "2" * 15 + "40000", 34, "above-cut-off", False),
    ("pcl-5", "4" * 20, 80, "above-cut-off", False),
    ("pcl-5", "4" * 19 + "-", None, None, False),
    ("peg", "000", 0, None, False),
    ("peg", "569", 6.67, None, False),
    ("peg", "123", 2, None, False),
    ("peg", "TTT", 10, None, False),
    ("peg", "T9-", None, None, False),
]


def read(paper):
    values = {"-": None, "T": 10} | {str(n): n for n in range(10)}
    return [values[mark] for mark in paper]


@pytest.mark.parametrize(
    ("instrument", "paper", "total", "band", "prorated"),
    BY_HAND,
    ids=lambda value: str(value) if isinstance(value, str) else None,
)
def test_scored_by_hand(instrument, paper, total, band, prorated):
    scored = score(instrument, read(paper))

    assert scored.total == total
    assert (scored.band and scored.band.code) == band
    assert scored.prorated is prorated
    assert bool(scored.reason) is (total is None)


@pytest.mark.parametrize(
    ("instrument", "starts"),
    [
        ("phq-9", [0, 5, 10, 15, 20]),
        ("phq-2", [0, 3]),
        ("gad-7", [0, 5, 10, 15]),
        ("pcl-5", [0, 31, 34]),
    ],
)
def test_a_band_begins_at_its_first_total_and_not_below(instrument, starts):
    bands = find(instrument).bands

    assert [band.at_least for band in bands] == starts
    for before, band in itertools.pairwise(bands):
        assert band_of(instrument, band.at_least) == band
        assert band_of(instrument, band.at_least - 1) == before
    assert band_of(instrument, find(instrument).bounds[1]) == bands[-1]


@pytest.mark.parametrize(
    ("instrument", "bounds"),
    [
        ("phq-9", (0, 27)),
        ("phq-2", (0, 6)),
        ("gad-7", (0, 21)),
        ("pcl-5", (0, 80)),
        ("peg", (0, 10)),
    ],
)
def test_totals_reach_the_published_bounds(instrument, bounds):
    assert find(instrument).bounds == bounds
    with pytest.raises(ValueError, match="must be a number from"):
        band_of(instrument, bounds[1] + 1)
    with pytest.raises(ValueError, match="must be a number from"):
        band_of(instrument, True)


def test_peg_is_the_mean_kept_to_two_decimals_and_has_no_band():
    scored = score("peg", [1, 0, 0])

    assert scored.total == 0.33
    assert scored.band is None


@pytest.mark.parametrize("value", [1, 2, 3])
def test_item_nine_flags_at_every_value_above_zero(value):
    [raised] = score("phq-9", [0] * 8 + [value]).flags

    assert (raised.item, raised.value, raised.level) == ("9", value, "high")
    assert "dead" in raised.words


def test_item_nine_flags_without_a_total_too():
    scored = score("phq-9", [None] * 8 + [1])

    assert scored.total is None
    assert scored.reason.startswith("8 of 9 are unanswered")
    assert [raised.item for raised in scored.flags] == ["9"]


def test_item_nine_left_out_is_said_and_never_filled_in():
    scored = score("phq-9", [3] * 8 + [None])

    assert scored.total == 27
    assert scored.flags == ()
    assert scored.unanswered_flags == ("9",)


def test_only_item_nine_flags():
    assert score("phq-9", [3] * 8 + [0]).flags == ()
    assert score("gad-7", [3] * 7).flags == ()
    assert score("phq-2", [3, 3]).flags == ()


@pytest.mark.parametrize(
    ("paper", "reason"),
    [
        ("---------", "Nothing is answered."),
        (
            "111111---",
            "3 of 9 are unanswered; PHQ-9 gives a total with 2 at most.",
        ),
    ],
)
def test_a_missing_total_is_explained(paper, reason):
    assert score("phq-9", read(paper)).reason == reason


def test_one_gap_is_explained_where_none_is_allowed():
    assert score("peg", [1, 2, None]).reason == (
        "1 of 3 is unanswered; PEG gives a total only when all are answered."
    )


def test_a_score_is_frozen_and_carries_the_version():
    scored = score("phq-9", [0] * 9)

    assert scored.version == find("phq-9").version
    with pytest.raises(dataclasses.FrozenInstanceError):
        scored.total = 3


def test_an_instrument_is_scored_as_its_id_is():
    assert score(find("gad-7"), [1] * 7) == score("gad-7", [1] * 7)


@given(FULL)
def test_a_full_sheet_has_its_plain_total(case):
    instrument, answers = case
    scored = score(instrument, answers)
    expected = sum(answers) if instrument != "peg" else round(sum(answers) / 3, 2)

    assert scored.total == expected
    assert not scored.prorated
    assert scored.completeness.answered == scored.completeness.of == len(answers)


@given(WITH_GAPS)
def test_a_total_is_within_bounds_and_explained_otherwise(case):
    instrument, answers = case
    scored = score(instrument, answers)
    found = find(instrument)
    missing = answers.count(None)

    if missing > found.scoring.max_missing or missing == len(answers):
        assert scored.total is None
        assert scored.band is None
        assert scored.reason
        assert not scored.prorated
    else:
        lowest, highest = found.bounds
        assert lowest <= scored.total <= highest
        assert scored.reason == ""
        assert scored.prorated is (missing > 0)
    assert len(scored.unanswered) == missing


@given(WITH_GAPS, st.data())
def test_a_higher_answer_never_lowers_the_total(case, data):
    instrument, answers = case
    place = data.draw(st.integers(0, len(answers) - 1))
    values = find(instrument).items[place].values
    if answers[place] in (None, values[-1]):
        return
    raised = [*answers[:place], answers[place] + 1, *answers[place + 1 :]]
    before, after = score(instrument, answers), score(instrument, raised)

    if before.total is not None:
        assert after.total >= before.total
    assert len(after.flags) >= len(before.flags)


@given(given_answers("phq-9"))
def test_a_filled_in_total_lies_at_the_rounded_mean(answers):
    scored = score("phq-9", answers)
    known = [answer for answer in answers if answer is not None]

    if scored.total is not None:
        assert abs(scored.total - 9 * sum(known) / len(known)) <= 0.5


@given(st.sampled_from(["phq-9", "gad-7"]), st.integers(0, 3), st.data())
def test_gaps_among_like_answers_change_nothing(instrument, value, data):
    found = find(instrument)
    gaps = data.draw(
        st.sets(
            st.integers(0, len(found.items) - 1), max_size=found.scoring.max_missing
        )
    )
    answers = [None if place in gaps else value for place in range(len(found.items))]

    assert score(instrument, answers).total == value * len(found.items)


@given(given_answers("gad-7"), st.randoms(use_true_random=False))
def test_the_order_of_gad_items_does_not_matter(answers, random):
    shuffled = list(answers)
    random.shuffle(shuffled)

    assert score("gad-7", shuffled).total == score("gad-7", answers).total
