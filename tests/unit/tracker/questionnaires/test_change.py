import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.questionnaires import INSTRUMENTS, change, find, load, own_item

MOOD = own_item(
    "mood",
    version="1",
    title={"en": "Mood"},
    question={"en": "How was your mood?"},
    lowest={"en": "Worst"},
    highest={"en": "Best"},
    higher_is="better",
    mcid_points=2,
)


@pytest.mark.parametrize(
    ("name", "earlier", "later", "points", "course", "mcid", "response", "remission"),
    [
        ("phq-9", 20, 10, -10, "better", True, True, False),
        ("phq-9", 20, 11, -9, "better", True, False, False),
        ("phq-9", 19, 10, -9, "better", True, False, False),
        ("phq-9", 19, 9, -10, "better", True, True, False),
        ("phq-9", 10, 5, -5, "better", True, True, False),
        ("phq-9", 9, 4, -5, "better", True, True, True),
        ("phq-9", 14, 10, -4, "better", False, False, False),
        ("phq-9", 10, 15, 5, "worse", True, False, False),
        ("phq-9", 10, 10, 0, "same", False, False, False),
        ("phq-9", 0, 3, 3, "worse", False, None, True),
        ("gad-7", 12, 8, -4, "better", True, False, False),
        ("gad-7", 12, 9, -3, "better", False, False, False),
        ("gad-7", 8, 4, -4, "better", True, True, True),
        ("pcl-5", 50, 40, -10, "better", True, None, None),
        ("pcl-5", 50, 41, -9, "better", False, None, None),
        ("phq-2", 6, 0, -6, "better", None, None, None),
        ("peg", 6.67, 5.67, -1, "better", True, None, None),
        ("peg", 6.67, 6.0, -0.67, "better", False, None, None),
        ("peg", 5.33, 6.33, 1, "worse", True, None, None),
    ],
)
def test_a_change(name, earlier, later, points, course, mcid, response, remission):
    changed = change(name, earlier, later)

    assert (changed.points, changed.course) == (points, course)
    assert changed.reaches_mcid is mcid
    assert changed.response is response
    assert changed.remission is remission


def test_where_higher_is_better_a_rise_is_better():
    changed = change(MOOD, 4, 7)

    assert (changed.points, changed.course) == (3, "better")
    assert changed.share == 0.5
    assert changed.reaches_mcid is True
    assert change(MOOD, 7, 5).course == "worse"
    assert change(MOOD, 10, 5).share is None


def test_remission_where_higher_is_better(document):
    document["higher_is"] = "better"
    document["remission"] = {"limit": 8, "source": document["source"]}
    document["response"] = {"share": 0.5, "source": document["source"]}
    instrument = load(document)

    assert change(instrument, 2, 7).remission is False
    assert change(instrument, 2, 8).remission is True
    assert change(instrument, 3, 6).response is True
    assert change(instrument, 3, 5).response is False
    assert change(instrument, 8, 3).response is False


def test_thirds_kept_to_two_decimals_still_halve(document):
    document["scoring"] = {"method": "mean"}
    document["response"] = {"share": 0.5, "source": document["source"]}
    document["bands"] = None
    instrument = load(document)

    assert change(instrument, 2.67, 1.33).response is True
    assert change(instrument, 1.33, 0.67).response is True
    assert change(instrument, 2.67, 1.67).response is False


def test_what_is_not_verified_comes_along():
    assert change("phq-9", 20, 10).unverified == ()
    sources = change("gad-7", 20, 10).unverified
    assert sources == (find("gad-7").response.source, find("gad-7").remission.source)
    assert len(change(MOOD, 4, 7).unverified) == 1


@pytest.mark.parametrize(
    ("name", "earlier", "later", "words"),
    [
        (
            "phq-9",
            20,
            9,
            (
                "PHQ-9 is better by 11 points.",
                "That reaches the 5 points that patients usually notice.",
                "It is an improvement of at least 50%.",
            ),
        ),
        (
            "phq-9",
            8,
            4,
            (
                "PHQ-9 is better by 4 points.",
                "That is less than the 5 points that patients usually notice.",
                "It is an improvement of at least 50%.",
                "The later total is in the range counted as few or no symptoms.",
            ),
        ),
        (
            "peg",
            4,
            5,
            (
                "PEG is worse by 1 point.",
                "That reaches the 1 point that patients usually notice.",
            ),
        ),
        (
            "phq-2",
            3,
            2,
            (
                "PHQ-2 is better by 1 point.",
                "How many points patients notice is not published.",
            ),
        ),
        ("pcl-5", 40, 40, ("PCL-5 has not changed.",)),
    ],
)
def test_words_are_plain(name, earlier, later, words):
    assert change(name, earlier, later).words == words


@pytest.mark.parametrize("total", [None, -1, 28, True, "9", float("nan")])
def test_a_total_that_cannot_be_is_refused(total):
    with pytest.raises(ValueError, match="PHQ-9: the earlier total must be a number"):
        change("phq-9", total, 5)
    with pytest.raises(ValueError, match="PHQ-9: the later total must be a number"):
        change("phq-9", 5, total)


def test_an_instrument_without_total_has_no_change(screener):
    with pytest.raises(ValueError, match="gives no total"):
        change(load(screener), 1, 0)


@given(st.sampled_from(sorted(INSTRUMENTS)), st.data())
def test_there_and_back_are_opposite(name, data):
    low, high = find(name).bounds
    total = st.integers(int(low), int(high))
    earlier, later = data.draw(total), data.draw(total)
    there, back = change(name, earlier, later), change(name, later, earlier)

    assert there.points == -back.points
    assert there.reaches_mcid == back.reaches_mcid
    opposite = {"better": "worse", "worse": "better", "same": "same"}
    assert opposite[there.course] == back.course
