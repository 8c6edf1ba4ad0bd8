import numpy as np
import pandas as pd
import pytest

from tests.unit.tracker.relief.frames import (
    PAIN,
    day,
    diary_of,
    infusions_of,
    scores_from,
)
from tracker import relief

BEFORE = scores_from("xxxxxxxx", -8)


def diary(pain, mood):
    """Pain and the mirror of mood, day by day from day 1."""
    logged = diary_of(BEFORE | scores_from(pain, 1))
    other = diary_of(BEFORE | scores_from(mood, 1))
    return logged.drop(columns="mood").merge(
        other[["patient_id", "date", "mood"]], how="outer", on=["patient_id", "date"]
    )


@pytest.mark.parametrize(
    ("pain", "mood", "first"),
    [
        pytest.param("4444 999", "4444 444 999", ["pain"], id="pain-first"),
        pytest.param("4444 444 999", "444 9999999", ["mood"], id="mood-first"),
        pytest.param("4444 999", "4444 999", ["not_clear"], id="same-day"),
        pytest.param("444...999", "4444 999", ["not_clear"], id="overlapping"),
        pytest.param("4444 999", "4444444444", ["pain"], id="the-other-holds"),
        pytest.param("4444444", "4444444", [], id="none-lost"),
        pytest.param("4444 999", "xxxxxxxxxx", [], id="only-one-had-relief"),
    ],
)
def test_first_is_what_was_surely_lost_before_the_others(pain, mood, first):
    found = relief.first_to_return(
        diary(pain, mood), infusions_of([0]), ["pain", "mood"]
    )

    assert found["first"].tolist() == first


def test_one_item_has_nothing_to_be_compared_with():
    with pytest.raises(ValueError, match="items must be two or more, was"):
        relief.first_to_return(diary("4", "4"), infusions_of([0]), ["pain"])


@pytest.mark.parametrize(
    ("first", "words"),
    [
        ([], "No series so far shows which symptom returns first."),
        (["pain"], "In one series, first to return: pain in 1."),
        (
            ["mood", "mood", "pain", "not_clear", "mood"],
            "Of 5 series, first to return: mood in 3, pain in 1, not clear in 1.",
        ),
    ],
)
def test_counts_are_said_the_commonest_first(first, words):
    found = pd.DataFrame({"first": first})

    assert relief.return_words(found, {"mood": "mood"}) == words


def reports(*rows):
    """(day, code or None for asked-and-none)."""
    return pd.DataFrame(
        {
            "patient_id": ["ana"] * len(rows),
            "date": pd.to_datetime([day(number) for number, _ in rows]),
            "code": pd.Series([code for _, code in rows], dtype=object),
        }
    )


# Relief was lost between day 4 and day 8.
LOST = relief.find_spells(
    diary_of(BEFORE | scores_from("4444...999", 1)), infusions_of([0]), PAIN
)


@pytest.mark.parametrize(
    ("told", "last", "answer"),
    [
        pytest.param([(0, "nausea"), (2, "nausea")], 2, "end_before", id="before"),
        pytest.param([(1, "nausea"), (9, "dizzy")], 9, "outlast", id="outlast"),
        pytest.param([(6, "nausea")], 6, "not_clear", id="in-between"),
        pytest.param([(1, None), (2, None)], np.nan, "none_reported", id="none"),
        pytest.param([], np.nan, "not_asked", id="nobody-asked"),
        pytest.param([(-3, "nausea")], np.nan, "not_asked", id="only-before"),
    ],
)
def test_side_effects_are_set_beside_the_loss(told, last, answer):
    row = relief.side_effects_and_benefit(LOST, reports(*told)).iloc[0]

    assert row["answer"] == answer
    assert (
        np.isnan(row["last_side_effect"])
        if np.isnan(last)
        else (row["last_side_effect"] == last)
    )


def test_what_is_reported_after_the_next_infusion_belongs_to_it():
    spells = relief.find_spells(
        diary_of(BEFORE | scores_from("4444 999", 1)), infusions_of([0, 12]), PAIN
    )
    found = relief.side_effects_and_benefit(spells, reports((13, "nausea")))

    assert found["answer"].tolist() == ["not_asked"]


def test_reports_are_checked():
    with pytest.raises(ValueError, match="reports must have the column code"):
        relief.side_effects_and_benefit(LOST, reports().drop(columns="code"))


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (["not_asked"], "Nobody has asked for side effects"),
        (["end_before", "not_asked"], "outlasted relief in none of 1 series"),
        (["outlast", "none_reported"], "outlasted relief in 1 of 2 series"),
    ],
)
def test_side_effects_are_said(answers, words):
    assert words in relief.side_effect_words(pd.DataFrame({"answer": answers}))
