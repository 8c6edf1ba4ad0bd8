"""Short relief between missing days is the likeliest to go unseen."""

import numpy as np
import pandas as pd
import pytest

from tests.unit.tracker.relief.frames import DAY_ZERO, PAIN
from tracker import relief
from tracker.relief.completed import complete
from tracker.relief.cycles import prepare

DAYS, SPELLS = 60, 4


def sparse_clinic(seed, patients=120, missing=0.7):
    """Short spells of relief, most days missing; also the complete diary."""
    rng = np.random.default_rng(seed)
    complete_days, infused = [], []
    for number in range(patients):
        usual = np.log(9) + rng.normal(0, 0.4)
        complete_days.append(rows(number, np.arange(-20, 0), 7 + noise(rng, 20)))
        for spell in range(SPELLS):
            zero = spell * (DAYS + 1)
            infused.append((number, zero))
            lasts = np.exp(usual + rng.normal(0, 0.3))
            day = np.arange(1, DAYS + 1)
            share = 0.65 * np.exp(-day * np.log(0.65 / 0.2) / lasts)
            pain = 7 * (1 - share) + noise(rng, DAYS)
            complete_days.append(rows(number, zero + day, pain))
    whole = pd.concat(complete_days, ignore_index=True)
    whole["pain"] = np.clip(np.rint(whole["pain"]), 0, 10)
    before = whole["date"] < DAY_ZERO
    seen = before | (rng.random(len(whole)) > missing)
    infusions = pd.DataFrame(infused, columns=["patient_id", "day"])
    infusions["date"] = DAY_ZERO + pd.to_timedelta(infusions.pop("day"), unit="D")
    return whole[seen].reset_index(drop=True), whole, infusions


def rows(number, days, pain):
    dates = DAY_ZERO + pd.to_timedelta(days, unit="D")
    return pd.DataFrame({"patient_id": number, "date": dates, "pain": pain})


def noise(rng, days):
    return rng.normal(0, 0.8, days)


@pytest.fixture(scope="module")
def sparse():
    seen, whole, infusions = sparse_clinic(5)
    model = relief.ReliefModel.fit(seen, infusions, PAIN, recalibrate=False)
    return model, seen, whole, infusions


def true_mean(model, whole, infusions):
    """Mean days by the rule put to the complete diary, each at most 60."""
    spells = relief.find_spells(
        whole, infusions, PAIN, population=model.population
    ).query("onset.notna()")
    return np.minimum(spells["upper"], 60).mean()


def test_relief_that_went_unseen_is_allowed_for(sparse):
    model, seen, whole, infusions = sparse
    truth = true_mean(model, whole, infusions)
    cycles = prepare(model.assess(seen, infusions), model.noise, PAIN.floor)
    seen_alone = complete(model, cycles).survival().mean(axis=0)[:60].sum()

    found = model.relief_distribution(seen, infusions).attrs

    assert seen_alone > truth * 1.15
    assert found["mean_60"] == pytest.approx(truth, rel=0.08)
    assert found["n_spells"] == cycles.responded.sum()


def test_a_series_that_surely_brought_none_counts_for_nothing(sparse):
    model, _, whole, infusions = sparse
    flat = whole.assign(pain=7.0)
    found = model.assess(flat, infusions)
    done = complete(model, prepare(found, model.noise, PAIN.floor), unseen=True)

    assert (found.status == "no_response").all()
    assert done.survival()[:, 0].max() < 0.05
