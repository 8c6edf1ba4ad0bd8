import numpy as np
import pandas as pd
import pytest

from tests.unit.tracker.relief.frames import DAY_ZERO, PAIN, day, diary_of, infusions_of
from tests.unit.tracker.relief.simulated import noise, relief_curve
from tracker import relief
from tracker.relief.trends import LEAST_SPELLS, DoseEffect

SERIES = 6


def clinic(
    seed, slope, *, patients=40, per_tenth=0.0, between=0.3, within=0.2, doses=None
):
    """Spells seen to their end; log durations change by `slope` each series.

    Returns the frames, and each patient's own expected change in days.
    """
    rng = np.random.default_rng(seed)
    logs, given, truth = [], [], {}
    for number in range(patients):
        own = np.log(20) + between * rng.normal()
        logs.append(rows(number, np.arange(-20, 0), 7 + noise(rng, 20, 0.7)))
        zero = 0
        tenths = rng.choice([5, 6, 7, 8], SERIES) if doses is None else doses
        for place in range(SERIES):
            shift = slope * place + per_tenth * (tenths[place] - 5)
            duration = np.exp(own + shift + within * rng.normal())
            length = int(min(duration * 1.6 + 12, 100))
            level = relief_curve(np.arange(1, length + 1), duration, 0.65)
            pain = 7 * (1 - level) + noise(rng, length, 0.7)
            logs.append(rows(number, zero + np.arange(1, length + 1), pain))
            given.append((number, day(zero), tenths[place] / 10))
            zero += length + 8
        truth[number] = np.exp(own + slope * (SERIES - 1)) - np.exp(own)
    infusions = pd.DataFrame(given, columns=["patient_id", "date", "mg_per_kg"])
    infusions = infusions.assign(agent="ketamine", route="iv")
    return pd.concat(logs, ignore_index=True), infusions, truth


def rows(number, days, pain):
    dates = DAY_ZERO + pd.to_timedelta(days, unit="D")
    scores = np.clip(np.rint(pain), 0, 10)
    return pd.DataFrame({"patient_id": number, "date": dates, "pain": scores})


def fitted(diary, infusions):
    return relief.ReliefModel.fit(diary, infusions, PAIN, recalibrate=False)


@pytest.fixture(scope="module")
def tolerant():
    diary, infusions, truth = clinic(3, -0.12)
    return fitted(diary, infusions), diary, infusions, truth


def test_tolerance_is_found_with_the_right_width(tolerant):
    model, diary, infusions, truth = tolerant
    table = relief.duration_trend(model, diary, infusions)
    found = table.set_index("patient_id")

    assert table.attrs["slope"] == pytest.approx(-0.12, abs=0.03)
    assert table.attrs["slope_low"] < table.attrs["slope"] < table.attrs["slope_high"]
    expected = pd.Series(truth).reindex(found.index)
    inside = (found["low"] <= expected) & (expected <= found["high"])
    assert 0.6 <= inside.mean() <= 1
    assert (found["p_shortening"] > 0.9).mean() > 0.8
    assert (found["change_days"] < 0).all()


def test_without_a_trend_none_is_found():
    diary, infusions, _ = clinic(4, 0.0)
    found = relief.duration_trend(fitted(diary, infusions), diary, infusions)

    assert abs(found.attrs["slope"]) < 0.04
    assert abs(found["p_shortening"].mean() - 0.5) < 0.3
    assert (found["low"] < 0).mean() > 0.6


def test_two_series_show_no_direction(tolerant):
    model, diary, infusions, _ = tolerant
    last = infusions["date"][infusions["patient_id"] == 0].iloc[LEAST_SPELLS - 1]
    own = infusions[(infusions["patient_id"] == 0) & (infusions["date"] < last)]
    logs = diary[(diary["patient_id"] == 0) & (diary["date"] < last)]
    row = relief.duration_trend(model, logs, own).iloc[0]

    assert (row["n_spells"], row["reason"]) == (2, "too_few_spells")
    assert np.isnan(row["change_days"])
    assert "2 series brought relief, and 3 are needed" in relief.trend_words(row)


