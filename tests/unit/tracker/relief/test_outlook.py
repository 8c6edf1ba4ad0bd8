import dataclasses
import itertools

import numpy as np
import pandas as pd
import pytest

from tests.unit.tracker.relief.contract import WINDOW, check_contract
from tests.unit.tracker.relief.frames import (
    DAY_ZERO,
    PAIN,
    day,
    diary_of,
    infusions_of,
    scores_from,
)
from tests.unit.tracker.relief.frames import clinic as awkward_clinic
from tracker import relief
from tracker.relief.curves import DAYS
from tracker.relief.outlook import (
    HORIZON_CHANCE,
    HORIZON_DAYS,
    REASONS,
    make_outlook,
    quantiles,
)
from tracker.relief.words import STATE_WORDS

NAN, INF = np.nan, np.inf
PRIOR = relief.ReliefModel.from_prior(PAIN, relief.Population())


def outlook_of(
    after, *, before="8" * 20, as_of=None, infused=(0,), model=PRIOR, **columns
):
    """The outlook of one patient: scores from day 1, and those up to day -1."""
    scores = scores_from(before, -len(before)) | scores_from(after, 1)
    until = None if as_of is None else day(as_of)
    return model.forecast(diary_of(scores), infusions_of(infused, **columns), until)


@pytest.mark.parametrize("as_of", [-30, 0, 3, 9, 15, 30, 60, 120, 400])
def test_every_row_keeps_the_contract(simulated, model, as_of):
    check_contract(model.forecast(*simulated.frames, day(as_of)))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("as_of", [40, 90, None])
def test_an_awkward_clinic_keeps_the_contract(seed, as_of):
    diary, infusions = awkward_clinic(seed)
    until = None if as_of is None else day(as_of)
    model = relief.ReliefModel.fit(diary, infusions, PAIN, until, recalibrate=False)
    table = model.forecast(diary, infusions, until)
    check_contract(table)
    assert table["patient_id"].tolist() == sorted(
        set(diary["patient_id"]) | set(infusions["patient_id"])
    )


def test_the_day_counts_from_the_last_infusion_to_as_of():
    row = outlook_of("2" * 10, as_of=30, infused=(0, 3)).iloc[0]
    assert row["series_start"] == DAY_ZERO
    assert row["last_infusion"] == day(3)
    assert row["day"] == 27


def test_levels_are_points_of_burden():
    row = outlook_of("2222").iloc[0]
    assert row["baseline"] == 8
    assert row["on_level"] == pytest.approx(5.6)
    assert row["off_level"] == pytest.approx(6.4)
    mood = relief.ReliefModel.from_prior(relief.Criteria(), relief.Population())
    assert outlook_of("2222", model=mood).iloc[0]["baseline"] == 8


def test_last_relief_day_is_the_last_logged_day_in_relief():
    assert outlook_of("2222.2.77").iloc[0]["last_relief_day"] == 6
    assert np.isnan(outlook_of("8").iloc[0]["last_relief_day"])


GOOD = "2" * 12
CASES = {
    "no series": ({"after": "", "infused": ()}, "no series", "no_series"),
    "not yet": ({"after": "", "as_of": -3}, "no series", "no_series"),
    "inducing": ({"after": "222222", "unfinished": [True]}, "inducing", "inducing"),
    "no baseline": ({"after": GOOD, "before": ""}, "not assessable", "no_baseline"),
    "floor": ({"after": GOOD, "before": "2" * 20}, "not assessable", "floor"),
    "silence": ({"after": GOOD, "as_of": 27}, "not assessable", "silence"),
    "never a log": ({"after": "", "as_of": 15}, "not assessable", "silence"),
    "lost": ({"after": "22222888"}, "lost", "lost"),
    "no response": ({"after": "8" * 10}, "no response", "no_response"),
    "likely none": ({"after": "8888"}, "awaiting onset", "no_response_likely"),
    "weak": ({"after": GOOD, "before": "88"}, "in relief", "weak_baseline"),
    "too few days": ({"after": "222"}, "in relief", "too_few_days"),
    "just infused": ({"after": ""}, "awaiting onset", "too_few_days"),
    "no end": ({"after": "2" * 91}, "in relief", "no_end_in_sight"),
    "in relief": ({"after": GOOD}, "in relief", ""),
    "pending loss": ({"after": GOOD + "88"}, "pending loss", ""),
    "not seen beginning": (
        {"after": GOOD + "." * 13 + "5.7", "infused": (0, 20), "as_of": 37},
        "not assessable",
        "unseen",
    ),
    "too few logs for an answer": (
        {"after": "88888.....", "as_of": 12},
        "not assessable",
        "no_response_likely",
    ),
}


@pytest.mark.parametrize(("given", "state", "reason"), CASES.values(), ids=CASES)
def test_state_and_reason(given, state, reason):
    table = outlook_of(**given)
    assert table["state"].tolist() == [state]
    assert table["reason"].tolist() == [reason]
    check_contract(table)


# Given by the caller who knows how earlier forecasts have done.
ELSEWHERE = {"not_calibrated"}


def test_every_reason_is_reached_by_a_case():
    reached = {reason for _, _, reason in CASES.values()} - {""}
    assert reached | ELSEWHERE == set(REASONS)


def test_every_state_is_reached_by_a_case():
    assert {state for _, state, _ in CASES.values()} == set(STATE_WORDS)


def test_survival_is_filled_wherever_there_is_a_distribution():
    withheld = [
        {"after": "222"},
        {"after": GOOD, "as_of": 27},
        {"after": "22222888"},
        {"after": "8" * 10},
        {"after": "222222", "unfinished": [True]},
        {"after": "2" * 91},
    ]
    for given in withheld:
        table = outlook_of(**given)
        assert table["reason"].tolist() != [""]
        assert not np.isnan(table.attrs["survival"]).any()
    assert np.isnan(outlook_of(GOOD, before="").attrs["survival"]).all()


