import numpy as np
import pandas as pd
import pytest

from tests.unit.tracker.relief.frames import DAY_ZERO, PAIN, diary_of, infusions_of
from tracker import relief
from tracker.relief.panel import read_panel
from tracker.relief.skipped import (
    find_triples,
    skipped_shares,
    skipping_slope,
    usual_share,
)


def panel_of(diary, infusions):
    return read_panel(diary, infusions, PAIN, None)


def alike(rng, days, correlation):
    """Noise of about a point in which neighbouring days are alike."""
    noise = rng.normal(0, 1, days)
    for place in range(1, days):
        fresh = np.sqrt(1 - correlation**2) * noise[place]
        noise[place] = correlation * noise[place - 1] + fresh
    return noise


def habits(slope, *, worse_log_less=False, patients=60, days=200, seed=1):
    """Patients whose log odds of skipping a day rise by `slope` a point."""
    rng = np.random.default_rng(seed)
    parts = []
    for number in range(patients):
        level = rng.uniform(3, 7)
        pain = np.clip(np.rint(level + alike(rng, days, 0.6)), 0, 10)
        usual = (level - 5) if worse_log_less else 0.0
        chance = 1 / (1 + np.exp(1 - usual - slope * (pain - level)))
        logged = np.flatnonzero(rng.random(days) > chance)
        parts.append(
            pd.DataFrame(
                {
                    "patient_id": number,
                    "date": DAY_ZERO + pd.to_timedelta(logged, unit="D"),
                    "pain": pain[logged],
                }
            )
        )
    infusions = pd.DataFrame({"patient_id": range(patients), "date": DAY_ZERO})
    return pd.concat(parts, ignore_index=True), infusions


def fading(slope, seed=2, patients=150):
    """Pain that climbs after an infusion, skipped by its score; none before is."""
    rng = np.random.default_rng(seed)
    parts = []
    for number in range(patients):
        day = np.arange(1, 60)
        level = 3 + 4 * np.minimum(day / rng.uniform(20, 40), 1)
        pain = np.clip(np.rint(level + alike(rng, len(day), 0.4)), 0, 10)
        before = np.clip(np.rint(rng.normal(7, 1, 14)), 0, 10)
        chance = 1 / (1 + np.exp(0.6 - slope * (pain - 5)))
        kept = rng.random(len(day)) > chance
        days = np.concatenate((np.arange(-14, 0), day[kept]))
        parts.append(
            pd.DataFrame(
                {
                    "patient_id": number,
                    "date": DAY_ZERO + pd.to_timedelta(days, unit="D"),
                    "pain": np.concatenate((before, pain[kept])),
                }
            )
        )
    infusions = pd.DataFrame({"patient_id": range(patients), "date": DAY_ZERO})
    return pd.concat(parts, ignore_index=True), infusions


def test_a_triple_lies_between_two_logs_and_no_infusion():
    diary = diary_of(
        {1: 4.0, 2: 5.0, 3: 8.0, 5: 6.0, 9: 2.0, 11: 4.0, 12: 1.0, 14: 3.0}
    )

    found = find_triples(panel_of(diary, infusions_of([0, 13])))

    assert found.beside.tolist() == [6.0, 7.0, 3.0]
    assert found.own[0] == 5
    assert np.isnan(found.own[1:]).all()


@pytest.mark.parametrize("slope", [-0.5, 0.5])
def test_the_slope_is_found(slope):
    assert skipping_slope(panel_of(*habits(slope))) == pytest.approx(slope, abs=0.12)


@pytest.mark.parametrize("slope", [-0.6, 0.6])
def test_the_slope_is_found_though_days_before_treatment_are_all_logged(slope):
    found = skipping_slope(panel_of(*fading(slope)))

    assert 0.4 < found / slope < 1.1


def test_days_skipped_by_chance_have_no_slope():
    assert abs(skipping_slope(panel_of(*fading(0.0)))) < 0.1


def test_patients_who_feel_worse_and_log_less_have_no_slope():
    panel = panel_of(*habits(0.0, worse_log_less=True))
    found = find_triples(panel)

    assert np.corrcoef(found.beside, found.skipped)[0, 1] > 0.15
    assert abs(skipping_slope(panel)) < 0.2


@pytest.mark.parametrize(
    "days",
    [pytest.param([], id="none"), pytest.param([1, 2, 3, 5, 6], id="too-few")],
)
def test_a_record_that_cannot_tell_has_no_slope(days):
    panel = panel_of(diary_of(dict.fromkeys(days, 5.0)), infusions_of([0]))

    assert skipping_slope(panel) == 0


def test_a_patients_share_is_drawn_to_the_clinics():
    logged, expected = np.array([100.0, 50.0, 0.0]), np.array([100.0, 100.0, 0.0])
    usual = usual_share(logged, expected)
    share = skipped_shares(logged, expected, usual)

    assert usual == 0.25
    assert share[0] < share[2] < share[1]
    assert share[2] == usual
    assert usual_share(np.zeros(1), np.zeros(1)) == 0


def test_durations_allow_for_bad_days_that_were_skipped():
    # Half of the skipped days are bad ones nobody saw: relief is shorter than it looks.
    diary, infusions = fading(0.6)
    model = relief.ReliefModel.fit(diary, infusions, PAIN, recalibrate=False)
    blind = relief.ReliefModel.from_dict(model.to_dict() | {"skipping": 0.0})

    allowed = model.relief_distribution(diary, infusions).attrs["mean_60"]
    ignored = blind.relief_distribution(diary, infusions).attrs["mean_60"]

    assert model.skipping > 0.2
    assert allowed < ignored - 0.3
