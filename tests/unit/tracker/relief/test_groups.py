import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.references.lifelines_values import REMISSION
from tests.unit.tracker.relief.frames import PAIN, clinic
from tracker import relief
from tracker.relief.groups import compare, restricted_mean

# Of lifelines 0.30.3; see tests/references/lifelines_values.py.
REMISSION_MEANS = {
    10: 9.277310924369745,
    20: 16.116526610644254,
    35: 23.287394957983185,
}
REMISSION_MEDIAN = 23.0
COUNTS = ["n_patients", "n_spells"]
ABOUT = ["group", "reason"]


def spells_of(durations, patients=None, **columns):
    """A frame of spells from (day, lost), one a patient unless told."""
    day = np.array([day for day, _ in durations], float)
    lost = np.array([lost for _, lost in durations], bool)
    patient = pd.Series(range(len(day)) if patients is None else patients)
    return pd.DataFrame(
        {
            "patient_id": patient,
            "series": patient.groupby(patient).cumcount() + 1,
            "n_infusions": 1,
            "agent": "ketamine",
            "route": "iv",
            "mg_per_kg": 0.5,
            "mixed_agents": False,
            "status": np.where(lost, "lost", "cut_by_infusion"),
            "lower": np.where(lost, day - 1, day),
            "upper": np.where(lost, day, np.inf),
            "confirmable": np.where(lost, np.nan, day),
            "pending": 0,
        }
        | columns
    )


def random_spells(seed, n=200, n_patients=30, **columns):
    rng = np.random.default_rng(seed)
    day = rng.integers(1, 40, n).tolist()
    lost = (rng.random(n) < 0.7).tolist()
    patients = np.sort(rng.integers(0, n_patients, n))
    return spells_of(list(zip(day, lost, strict=True)), patients, **columns)


def area_left_out(spells, horizon):
    """Restricted mean without each patient in turn: the jackknife, plainly."""
    areas = []
    for patient in spells["patient_id"].unique():
        others = spells[spells["patient_id"] != patient]
        survival = relief.kaplan_meier(others)["survival"]
        areas.append(survival.reindex(range(horizon)).ffill().sum())
    return np.array(areas)


def group_of(table):
    return table.set_index("group")


@pytest.mark.parametrize(("horizon", "mean"), REMISSION_MEANS.items())
def test_restricted_mean_equals_lifelines(horizon, mean):
    curve = relief.kaplan_meier(spells_of(REMISSION))

    assert restricted_mean(curve, horizon).estimate == pytest.approx(mean, abs=1e-12)
    assert relief.median(curve).estimate == REMISSION_MEDIAN


@pytest.mark.parametrize("horizon", [8, 20, 35])
def test_with_one_spell_each_the_variance_is_greenwoods(horizon):
    curve = relief.kaplan_meier(spells_of(REMISSION))
    survival, at_risk = curve["survival"], curve["at_risk"]
    lost = [day for day in curve.loc[curve["events"] > 0, "day"] if day < horizon]
    variance = sum(
        survival[day:horizon].sum() ** 2
        * curve["events"][day]
        / (at_risk[day] * (at_risk[day] - curve["events"][day]))
        for day in lost
    )
    of_curve = restricted_mean(curve, horizon)
    of_spells = restricted_mean(curve, horizon, spells_of(REMISSION))

    assert of_curve.standard_error == pytest.approx(variance**0.5, rel=1e-9)
    assert of_spells.standard_error == pytest.approx(
        (variance * 21 / 20) ** 0.5, rel=1e-9
    )
    half = (of_curve.upper - of_curve.lower) / 2
    if of_curve.upper < horizon:
        assert half == pytest.approx(1.959963984540054 * variance**0.5, rel=1e-9)
    # Student's 97.5 % point with 20 degrees of freedom.
    reach = of_spells.estimate - of_spells.lower
    assert reach == pytest.approx(2.085963447 * of_spells.standard_error, rel=1e-8)


def test_clustered_error_is_near_the_jackknife_without_each_patient():
    spells = random_spells(1, n=600, n_patients=60)
    curve = relief.kaplan_meier(spells)
    areas = area_left_out(spells, 30)
    expected = np.sqrt(59 / 60 * ((areas - areas.mean()) ** 2).sum())

    found = restricted_mean(curve, 30, spells).standard_error
    assert found == pytest.approx(expected, rel=0.03)


