import dataclasses
import json

import numpy as np
import pytest

from tracker.relief import Criteria
from tracker.relief.composite import Part


@pytest.mark.parametrize(
    ("item", "higher_is_better"),
    [
        ("mood", True),
        ("sleep_quality", True),
        ("energy", True),
        ("anxiety", False),
        ("pain", False),
    ],
)
def test_each_item_knows_its_direction(item, higher_is_better):
    assert Criteria.for_item(item).higher_is_better is higher_is_better
    assert Criteria(item=item) == Criteria.for_item(item)


def test_presets_are_everyday_and_trial():
    everyday, trial = Criteria.for_item("pain"), Criteria.for_item("pain", "trial")

    assert (everyday.on, everyday.off) == (0.30, 0.20)
    assert (trial.on, trial.off) == (0.50, 0.25)
    assert everyday.version != trial.version


def test_the_version_is_the_same_in_every_process():
    # Stored results carry it: when this fails, RULE or a default has changed.
    assert Criteria().version == "relief-1:c146074665b4"
    assert len(Criteria().version) <= 40


def test_the_version_depends_on_every_field_and_not_on_spelling():
    changed = {
        "item": "energy",
        "higher_is": "worse",
        "combine": "worst",
        "scale_max": 9.0,
        "on": 0.31,
        "off": 0.21,
        "onset_window": 12,
        "floor": 2.0,
        "baseline_inflation": 2.0,
    }
    for field in dataclasses.fields(Criteria):
        if field.name == "parts":
            continue
        value = changed.get(field.name, 4)
        other = dataclasses.replace(Criteria(), **{field.name: value})
        assert other.version != Criteria().version, field.name
    assert Criteria(floor=3, k_on=np.int64(2)).version == Criteria().version


def test_criteria_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Criteria().on = 0.5


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"item": "humour"}, "item must be one of mood, .*'humour'"),
        ({"item": "sleep_hours"}, "item must be a score: sleep_hours are shown"),
        ({"higher_is": "up"}, "higher_is must be better or worse, was 'up'"),
        ({"higher_is": True}, "higher_is must be better or worse, was True"),
        ({"combine": "sum"}, "combine must be mean or worst, was 'sum'"),
        ({"scale_max": 0.0}, "scale_max must be above 0, was 0.0"),
        ({"every_days": 0}, "every_days must be a whole number from 1 .*was 0"),
        ({"item": "composite"}, "item must be one of mood, .*'composite'"),
        ({"parts": (Part("mood"),)}, "parts must be two or more, was 'mood' alone"),
        (
            {"parts": (Part("mood"), Part("mood"))},
            "name an item once, was 'mood' twice",
        ),
        (
            {"parts": (Part("mood"), Part("pain"))},
            "item must be composite with parts, was 'mood'",
        ),
        (
            {"item": "composite", "parts": (Part("mood"), Part("joy"))},
            "item must be one of mood, .*'joy'",
        ),
        (
            {"item": "composite", "parts": (Part("mood"), Part("phq9"))},
            "parts must be daily scores, was 'phq9'",
        ),
        (
            {
                "item": "composite",
                "parts": (Part("mood"), Part("pain")),
                "higher_is": "better",
            },
            "higher_is must be worse for a composite",
        ),
        ({"on": 0.1}, r"0 < off <= on < 1 must hold, was off=0.2, on=0.1"),
        ({"off": 0.0}, r"0 < off <= on < 1 must hold, was off=0.0"),
        ({"on": 1.0}, r"0 < off <= on < 1"),
        ({"on": float("nan")}, "on must be a finite number, was nan"),
        ({"off": "much"}, "off must be a finite number, was 'much'"),
        ({"k_on": 0}, "k_on must be a whole number from 1 .*was 0"),
        ({"k_off": 2.5}, "k_off must be a whole number from 1 .*was 2.5"),
        ({"k_off": True}, "k_off must be a whole number from 1 .*was True"),
        ({"merge_gap": -1}, "merge_gap must be a whole number from 0 .*was -1"),
        ({"series_span": 10**6}, "series_span must be .* to 3650, was 1000000"),
        ({"floor": 0.0}, r"floor must lie in \(0, 10\], was 0.0"),
        ({"floor": 11}, r"floor must lie in \(0, 10\], was 11.0"),
        ({"baseline_inflation": 0.9}, "baseline_inflation must be 1 or more.*0.9"),
        ({"response_logs": 11}, "response_logs must be at most onset_window=10"),
        ({"response_day": 11}, "response_day must be at most onset_window=10"),
    ],
)
def test_a_field_that_breaks_its_rule_is_named(fields, message):
    with pytest.raises(ValueError, match=message):
        Criteria(**fields)


def test_unknown_items_and_presets_are_refused():
    with pytest.raises(ValueError, match=r"item must be one of .*'joy'"):
        Criteria.for_item("joy")
    with pytest.raises(ValueError, match="preset must be one of everyday, trial"):
        Criteria.for_item("mood", "strict")


@pytest.mark.parametrize(
    ("item", "preset"), [("mood", "pain"), ("mood", "phq9"), ("phq9", "everyday")]
)
def test_a_preset_must_fit_its_item(item, preset):
    with pytest.raises(ValueError, match=f"preset must fit the item {item}"):
        Criteria.for_item(item, preset)


def test_the_phq9_is_half_the_sum_before_treatment_from_ten_on():
    criteria = Criteria.for_item("phq9")

    assert (criteria.on, criteria.off, criteria.floor) == (0.50, 0.50, 10)
    assert (criteria.scale_max, criteria.every_days) == (27, 7)


@pytest.mark.parametrize("weight", [0, -1, float("inf"), True, "1"])
def test_a_weight_is_above_0(weight):
    with pytest.raises(ValueError, match=r"weight of pain must be above 0"):
        Criteria.composite({"mood": 1, "pain": weight})


def test_criteria_survive_json():
    criteria = Criteria.composite({"mood": 1, "pain": 2}, "worst", "trial")
    written = json.loads(json.dumps(dataclasses.asdict(criteria)))

    assert Criteria(**written) == criteria
    assert Criteria(**written).version == criteria.version
