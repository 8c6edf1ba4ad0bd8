import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.questionnaires import INSTRUMENTS, find, score


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (4, "must be from 0 to 3, not 4"),
        (-1, "must be from 0 to 3, not -1"),
        (1.0, "must be a whole number, not 1.0"),
        ("1", "must be a whole number, not '1'"),
        (True, "must be a whole number, not True"),
        (False, "must be a whole number, not False"),
        (float("nan"), "must be a whole number, not nan"),
        ([1], "must be a whole number, not [1]"),
    ],
)
def test_an_impossible_answer_names_item_rule_and_value(value, words):
    answers = [0] * 9
    answers[3] = value

    with pytest.raises(
        ValueError, match=re.escape(f"PHQ-9, item 4: the answer {words}")
    ):
        score("phq-9", answers)


@pytest.mark.parametrize("count", [0, 8, 10])
def test_too_few_and_too_many_answers_are_refused(count):
    with pytest.raises(ValueError, match=f"PHQ-9: answers must be 9, .* not {count}"):
        score("phq-9", [0] * count)


@pytest.mark.parametrize("answers", ["000000000", b"000000000", {1: 0}, None, {0}, 9])
def test_answers_must_be_a_list(answers):
    with pytest.raises(ValueError, match="must be a list in the order of the items"):
        score("phq-9", answers)


@pytest.mark.parametrize("name", ["phq9", "PHQ-9", "", "isi"])
def test_an_unknown_instrument_is_told_what_exists(name):
    with pytest.raises(ValueError, match="phq-9, phq-2, gad-7, pcl-5, peg") as refusal:
        score(name, [0])

    assert repr(name) in str(refusal.value)


@given(st.sampled_from(sorted(INSTRUMENTS)), st.integers(), st.data())
def test_every_item_refuses_every_value_that_is_no_option(instrument, value, data):
    items = find(instrument).items
    place = data.draw(st.integers(0, len(items) - 1))
    answers = [None] * len(items)
    answers[place] = value

    if value in items[place].values:
        score(instrument, answers)
        return
    with pytest.raises(ValueError, match="must be from 0 to") as refusal:
        score(instrument, answers)
    assert f"item {items[place].id}:" in str(refusal.value)
    assert str(refusal.value).endswith(f"not {value}")


def test_answers_are_not_changed():
    answers = [1, None, 2, 3, 0, 1, 2, 3, 0]
    score("phq-9", answers)

    assert answers == [1, None, 2, 3, 0, 1, 2, 3, 0]


def test_a_tuple_of_answers_will_do():
    assert score("peg", (1, 2, 3)).total == 2