def test_copies_of_a_patients_spells_add_no_certainty():
    one_each = random_spells(2, n=40, n_patients=10**6)
    tenfold = pd.concat([one_each] * 10)
    curve, more = relief.kaplan_meier(one_each), relief.kaplan_meier(tenfold)

    assert restricted_mean(more, 30, tenfold) == pytest.approx(
        restricted_mean(curve, 30, one_each)
    )
    assert restricted_mean(more, 30) == pytest.approx(restricted_mean(curve, 30))


def test_limits_cover_where_patients_are_unlike_each_other():
    rng = np.random.default_rng(3)
    truth = np.minimum(np.ceil(rng.lognormal(3, 0.85, 10**6)), 40).mean()
    held = 0
    for _ in range(200):
        patient = np.repeat(np.arange(12), 8)
        own = np.repeat(rng.normal(3, 0.6, 12), 8)
        day = np.ceil(np.exp(own + rng.normal(0, 0.6, 96)))
        cut = rng.integers(10, 90, 96)
        pairs = list(zip(np.minimum(day, cut), day <= cut, strict=True))
        spells = spells_of(pairs, patient)
        mean = restricted_mean(relief.kaplan_meier(spells), 40, spells)
        held += mean.lower <= truth <= mean.upper

    assert 180 <= held <= 199


@given(
    st.lists(st.tuples(st.integers(1, 30), st.booleans()), min_size=1, max_size=30),
    st.integers(1, 30),
)
def test_restricted_mean_lies_within_its_limits_and_the_horizon(durations, horizon):
    spells = spells_of(durations)
    curve = relief.kaplan_meier(spells)
    shorter = restricted_mean(curve, horizon)
    longer = restricted_mean(curve, horizon + 1)
    reaches = len(curve) >= horizon or curve["survival"].iloc[-1] == 0
    assert np.isnan(shorter.estimate) == (not reaches)
    if not np.isnan(longer.estimate):
        assert -1e-12 <= longer.estimate - shorter.estimate <= 1 + 1e-12
        for mean in (longer, restricted_mean(curve, horizon + 1, spells)):
            if not np.isnan(mean.lower):
                assert 0 <= mean.lower <= mean.estimate + 1e-12
                assert mean.estimate <= mean.upper + 1e-12 <= horizon + 1 + 2e-12


def test_restricted_mean_beyond_follow_up_is_not_known():
    held = relief.kaplan_meier(spells_of([(3, True), (9, False)]))
    ended = relief.kaplan_meier(spells_of([(3, True), (9, True)]))

    assert restricted_mean(held, 10).estimate == pytest.approx(6.5)
    assert np.isnan(restricted_mean(held, 11)).all()
    assert restricted_mean(ended, 500).estimate == pytest.approx(6)
    nobody = relief.kaplan_meier(spells_of([(3, True)])[:0])
    assert np.isnan(restricted_mean(nobody, 1)).all()


def test_a_single_spell_has_no_error_to_speak_of():
    spells = spells_of([(9, True)])
    mean = restricted_mean(relief.kaplan_meier(spells), 5, spells)

    assert mean.estimate == 5
    assert np.isnan([mean.lower, mean.upper, mean.standard_error]).all()


def test_a_group_is_described_as_if_alone():
    spells = random_spells(4).assign(route=lambda s: np.where(s.index % 3, "iv", "im"))
    spells["pending"] = spells.index % 2
    for weights in ("infusion", "patient"):
        table = group_of(compare(spells, "route", weights, horizon=30, conf=0.9))
        assert table.index.tolist() == ["im", "iv"]
        alone = spells[spells["route"] == "im"]
        curve = relief.kaplan_meier(alone, weights, 0.9)
        band = relief.bounds(alone, weights)
        mean = restricted_mean(curve, 30, alone, weights, 0.9)
        row = table.loc["im"]
        assert row[COUNTS].tolist() == [alone["patient_id"].nunique(), len(alone)]
        assert row["lost"] == (alone["status"] == "lost").sum()
        assert row["share_cut"] == (alone["status"] == "cut_by_infusion").mean()
        assert tuple(row[["median", "median_lower", "median_upper"]]) == relief.median(
            curve
        )
        assert row["restricted_mean":"restricted_mean_upper"].tolist() == list(mean[:3])
        assert row["median_low"] == band.loc[band["low"] <= 0.5, "day"].min()
        assert row["median_high"] == band.loc[band["high"] <= 0.5, "day"].min()
        assert row["restricted_mean_low"] == pytest.approx(band["low"][:30].sum())
        assert row["restricted_mean_high"] == pytest.approx(band["high"][:30].sum())
        assert row["reason"] == ""


