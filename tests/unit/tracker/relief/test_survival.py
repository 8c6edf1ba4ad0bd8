import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tests.unit.tracker.relief.frames import PAIN, clinic
from tracker import relief
from tracker.relief.survival import product_limit

# Remission under 6-MP, weeks; True: relapsed. Freireich et al. 1963, Blood 21:699.
REMISSION = [
    *[(6, True), (6, True), (6, True), (6, False), (7, True), (9, False), (10, True)],
    *[(10, False), (11, False), (13, True), (16, True), (17, False), (19, False)],
    *[(20, False), (22, True), (23, True), (25, False), (32, False), (32, False)],
    *[(34, False), (35, False)],
]
# (week, survival, lower, upper), of lifelines 0.30.3, its limits log-log on
# Greenwood's variance; see tests/references/lifelines_values.py.
REMISSION_CURVE = [
    (6, 0.857142857142857, 0.6197179552659838, 0.9515517476469969),
    (7, 0.8067226890756299, 0.5631465646222333, 0.9228090192028802),
    (10, 0.7529411764705878, 0.5031995107999564, 0.8893618351692651),
    (13, 0.6901960784313722, 0.4316102224861839, 0.8490659633494505),
    (16, 0.6274509803921566, 0.36751085598750194, 0.8049121894718411),
    (22, 0.5378151260504199, 0.26777893676713493, 0.7467907176353943),
    (23, 0.44817927170868327, 0.18805200595923233, 0.6801426284952412),
]


def spells_of(durations, patients=None, pending=0):
    day = np.array([day for day, _ in durations], float)
    lost = np.array([lost for _, lost in durations], bool)
    return pd.DataFrame(
        {
            "patient_id": range(len(day)) if patients is None else patients,
            "status": np.where(lost, "lost", "holding"),
            "lower": np.where(lost, day - 1, day),
            "upper": np.where(lost, day, np.inf),
            "confirmable": np.where(lost, np.nan, day),
            "pending": pending,
        }
    )


def random_spells(seed, n=150, n_patients=25, longest=30):
    rng = np.random.default_rng(seed)
    durations = [
        (int(day), bool(lost))
        for day, lost in zip(
            rng.integers(1, longest, n), rng.random(n) < 0.6, strict=True
        )
    ]
    return spells_of(durations, rng.integers(0, n_patients, n))


def variance_by_loop(spells, weight, cluster):
    """The formula of the clustered infinitesimal jackknife, spell by spell."""
    lost = (spells["status"] == "lost").to_numpy()
    time = np.where(lost, spells["upper"], spells["confirmable"]).astype(int)
    days = range(time.max() + 1)
    at_risk = [weight[time >= u].sum() for u in days]
    events = [weight[(time == u) & lost].sum() for u in days]
    survival, variance = 1.0, []
    for t in days:
        survival *= 1 - events[t] / at_risk[t]
        influence = dict.fromkeys(cluster, 0.0)
        for j in range(len(time)):
            psi = -sum(
                events[u] / (at_risk[u] * (at_risk[u] - events[u]))
                for u in range(min(t, time[j]) + 1)
                if events[u]
            )
            if lost[j] and time[j] <= t:
                psi += 1 / (at_risk[time[j]] - events[time[j]])
            influence[cluster[j]] -= survival * weight[j] * psi
        variance.append(sum(value**2 for value in influence.values()))
    return np.array(variance)


def variance_from_limits(curve, conf=0.95):
    """Undo the log-log limits."""
    survival = curve["survival"].to_numpy()
    log = -np.log(survival)
    spread = np.log(-np.log(curve["lower"].to_numpy()) / log)
    return (spread / stats.norm.ppf((1 + conf) / 2) * log * survival) ** 2


