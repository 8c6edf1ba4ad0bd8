import numpy as np
import pandas as pd
import pytest

from tests.unit.tracker.relief.frames import (
    NOTHING_BORROWED,
    PAIN,
    diary_of,
    infusions_of,
    scores_from,
)
from tracker.relief.response import Response, count_responses, fit_response
from tracker.relief.spells import assess

LAST_FOR = {"relief": "2" * 12 + "8" * 8, "none": "8" * 20, "silent": "." * 20}


def assessed(answers):
    """Patients from lists of answers, each series twenty-one days apart."""
    diaries, infusions = [], []
    for patient, series in enumerate(answers):
        scores = scores_from("8" * 20, -20)
        for number, answer in enumerate(series):
            scores |= scores_from(LAST_FOR[answer], 21 * number + 1)
        diaries.append(diary_of(scores, patient))
        infused = [21 * number for number in range(len(series))]
        infusions.append(infusions_of(infused, patient))
    return assess(
        pd.concat(diaries), pd.concat(infusions), PAIN, population=NOTHING_BORROWED
    )


def test_counts_leave_out_what_could_not_be_assessed():
    found = assessed([["relief", "none", "silent"], ["none"], ["silent"]])
    failed, answered = count_responses(found)
    assert failed.tolist() == [1, 1, 0]
    assert answered.tolist() == [2, 1, 0]


def test_each_failure_raises_the_chance_of_the_next():
    response = Response(failures=1.0, successes=3.0)
    chance = response.chance_of_none(np.array([0, 1, 3, 0]), np.array([0, 1, 3, 6]))
    np.testing.assert_allclose(chance, [1 / 4, 2 / 5, 4 / 7, 1 / 10])


def test_without_a_series_the_share_is_the_priors():
    found = fit_response(assessed([["silent"]]), 0.76)
    share = found.failures / (found.failures + found.successes)
    assert share == pytest.approx(0.24, abs=0.005)
    assert found.failures + found.successes == pytest.approx(4, rel=0.05)


def test_a_clinic_moves_the_share_to_its_own():
    answers = [["relief"] * 3] * 4 + [["none"] * 3] * 16
    found = fit_response(assessed(answers), 0.76)
    share = found.failures / (found.failures + found.successes)
    assert 0.65 < share < 0.8


def test_patients_alike_within_and_unlike_each_other_weigh_their_own_past():
    unlike = fit_response(assessed([["relief"] * 4] * 10 + [["none"] * 4] * 10), 0.5)
    alike = fit_response(assessed([["relief", "none"] * 2] * 20), 0.5)
    after = [
        found.chance_of_none(np.array([3.0]), np.array([3.0]))[0]
        for found in (unlike, alike)
    ]
    assert after[0] > 0.9
    assert after[1] < 0.75


def test_the_fit_is_that_of_a_beta_binomial_found_by_search():
    answers = [["relief"] * 3] * 5 + [["none", "relief"]] * 4 + [["none"]] * 2
    found = fit_response(assessed(answers), 0.76)
    grid = [
        (_log_posterior(mean, total), mean, total)
        for mean in np.linspace(0.05, 0.6, 111)
        for total in np.geomspace(0.5, 60, 121)
    ]
    _, mean, total = max(grid)
    ours = found.failures + found.successes
    assert found.failures / ours == pytest.approx(mean, abs=0.006)
    assert ours == pytest.approx(total, rel=0.05)


def _log_posterior(mean, total):
    """Of the answers above, each as a product of one series after another."""
    a, b = mean * total, (1 - mean) * total
    likelihood = (b * (b + 1) * (b + 2) / total / (total + 1) / (total + 2)) ** 5
    likelihood *= (a * b / total / (total + 1)) ** 4 * (a / total) ** 2
    prior = 0.24 * 4 * np.log(mean) + 0.76 * 4 * np.log(1 - mean)
    return np.log(likelihood) + prior - 0.5 * (np.log(total) - np.log(4)) ** 2