def test_order_of_rows_and_labels_do_not_matter(tolerant):
    model, diary, infusions, _ = tolerant
    few = diary["patient_id"] < 8
    frames = diary[few], infusions[infusions["patient_id"] < 8]
    plain = relief.duration_trend(model, *frames)
    mixed = [frame.sample(frac=1, random_state=1) for frame in frames]
    renamed = [
        frame.assign(patient_id="p" + frame["patient_id"].astype(str))
        for frame in mixed
    ]
    again = relief.duration_trend(model, *renamed)

    assert again["patient_id"].tolist() == [f"p{number}" for number in range(8)]
    numbers = list(plain.columns[1:-1])
    np.testing.assert_allclose(again[numbers], plain[numbers], rtol=1e-4)


def test_nobody_treated_gives_an_empty_table(tolerant):
    model, diary, infusions, _ = tolerant
    found = relief.duration_trend(model, diary[:0], infusions[:0])

    assert found.empty
    assert {"change_days", "low", "high", "reason"} <= set(found.columns)


@pytest.mark.parametrize(
    ("low", "change", "high", "words"),
    [
        (-11, -6, -1, "Relief has shortened by 6 days over 5 series"),
        (1, 4, 8, "Relief has lengthened by 4 days over 5 series"),
        (-3, 1, 6, "No clear change over 5 series with relief (80 % interval -3 to +6"),
    ],
)
def test_a_trend_is_said_with_its_interval(low, change, high, words):
    row = {"low": low, "change_days": change, "high": high, "n_spells": 5, "reason": ""}

    said = relief.trend_words(row)
    assert words in said
    if low * high > 0:
        small, large = sorted((abs(low), abs(high)))
        assert f"(80 % interval {small} to {large})" in said


def test_the_effect_of_a_dose_is_found_within_patients():
    diary, infusions, _ = clinic(5, 0.0, per_tenth=0.2)
    found = relief.dose_effect(fitted(diary, infusions), diary, infusions)

    assert found.reason == ""
    assert (found.agent, found.route) == ("ketamine", "iv")
    # What the model completes is drawn to the patient's usual: never beyond the truth.
    assert 1.05 < found.ratio < np.exp(0.2) * 1.05
    assert found.lower > 1
    assert "In the same patient" in relief.dose_words(found)


def test_a_higher_dose_in_whom_relief_is_short_is_no_effect_of_the_dose():
    diary, infusions, _ = clinic(6, 0.0)
    mean = diary.groupby("patient_id")["pain"].mean()
    high = infusions["patient_id"].map(mean > mean.median())
    infusions = infusions.assign(mg_per_kg=np.where(high, 1.0, 0.5))

    found = relief.dose_effect(fitted(diary, infusions), diary, infusions)
    assert found.reason == "too_few_patients"
    assert np.isnan(found.ratio)
    assert "the dose varied in 0 patients" in relief.dose_words(found)


def test_mixed_agents_and_other_routes_are_kept_out(tolerant):
    model, diary, infusions, _ = tolerant
    nasal = infusions["patient_id"] < 10
    mixed = infusions.assign(route=np.where(nasal, "in", "iv"))

    whole = relief.dose_effect(model, diary, infusions)
    part = relief.dose_effect(model, diary, mixed)
    assert part.route == "iv"
    assert part.n_patients == whole.n_patients - 10


def test_a_dose_effect_is_said_with_its_interval():
    effect = DoseEffect(1.12, 0.95, 1.31, 9, 40, "ketamine", "iv", "")

    assert relief.dose_words(effect) == (
        "In the same patient, 0.1 mg/kg more went with relief 1.12 times as long "
        "(95 % interval 0.95 to 1.31; 9 patients). Doses were not drawn by lot."
    )


def test_infusions_without_doses_are_too_few(tolerant):
    model, *_ = tolerant
    diary = diary_of({-1: 8.0, -2: 8.0, 1: 2.0, 2: 2.0})
    found = relief.dose_effect(model, diary, infusions_of([0]))

    assert (found.n_patients, found.reason) == (0, "too_few_patients")