def test_published_remissions_to_15_digits():
    curve = relief.kaplan_meier(spells_of(REMISSION))
    at = curve.set_index("day")

    assert curve.columns.tolist() == [
        "day",
        "at_risk",
        "events",
        "censored",
        "survival",
        "lower",
        "upper",
    ]
    assert at.index.tolist() == list(range(36))
    assert at.loc[0].tolist() == [21, 0, 0, 1, 1, 1]
    expected = {
        6: 0.857142857142857,
        7: 0.806722689075630,
        10: 0.752941176470588,
        13: 0.690196078431373,
        16: 0.627450980392157,
        22: 0.537815126050420,
        23: 0.448179271708683,
    }
    survival = at["survival"].loc[list(expected)]
    np.testing.assert_allclose(survival, list(expected.values()), atol=6e-16)
    assert at.loc[6, ["at_risk", "events", "censored"]].tolist() == [21, 3, 1]
    assert relief.median(curve).estimate == 23


def test_with_one_spell_each_the_variance_is_greenwoods():
    curve = relief.kaplan_meier(spells_of(REMISSION)).set_index("day")
    greenwood = 0.448179271708683**2 * sum(
        d / (y * (y - d))
        for y, d in [(21, 3), (17, 1), (15, 1), (12, 1), (11, 1), (7, 1), (6, 1)]
    )

    found = variance_from_limits(curve.loc[[23]])[0]
    assert found == pytest.approx(greenwood, rel=1e-11)


def test_bare_estimate_is_the_curves():
    week, relapsed = (np.array(column) for column in zip(*REMISSION, strict=True))
    bare = product_limit(week, relapsed)
    curve = relief.kaplan_meier(spells_of(REMISSION))

    for column in ("at_risk", "events", "censored", "survival"):
        assert getattr(bare, column).tolist() == curve[column].tolist()
    with pytest.raises(ValueError, match="day must be 0 or more, was -1"):
        product_limit(np.array([3, -1]), np.array([True, True]))