def test_low_and_high_hold_the_estimates():
    spells = relief.find_spells(*clinic(60, n_patients=60), PAIN)
    table = compare(spells, "route", horizon=20)

    assert len(table) == 2
    for name in ("median", "restricted_mean"):
        assert (table[f"{name}_low"] <= table[name]).all()
        assert (table[name] <= table[f"{name}_high"].fillna(np.inf)).all()


def test_few_patients_withhold_the_numbers_however_many_their_spells():
    spells = random_spells(5, n=100, n_patients=4)
    row = compare(spells, "route").iloc[0]

    assert row[COUNTS].tolist() == [4, 100]
    assert row["reason"] == "too_few_patients"
    assert row.drop([*ABOUT, *COUNTS]).isna().all()
    told = compare(spells, "route", min_patients=4).iloc[0]
    assert told["reason"] == ""
    assert told["lost"] > 0


def test_a_group_without_relief_keeps_its_row():
    spells = random_spells(6).assign(route=lambda s: np.where(s.index % 2, "iv", "im"))
    spells.loc[spells["route"] == "im", "status"] = "no_response"
    table = group_of(compare(spells, "route"))

    assert table.loc["im", COUNTS].tolist() == [0, 0]
    assert table.loc["im", "reason"] == "too_few_patients"
    assert table.loc["iv", "reason"] == ""


def test_dose_bands_hold_their_upper_edge():
    doses = [0.1, 0.4, 0.41, 0.6, 3 * 0.2, 0.61, 1.0, 1.1, np.nan, 0.7 + 0.3]
    spells = spells_of([(5, True)] * 10, mg_per_kg=doses)
    table = compare(spells, "dose_band", min_patients=1, horizon=5)

    assert group_of(table)["n_spells"].to_dict() == {
        "up to 0.4 mg/kg": 2,
        "over 0.4 to 0.6 mg/kg": 3,
        "over 0.6 to 1 mg/kg": 3,
        "over 1 mg/kg": 1,
    }
    assert table.attrs["without_group"] == 1
    assert table.attrs["left_out"] == 0


@pytest.mark.parametrize("by", ["dose_band", "mg_per_kg", "agent"])
def test_mixed_series_are_left_out_of_doses_and_agents(by):
    spells = random_spells(7, n=50, n_patients=20)
    mixed = spells.assign(mixed_agents=spells.index < 12)
    mixed.loc[:1, "status"] = "no_response"
    table = compare(mixed, by)

    assert table["n_spells"].tolist() == [38]
    assert table.attrs["left_out"] == 10
    assert compare(mixed, "route")["n_spells"].tolist() == [48]
    assert compare(mixed, "route").attrs["left_out"] == 0


def test_phase_is_induction_first_and_at_three_infusions():
    spells = spells_of(
        [(5, True)] * 6,
        ["ana", "ana", "ana", "ana", "ben", "ben"],
        n_infusions=[6, 1, 2, 3, 1, 1],
    )
    table = compare(spells, "phase", min_patients=1)

    assert group_of(table)["n_spells"].to_dict() == {"induction": 3, "booster": 3}
    assert table["group"].tolist() == ["induction", "booster"]


def test_boosters_are_counted_by_patient_whatever_the_row_order():
    spells = spells_of(
        [(day, True) for day in (9, 1, 2, 9, 3, 9, 1)],
        ["ana", "ana", "ana", "ana", "ana", "ben", "ben"],
        n_infusions=[6, 1, 1, 6, 1, 6, 1],
    ).sample(frac=1, random_state=3)
    table = compare(spells, "nth_booster", min_patients=1)

    assert group_of(table)["n_spells"].to_dict() == {"1": 2, "2": 1, "3": 1}
    assert group_of(table)["median"].to_dict() == {"1": 1, "2": 2, "3": 3}
    assert table.attrs["without_group"] == 3


