import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.questionnaires import find, score

# Clusters of the PCL-5: B 1-5, C 6-7, D 8-14, E 15-20.
B, C, D, E = range(5), range(5, 7), range(7, 14), range(14, 20)


def answers(rated, value=2, other=1, missing=()):
    """Twenty answers: `value` at the places in `rated`, `other` elsewhere."""
    given = [value if place in rated else other for place in range(20)]
    return [None if place in missing else one for place, one in enumerate(given)]


ENOUGH = {0, 5, 7, 8, 14, 15}


def test_cluster_scores_are_their_items():
    scored = score("pcl-5", [4] * 5 + [3] * 2 + [2] * 7 + [1] * 6)

    assert [(c.id, c.total, c.rated) for c in scored.clusters] == [
        ("B", 20, 5),
        ("C", 6, 2),
        ("D", 14, 7),
        ("E", 6, 0),
    ]
    assert scored.total == 46


@pytest.mark.parametrize(
    ("rated", "met"),
    [
        pytest.param(ENOUGH, True, id="one-one-two-two"),
        pytest.param(set(range(20)), True, id="all"),
        pytest.param(set(), False, id="none"),
        pytest.param(ENOUGH - {0}, False, id="no-b"),
        pytest.param(ENOUGH - {5}, False, id="no-c"),
        pytest.param(ENOUGH - {7}, False, id="one-d"),
        pytest.param(ENOUGH - {14}, False, id="one-e"),
        pytest.param({4, 6, 12, 13, 18, 19}, True, id="last-items-of-each"),
    ],
)
def test_the_provisional_rule(rated, met):
    assert score("pcl-5", answers(rated)).provisional.met is met


def test_a_symptom_is_rated_two_or_more():
    assert score("pcl-5", answers(ENOUGH, value=1)).provisional.met is False
    assert score("pcl-5", answers(ENOUGH, value=4)).provisional.met is True


def test_the_rule_informs_and_makes_no_diagnosis():
    met = score("pcl-5", answers(ENOUGH)).provisional
    unmet = score("pcl-5", answers(set())).provisional

    assert "It is no diagnosis" in met.words
    assert unmet.words.startswith("Not the pattern")


def test_a_gap_that_could_decide_leaves_the_rule_open():
    scored = score("pcl-5", answers(ENOUGH - {0}, missing={1}))

    assert scored.total is None
    assert scored.provisional.met is None
    assert [c.total for c in scored.clusters] == [None, 3, 9, 8]
    assert [c.met for c in scored.clusters] == [None, True, True, True]


def test_a_gap_that_cannot_decide_does_not():
    assert score("pcl-5", answers(ENOUGH, missing={1})).provisional.met is True
    unmet = score("pcl-5", answers(ENOUGH - {5}, missing={1}))
    assert unmet.provisional.met is False


def test_other_instruments_have_no_clusters():
    assert score("phq-9", [3] * 9).clusters == ()
    assert score("phq-9", [3] * 9).provisional is None


@given(st.lists(st.integers(0, 4), min_size=20, max_size=20))
def test_clusters_add_up_to_the_total_and_the_rule_is_the_count(given_answers):
    scored = score("pcl-5", given_answers)
    symptoms = [answer >= 2 for answer in given_answers]

    assert sum(c.total for c in scored.clusters) == scored.total
    assert scored.provisional.met is all(
        sum(symptoms[place] for place in places) >= needed
        for places, needed in ((B, 1), (C, 1), (D, 2), (E, 2))
    )


def test_every_item_is_in_one_cluster():
    items = [item for cluster in find("pcl-5").clusters for item in cluster.items]

    assert items == [item.id for item in find("pcl-5").items]