def test_curve_and_limits_equal_lifelines():
    curve = relief.kaplan_meier(spells_of(REMISSION)).set_index("day")
    expected = np.array(REMISSION_CURVE)
    found = curve.loc[expected[:, 0], ["survival", "lower", "upper"]]

    np.testing.assert_allclose(found, expected[:, 1:], rtol=0, atol=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_equals_scipy(seed):
    spells = random_spells(seed)
    lost = spells["status"] == "lost"
    curve = relief.kaplan_meier(spells).set_index("day")
    other = stats.ecdf(
        stats.CensoredData(
            uncensored=spells["upper"][lost].to_numpy(),
            right=spells["confirmable"][~lost].to_numpy(),
        )
    ).sf
    survival = curve["survival"].loc[other.quantiles.astype(int)]

    np.testing.assert_allclose(survival, other.probabilities, atol=1e-13)


@pytest.mark.parametrize("weights", ["infusion", "patient"])
@pytest.mark.parametrize("seed", range(3))
def test_clustered_variance_equals_the_direct_loop(seed, weights):
    spells = random_spells(seed, n=60, n_patients=9, longest=20)
    patient = spells["patient_id"].to_numpy()
    weight = np.ones(60)
    if weights == "patient":
        weight = 1 / np.array([(patient == one).sum() for one in patient])
    curve = relief.kaplan_meier(spells, weights=weights)
    inside = curve["survival"].between(0, 1, inclusive="neither").to_numpy()
    expected = variance_by_loop(spells, weight, patient)

    np.testing.assert_allclose(
        variance_from_limits(curve[inside]), expected[inside], rtol=1e-9
    )


def test_many_patients_are_worked_through_in_parts(monkeypatch):
    spells = random_spells(5, n=400, n_patients=90)
    whole = relief.kaplan_meier(spells)
    monkeypatch.setattr("tracker.relief.survival._CELLS_AT_ONCE", 100)

    pd.testing.assert_frame_equal(relief.kaplan_meier(spells), whole, rtol=1e-12)


def test_patient_weights_by_hand():
    # Ana has three spells of weight 1/3, Ben one of weight 1.
    spells = spells_of(
        [(2, True), (4, True), (6, False), (4, True)], ["ana", "ana", "ana", "ben"]
    )
    curve = relief.kaplan_meier(spells, weights="patient").set_index("day")

    np.testing.assert_allclose(curve["at_risk"], [2, 2, 2, 5 / 3, 5 / 3, 1 / 3, 1 / 3])
    assert curve.loc[2, "survival"] == pytest.approx(5 / 6, abs=1e-15)
    assert curve.loc[4, "survival"] == pytest.approx(1 / 6, abs=1e-15)


def test_all_censored_stays_at_one():
    curve = relief.kaplan_meier(spells_of([(3, False), (5, False)]))

    assert curve[["survival", "lower", "upper"]].eq(1).all(axis=None)
    assert curve["censored"].tolist() == [0, 0, 0, 1, 0, 1]
    assert np.isnan(relief.median(curve)).all()


def test_first_censored_leaves_before_the_loss():
    curve = relief.kaplan_meier(spells_of([(1, False), (2, True), (3, True)]))

    assert curve["survival"].tolist() == [1, 1, 0.5, 0]


def test_censored_on_the_day_of_a_loss_was_still_at_risk():
    curve = relief.kaplan_meier(spells_of([(2, False), (2, True), (9, False)]))

    assert curve.loc[2, "at_risk"] == 3
    assert curve.loc[2, "survival"] == pytest.approx(2 / 3, abs=1e-15)


def test_censored_on_day_zero_counts_for_nothing():
    curve = relief.kaplan_meier(spells_of([(0, False), (2, True), (3, True)]))

    assert curve["at_risk"].tolist() == [3, 2, 2, 1]
    assert curve["survival"].tolist() == [1, 1, 0.5, 0]


def test_all_lost_ends_at_exactly_zero():
    spells = spells_of([(3, True)] * 7, [1, 1, 1, 2, 2, 3, 4])
    for weights in ("infusion", "patient"):
        curve = relief.kaplan_meier(spells, weights=weights)
        assert curve["survival"].tolist() == [1, 1, 1, 0]
        assert curve[["lower", "upper"]].iloc[-1].isna().all()


def test_no_responder_gives_one_row_without_limits():
    nobody = spells_of([(3, True)]).assign(status="no_response")
    for spells in (nobody, nobody[:0]):
        curve = relief.kaplan_meier(spells)
        assert curve[["day", "at_risk", "survival"]].to_numpy().tolist() == [[0, 0, 1]]
        assert curve[["lower", "upper"]].isna().all(axis=None)
        assert np.isnan(relief.median(curve)).all()
        assert relief.bounds(spells)["low"].tolist() == [1]


def test_one_patients_spells_are_the_units():
    durations = [(3, True), (5, False), (8, True), (9, True)]
    alone = relief.kaplan_meier(spells_of(durations, ["ana"] * 4))
    apart = relief.kaplan_meier(spells_of(durations))

    pd.testing.assert_frame_equal(alone, apart)


def test_limits_hold_the_curve_and_widen_with_the_level():
    spells = random_spells(8)
    wide = relief.kaplan_meier(spells, conf=0.99)
    narrow = relief.kaplan_meier(spells, conf=0.5)
    inside = wide["survival"].between(0, 1, inclusive="neither")
    columns = np.stack(
        [
            wide["lower"],
            narrow["lower"],
            narrow["survival"],
            narrow["upper"],
            wide["upper"],
        ]
    )[:, inside]

    assert (np.diff(columns, axis=0) > 0).all()


def test_clustered_limits_are_wider_when_a_patients_spells_are_alike():
    one_each = random_spells(9, n=40, n_patients=10**6)
    tenfold = pd.concat([one_each] * 10)
    apart = tenfold.assign(patient_id=range(400))
    first = relief.kaplan_meier(one_each)

    # Ten copies of each spell hold no more than one.
    pd.testing.assert_frame_equal(
        relief.kaplan_meier(tenfold)[["lower", "upper"]],
        first[["lower", "upper"]],
        rtol=1e-9,
    )
    assert relief.kaplan_meier(apart).loc[10, "lower"] > first.loc[10, "lower"]


def test_row_order_and_labels_do_not_matter():
    spells = random_spells(10)
    other = spells.assign(patient_id=spells["patient_id"].map("p{}".format))
    other = other.sample(frac=1, random_state=1)
    for weights in ("infusion", "patient"):
        pd.testing.assert_frame_equal(
            relief.kaplan_meier(spells, weights),
            relief.kaplan_meier(other, weights),
            rtol=1e-12,
        )


def test_median_and_its_limits_are_days():
    curve = pd.DataFrame(
        {
            "day": range(5),
            "survival": [1, 0.8, 0.5 + 1e-15, 0.4, 0.3],
            "lower": [1, 0.5, 0.3, 0.2, 0.1],
            "upper": [1, 0.9, 0.8, 0.7, 0.6],
        }
    )
    estimate, lower, upper = relief.median(curve)

    assert (estimate, lower) == (2, 1)
    assert np.isnan(upper)


def test_numbers_at_risk_end_at_nobody():
    curve = relief.kaplan_meier(spells_of(REMISSION))
    numbers = relief.numbers_at_risk(curve, [0, 10, 35, 36, 90])

    assert numbers.to_dict() == {0: 21, 10: 15, 35: 1, 36: 0, 90: 0}
    with pytest.raises(ValueError, match="days must be 0 or more, was -1"):
        relief.numbers_at_risk(curve, [-1])


def test_a_pending_loss_counts_in_the_low_bound():
    spells = spells_of([(10, False), (20, True), (30, False)], pending=[2, 0, 0])
    spells["lower"] = [14, 19, 32]
    high = relief.kaplan_meier(spells)
    low = relief.kaplan_meier(spells, pending_is_loss=True)

    assert high.loc[high["events"] > 0, "day"].tolist() == [20]
    assert low.loc[low["events"] > 0, "day"].tolist() == [15, 20]


def test_bounds_hold_both_curves_on_every_day():
    spells = relief.find_spells(*clinic(60, n_patients=40), PAIN)
    band = relief.bounds(spells, "patient").set_index("day")
    assert (band["low"] <= band["high"]).all()
    for pending_is_loss in (False, True):
        curve = relief.kaplan_meier(
            spells, "patient", pending_is_loss=pending_is_loss
        ).set_index("day")["survival"]
        on_band = band.loc[curve.index]
        assert curve.between(on_band["low"], on_band["high"]).all()
    assert (band["high"] - band["low"]).max() > 0


def test_spells_without_an_onset_are_left_out():
    spells = relief.find_spells(*clinic(61), PAIN)
    responders = spells[spells["onset"].notna()]

    pd.testing.assert_frame_equal(
        relief.kaplan_meier(spells), relief.kaplan_meier(responders)
    )
    assert relief.kaplan_meier(spells).loc[0, "at_risk"] == len(responders)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"weights": "dose"}, "weights must be infusion or patient, was 'dose'"),
        ({"conf": 1.0}, r"conf must lie in \(0, 1\), was 1.0"),
        ({"conf": float("nan")}, r"conf must lie in \(0, 1\), was nan"),
    ],
)
def test_bad_options_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        relief.kaplan_meier(spells_of(REMISSION), **options)


def test_bad_spells_are_refused():
    spells = spells_of([(3, True), (4, True)])
    with pytest.raises(ValueError, match="spells must have the column pending"):
        relief.kaplan_meier(spells.drop(columns="pending"))
    with pytest.raises(ValueError, match="share one criteria_version, was a, b"):
        relief.kaplan_meier(spells.assign(criteria_version=["a", "b"]))