def test_a_booster_without_relief_is_still_a_booster():
    spells = spells_of([(9, True)] * 3, ["ana"] * 3)
    spells.loc[1, "status"] = "no_response"
    table = group_of(compare(spells, "nth_booster", min_patients=1))

    assert table["n_spells"].to_dict() == {"1": 0, "2": 1}


def test_late_boosters_share_a_group():
    spells = spells_of([(5, True)] * 14, ["ana"] * 14)
    table = compare(spells, "nth_booster", min_patients=1)

    assert table["group"].tolist() == [*map(str, range(1, 10)), "10 or later"]
    assert table["n_spells"].tolist() == [1] * 9 + [4]


def test_conditions_may_be_several_or_unknown():
    spells = spells_of([(5, True)] * 5, ["ana", "ana", "ben", "cem", "dee"])
    condition = pd.Series(
        ["crps", "depression", "crps", "crps", None],
        index=["ana", "ana", "ben", "ben", "cem"],
    )
    table = compare(spells, condition, min_patients=1)

    assert group_of(table)[COUNTS].to_numpy().tolist() == [[2, 3], [1, 2]]
    assert table["group"].tolist() == ["crps", "depression"]
    assert table.attrs["without_group"] == 2


def test_a_column_of_numbers_keeps_its_order():
    spells = random_spells(8, n=60).assign(group=lambda s: [2, 10, 1] * 20)

    assert compare(spells, "group")["group"].tolist() == [1, 2, 10]


@given(st.randoms(use_true_random=False))
@settings(max_examples=15)
def test_order_and_labels_of_rows_do_not_matter(random):
    spells = relief.find_spells(*clinic(62, n_patients=40), PAIN)
    rows = list(range(len(spells)))
    random.shuffle(rows)
    shuffled = spells.iloc[rows].set_axis([0] * len(spells))
    for by in ("dose_band", "phase", "nth_booster", "agent"):
        one, other = compare(spells, by), compare(shuffled, by)
        pd.testing.assert_frame_equal(one, other, rtol=1e-9)
        assert one.attrs == other.attrs


def test_every_spell_with_relief_is_counted_once():
    spells = relief.find_spells(*clinic(63, n_patients=40), PAIN)
    for by in ("dose_band", "phase", "nth_booster", "agent", "route", "dose_mg"):
        table = compare(spells, by)
        counted = table["n_spells"].sum()
        counted += table.attrs["left_out"] + table.attrs["without_group"]
        assert counted == spells["onset"].notna().sum()


def test_no_spells_give_no_rows():
    spells = relief.find_spells(*clinic(64), PAIN)
    for by in ("dose_band", "phase", "nth_booster", "route"):
        table = compare(spells[:0], by)
        assert len(table) == 0
        assert table.columns.tolist() == compare(spells, by).columns.tolist()


def test_the_spells_are_not_changed():
    spells = relief.find_spells(*clinic(65), PAIN)
    before = spells.copy()
    compare(spells, "nth_booster")
    compare(spells, pd.Series("a", index=spells["patient_id"].unique()))

    pd.testing.assert_frame_equal(spells, before)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"by": "weather"}, "to compare by 'weather', spells must have the column"),
        ({"min_patients": 0}, "min_patients must be 1 or more, was 0"),
        ({"horizon": 0}, "horizon must be 1 or more, was 0"),
        ({"weights": "dose"}, "weights must be infusion or patient, was 'dose'"),
        ({"conf": 1.0}, r"conf must lie in \(0, 1\), was 1.0"),
    ],
)
def test_bad_options_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        compare(random_spells(9), **{"by": "route"} | options)


def test_missing_columns_are_refused():
    spells = random_spells(9)
    for by, column in (("dose_band", "mg_per_kg"), ("phase", "series")):
        with pytest.raises(ValueError, match=f"must have the column {column}"):
            compare(spells.drop(columns=column), by)


def test_bad_horizon_is_refused():
    curve = relief.kaplan_meier(spells_of(REMISSION))
    with pytest.raises(ValueError, match="horizon must be 1 or more, was 0"):
        restricted_mean(curve, 0)