def test_without_an_answer_relief_is_not_believed():
    row = outlook_of("8" * 10).iloc[0]
    assert row["p_no_response"] == 1
    assert row["p_in_relief"] == 0


def test_a_confirmed_loss_lies_on_its_first_day_at_the_latest():
    table = outlook_of("22222888")
    survival = table.attrs["survival"][0]
    assert (survival[:6] == 1).all()
    assert (survival[6:] == 0).all()
    hidden = outlook_of("22222...888").attrs["survival"][0]
    assert (hidden[:6] == 1).all()
    assert (hidden[9:] == 0).all()
    assert 0 < hidden[6] < 1


def test_an_open_course_is_recorded_by_any_of_its_infusions():
    flags = pd.array([True, None], "boolean")
    table = outlook_of("2222222", infused=(0, 3), unfinished=flags)
    assert table["state"].tolist() == ["inducing"]
    closed = outlook_of("2222222", infused=(0, 3), unfinished=[False, False])
    assert closed["state"].tolist() == ["in relief"]


def test_a_course_left_open_for_too_long_is_no_longer_waited_for():
    table = outlook_of("2" * 22, unfinished=[True])
    assert table["state"].tolist() == ["in relief"]


@pytest.mark.parametrize("early", [0.2, 1.0, 3.0, 20.0])
@pytest.mark.parametrize("late", [1.0, 3.0])
def test_the_window_lies_about_the_quantile_of_the_costs(simulated, model, early, late):
    rule = relief.BookingRule(cost_early=early, cost_late=late, min_interval_days=10)
    table = make_outlook(model, *simulated.frames, day(25), rule)
    middle = early / (early + late)
    shares = [min(0.6 * middle, 0.9), middle, min(1.6 * middle, 0.9)]
    given = np.flatnonzero(table["reason"] == "")
    assert len(given) > 5
    for row, (name, share) in itertools.product(
        given, zip(WINDOW, shares, strict=True)
    ):
        expected = quantiles(table.attrs["survival"][[row]], share)[0]
        earliest = max(table["day"][row] + 1, 10)
        assert table[name][row] == max(expected, earliest)


def test_a_window_lies_neither_in_the_past_nor_inside_the_least_interval():
    rule = relief.BookingRule(min_interval_days=60)
    scores = scores_from("8" * 20, -20) | scores_from(GOOD + "8", 1)
    args = (diary_of(scores), infusions_of([0]))
    table = make_outlook(PRIOR, *args, rule=rule)
    assert (table[WINDOW].to_numpy() >= 60).all()
    soon = make_outlook(PRIOR, *args, rule=relief.BookingRule(min_interval_days=0))
    assert soon["window_from"].tolist() == [14]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"cost_early": 0}, "cost_early must be above 0, was 0"),
        ({"cost_late": -1.0}, "cost_late must be above 0, was -1.0"),
        ({"cost_late": INF}, "cost_late must be above 0, was inf"),
        ({"min_interval_days": 181}, "min_interval_days must lie in 0 to 180, was 181"),
        ({"min_interval_days": -1}, "min_interval_days must lie in 0 to 180, was -1"),
    ],
)
def test_a_booking_rule_that_makes_no_sense_is_refused(changed, message):
    with pytest.raises(ValueError, match=message):
        relief.BookingRule(**changed)


def test_no_end_in_sight_is_a_chance_beyond_the_horizon(simulated, model):
    table = model.forecast(*simulated.frames, day(25))
    beyond = table.attrs["survival"][:, HORIZON_DAYS] > HORIZON_CHANCE
    assert ((table["reason"] == "no_end_in_sight") <= beyond).all()
    assert not (beyond & (table["reason"] == "")).any()


def test_an_earlier_spell_makes_up_for_few_days():
    scores = scores_from("8" * 20, -20) | scores_from("2" * 20 + "8" * 10, 1)
    scores |= {32: 2.0, 33: 2.0}
    table = PRIOR.forecast(diary_of(scores), infusions_of([0, 31]))
    assert table["state"].tolist() == ["in relief"]
    assert table["reason"].tolist() == [""]
    assert table["n_earlier_spells"].tolist() == [1]
    assert table["days_logged"].tolist() == [2]


def test_a_scale_widens_the_forecast_about_its_median(model, frames):
    wider = dataclasses.replace(model, scale=1.3)
    plain = model.forecast(*frames, day(40))
    wide = wider.forecast(*frames, day(40))
    held = (plain["p_no_response"] == 0).to_numpy() & (plain["state"] != "lost")
    assert held.sum() > 5
    assert (wide["q50"] == plain["q50"])[held].all()
    assert (wide["q90"] >= plain["q90"])[held].all()
    assert (wide["q10"] <= plain["q10"])[held].all()


@pytest.mark.parametrize("share", [0.05, 0.5, 0.95])
def test_a_quantile_is_the_first_day_reached(share):
    survival = np.ones((3, DAYS + 1))
    survival[0, 30:] = 0
    survival[2] = NAN
    found = quantiles(survival, share)
    np.testing.assert_array_equal(found, [30, INF, NAN])


def test_relief_that_fades_after_long_is_planned_for_again():
    # Three months in relief, and near the mark for a week: the end is in sight.
    fading = outlook_of("2" * 95 + "566566566566").iloc[0]
    steady = outlook_of("2" * 107).iloc[0]

    assert fading["reason"] == ""
    assert fading["window_from"] > fading["day"]
    assert steady["reason"] == "no_end_in_sight"
