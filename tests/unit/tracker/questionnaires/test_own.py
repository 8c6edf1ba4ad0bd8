import pytest

from tracker.questionnaires import Flag, Source, as_json, change, own_item, score


def energy(**changes):
    fields = {
        "version": "1",
        "title": {"en": "Energy", "es": "Energía"},
        "question": {"en": "How much energy?", "es": "¿Cuánta energía?"},
        "lowest": {"en": "None", "es": "Ninguna"},
        "highest": {"en": "Full", "es": "Toda"},
        "higher_is": "better",
    }
    return own_item("energy", **fields | changes)


@pytest.mark.parametrize("value", range(11))
def test_the_answer_is_the_total(value):
    scored = score(energy(), [value])

    assert scored.total == value
    assert scored.band is None


@pytest.mark.parametrize("value", [-1, 11])
def test_it_goes_from_zero_to_ten(value):
    with pytest.raises(ValueError, match=r"Energy, item 1: .* from 0 to 10"):
        score(energy(), [value])


def test_no_answer_is_no_total():
    assert score(energy(), [None]).reason == "Nothing is answered."


def test_it_is_asked_at_most_daily_unless_told_otherwise():
    assert energy().min_interval_days == 1
    assert energy(recall_days=7).min_interval_days == 7
    assert energy(recall_days=7, min_interval_days=14).min_interval_days == 14


def test_both_languages_and_anchors_reach_the_phone():
    document = as_json(energy(), "es")

    assert document["items"][0]["anchors"] == ["Ninguna", "Toda"]
    assert document["instructions"] == "Energía"
    assert as_json(energy(instructions={"en": "Today."}), "es")["language"] == "en"


def test_a_least_change_is_the_clinics_own_unless_it_names_a_source():
    assert change(energy(), 2, 5).reaches_mcid is None
    assert len(change(energy(mcid_points=2), 2, 5).unverified) == 1
    sourced = energy(mcid_points=2, mcid_source=Source("A. Author 2020"))
    assert change(sourced, 2, 5).unverified == ()


def test_it_can_flag():
    flagged = energy(flags=(Flag(8, "low", "A lot."), Flag(10, "high", "Too much.")))

    assert [score(flagged, [n]).flags for n in (7,)] == [()]
    assert score(flagged, [9]).flags[0].level == "low"
    assert score(flagged, [10]).flags[0].level == "high"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"higher_is": "up"}, "higher_is must be worse or better, not 'up'"),
        ({"recall_days": -1}, "recall_days must be from 0 to 366, not -1"),
        ({"min_interval_days": 0}, "min_interval_days must be from recall_days, 1"),
        ({"question": {}}, "texts must share at least one language"),
        ({"question": {"en": " "}}, "every text in en must say something"),
        ({"question": {"EN": "x"}}, "a language must be two or three lower case"),
        ({"version": ""}, "version must say something, not ''"),
        ({"mcid_points": 0}, "mcid.points must be above 0 and at most 10, not 0"),
        ({"mcid_points": 11}, "mcid.points must be above 0 and at most 10, not 11"),
        ({"flags": (Flag(0, "low", "x"),)}, "flags.at_least must be from 1 to 10"),
        ({"flags": (Flag(1, "red", "x"),)}, "flags.level must be low, moderate, high"),
    ],
)
def test_what_cannot_be_is_refused(changes, words):
    with pytest.raises(ValueError, match=words):
        energy(**changes)


def test_an_id_is_lower_case_with_hyphens():
    with pytest.raises(ValueError, match=r"id must be lower case .* not 'My Energy'"):
        own_item(
            "My Energy",
            version="1",
            title={"en": "E"},
            question={"en": "E"},
            lowest={"en": "E"},
            highest={"en": "E"},
            higher_is="worse",
        )
