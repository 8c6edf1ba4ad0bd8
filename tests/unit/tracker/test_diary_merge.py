"""Two changes of one day: together where they can be, a question where not."""

from hypothesis import given
from hypothesis import strategies as st

from tracker.diary_day import DayContent
from tracker.diary_merge import ITEMS, merge

contents = st.builds(
    DayContent,
    mood=st.none() | st.integers(0, 3),
    pain=st.none() | st.integers(0, 3),
    sleep_hours=st.sampled_from([None, 7.0, 7.5]),
    note=st.sampled_from(["", "one", "two"]),
    side_effects=st.sampled_from([None, (), (("nausea", 1),)]),
)


def test_different_items_are_brought_together():
    base = DayContent(mood=4, pain=3)

    merged = merge(base, DayContent(mood=6, pain=3), DayContent(mood=4, pain=1))

    assert merged.content == DayContent(mood=6, pain=1)
    assert not merged.clashes


def test_one_item_changed_twice_is_a_question():
    base = DayContent(mood=4)

    merged = merge(base, DayContent(mood=6), DayContent(mood=2, note="tired"))

    assert merged.clashes == ("mood",)


def test_an_item_made_blank_is_a_change():
    base = DayContent(mood=4, note="private")

    merged = merge(base, DayContent(mood=5, note="private"), DayContent(mood=4))

    assert merged.content == DayContent(mood=5, note="")


def test_without_a_base_a_blank_item_takes_nothing_away():
    merged = merge(None, DayContent(mood=5, pain=2), DayContent(pain=2, energy=1))

    assert merged.content == DayContent(mood=5, pain=2, energy=1)
    assert not merged.clashes


@given(contents, contents, contents)
def test_order_does_not_matter_and_nothing_is_invented(base, one, other):
    merged, turned = merge(base, one, other), merge(base, other, one)

    assert merged.clashes == turned.clashes
    for item in ITEMS:
        choices = {getattr(day, item) for day in (one, other)}
        assert getattr(merged.content, item) in choices
        if item not in merged.clashes:
            assert getattr(merged.content, item) == getattr(turned.content, item)


@given(contents, contents)
def test_the_same_again_and_no_change_give_what_is_stored(base, stored):
    assert merge(base, stored, stored).content == stored
    assert merge(base, stored, base).content == stored
