"""Equal to R's survival, npsurv and lme4; see tests/references/r_values.R."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize
from scipy.special import logsumexp, ndtri

from tracker import relief
from tracker.relief import durations as dur
from tracker.relief.curves import make_grid
from tracker.relief.interval import npmle

STORED = Path(__file__).parents[3] / "references" / "r_values.json"


def numbers(values, missing=np.nan):
    return np.array([missing if value is None else value for value in values], float)


@pytest.fixture(scope="module")
def of_r():
    return json.loads(STORED.read_text())


def spells_of(stored, patient):
    day, lost = numbers(stored["day"]), numbers(stored["lost"]) > 0
    return pd.DataFrame(
        {
            "patient_id": patient,
            "status": np.where(lost, "lost", "holding"),
            "lower": np.where(lost, day - 1, day),
            "upper": np.where(lost, day, np.inf),
            "confirmable": np.where(lost, np.nan, day),
            "pending": 0,
        }
    )


@pytest.mark.parametrize(
    ("curve", "weights"),
    [("greenwood", "infusion"), ("infusion", "infusion"), ("patient", "patient")],
)
def test_curve_and_limits_equal_survfit(of_r, curve, weights):
    stored, expected = of_r["spells"], of_r[curve]
    alone = curve == "greenwood"
    patient = range(len(stored["day"])) if alone else stored["patient"]
    found = relief.kaplan_meier(spells_of(stored, patient), weights)
    at = found.set_index("day").loc[expected["day"]]

    for column in ("at_risk", "survival", "lower", "upper"):
        np.testing.assert_allclose(
            at[column], numbers(expected[column]), rtol=0, atol=1e-12
        )


@pytest.mark.parametrize("curve", ["greenwood", "infusion", "patient"])
def test_standard_errors_equal_survfit(of_r, curve):
    stored, expected = of_r["spells"], of_r[curve]
    alone = curve == "greenwood"
    patient = range(len(stored["day"])) if alone else stored["patient"]
    weights = "patient" if curve == "patient" else "infusion"
    found = relief.kaplan_meier(spells_of(stored, patient), weights)
    at = found.set_index("day").loc[expected["day"]]
    inside = at["survival"].between(0, 1, inclusive="neither").to_numpy()
    at = at[inside]
    log = -np.log(at["survival"])
    # Undo the log-log limits.
    spread = np.log(-np.log(at["lower"]) / log) / ndtri(0.975)

    assert len(at) > 20
    np.testing.assert_allclose(
        spread * log * at["survival"], numbers(expected["std_err"])[inside], atol=1e-12
    )


def test_interval_estimate_equals_npsurv(of_r):
    lower = numbers(of_r["intervals"]["lower"])
    upper = numbers(of_r["intervals"]["upper"], np.inf)
    expected, found = of_r["npsurv"], npmle(lower, upper)

    np.testing.assert_array_equal(found.left, numbers(expected["left"]))
    np.testing.assert_array_equal(found.right, numbers(expected["right"], np.inf))
    np.testing.assert_allclose(found.mass, numbers(expected["mass"]), atol=1e-10)
    assert found.log_likelihood == pytest.approx(expected["log_likelihood"], abs=1e-9)
    assert found.gap <= 1e-8


def test_random_effect_durations_equal_lme4(of_r, monkeypatch):
    """Exact durations on nodes of the grid, and no belief before the data.

    One of these 120 patients lies 3.2 spreads out, where the grid of effects ends.
    """
    monkeypatch.setattr(dur, "EFFECT_RANGE", 4.5)
    monkeypatch.setattr(dur, "_BELIEF_SPREAD", np.full(5, 1e6))
    stored, grid = of_r["nodes"], make_grid(0.2)
    node = np.array(stored["node"])
    x = np.stack((stored["induction"], np.log(stored["number"])), axis=1)
    typed = np.zeros((len(node), len(grid.log_durations), 7, 9), np.float32)
    typed[np.arange(len(node)), node, 0, 0] = 1
    first = np.unique(stored["patient"], return_index=True)[1]
    chance = np.zeros((len(first), 7, 9))
    chance[:, 0, 0] = 1
    prior = dataclasses.replace(dur.Prior(), log_days_sd=1e6)
    found = dur.Durations.prior(prior)
    for _ in range(3):
        found = dur.update_spread(
            found, typed, chance, dur.Groups.of(x), first, prior, grid
        )
    expected = of_r["lme4"]

    np.testing.assert_allclose(
        [found.mean, *found.effects], expected["coefficients"], atol=1e-4
    )
    assert found.between == pytest.approx(expected["between"], abs=1e-4)
    assert found.within == pytest.approx(expected["within"], abs=1e-4)


def test_interval_likelihood_equals_survreg(of_r, monkeypatch):
    """The rival's log-normal likelihood, its patients alike."""
    monkeypatch.syspath_prepend(Path(__file__).parents[4] / "benchmarks")
    from evaluate import rivals

    stored, expected = of_r["durations"], of_r["survreg"]
    spells = pd.DataFrame(
        {
            "lower": numbers(stored["lower"]),
            "upper": numbers(stored["upper"], np.inf),
            "n_infusions": np.where(stored["course"], 6, 1),
            "series": stored["cycle"],
        }
    )
    n = len(spells)
    records = rivals._Records.of(spells, np.arange(n), n)
    model = rivals.RandomEffect.__new__(rivals.RandomEffect)

    def loss(theta):
        at = np.array([*theta[:3], np.log(1e-9), theta[3]])
        return -logsumexp(model._by_node(at, records)[0], axis=1).sum()

    found = minimize(loss, [3, 0, 0, 0], method="BFGS", options={"gtol": 1e-5})
    np.testing.assert_allclose(found.x[:3], expected["coefficients"], atol=1e-4)
    assert np.exp(found.x[3]) == pytest.approx(expected["scale"], abs=1e-4)
    assert -found.fun == pytest.approx(expected["log_likelihood"], abs=1e-6)
