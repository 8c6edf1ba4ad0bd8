import dataclasses
import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.tracker.relief.frames import (
    NOTHING_BORROWED,
    PAIN,
    day,
    diary_of,
    infusions_of,
    scores_from,
)
from tests.unit.tracker.relief.frames import clinic as awkward_clinic
from tests.unit.tracker.relief.simulated import PHI, Clinic
from tracker import relief
from tracker.relief import model as model_module
from tracker.relief.cycles import noise_of_clinic, prepare
from tracker.relief.model import training_rows
from tracker.relief.spells import assess

QUANTILES = ["q05", "q10", "q25", "q50", "q75", "q90", "q95"]


@pytest.fixture(scope="module")
def small():
    return Clinic(41, 14, missing=0.15, n_cycles=2)


@pytest.fixture(scope="module")
def fitted(small):
    return relief.ReliefModel.fit(*small.frames, PAIN)


def as_text(model):
    return json.dumps(model.to_dict(), sort_keys=True, allow_nan=False)


def test_parameters_of_a_simulated_clinic_are_recovered():
    clinic = Clinic(7, 120, n_cycles=4, between=0.5, within=0.25, typical=20)
    model = relief.ReliefModel.fit(*clinic.frames, PAIN, recalibrate=False)
    assert np.exp(model.durations.mean) == pytest.approx(20, rel=0.15)
    assert model.durations.between == pytest.approx(0.5, abs=0.12)
    assert model.durations.within == pytest.approx(0.25, abs=0.08)
    # The fall of the level itself makes neighbouring days look more alike.
    assert PHI - 0.03 < model.noise.latent_correlation < PHI + 0.12
    typical_noise = (0.8 / 6.75) ** 2 * (1 - PHI)
    assert model.noise.latent_innovation == pytest.approx(typical_noise, rel=0.2)
    assert abs(model.skipping) < 0.1
    assert model.n_patients == 120
    assert model.n_spells == pytest.approx(480, abs=10)


def test_a_clinic_whose_relief_lasts_longer_is_found_to():
    means = [
        relief.ReliefModel.fit(
            *Clinic(3, 30, typical=typical).frames, PAIN, recalibrate=False
        ).durations.mean
        for typical in (9, 30)
    ]
    assert means[1] - means[0] > 0.8


@given(seed=st.integers(0, 2**16))
@settings(max_examples=3)
def test_a_fit_does_not_depend_on_the_order_of_rows(small, fitted, seed):
    shuffled = relief.ReliefModel.fit(
        small.diary.sample(frac=1, random_state=seed),
        small.infusions.sample(frac=1, random_state=seed + 1),
        PAIN,
    )
    assert as_text(shuffled) == as_text(fitted)


LABELS = {
    "strings": [f"patient {(number * 5) % 14:02d}" for number in range(14)],
    "tuples": [("clinic", (number * 3) % 14) for number in range(14)],
    "other numbers": [1000 - number for number in range(14)],
}


@pytest.mark.parametrize("labels", LABELS.values(), ids=LABELS)
def test_a_fit_does_not_depend_on_the_patients_labels(small, fitted, labels):
    frames = [
        frame.assign(
            patient_id=pd.Series([labels[p] for p in frame["patient_id"]], frame.index)
        )
        for frame in small.frames
    ]
    assert as_text(relief.ReliefModel.fit(*frames, PAIN)) == as_text(fitted)


@pytest.mark.parametrize("days", [-30_000, 1, 9_000])
def test_a_fit_does_not_depend_on_the_dates(small, fitted, days):
    shift = pd.Timedelta(days=days)
    frames = [frame.assign(date=frame["date"] + shift) for frame in small.frames]
    assert as_text(relief.ReliefModel.fit(*frames, PAIN)) == as_text(fitted)


@pytest.mark.parametrize("seed", range(2))
def test_an_awkward_clinic_is_fitted_the_same_in_any_order(seed):
    diary, infusions = awkward_clinic(seed, n_patients=12)
    one = relief.ReliefModel.fit(diary, infusions, PAIN)
    two = relief.ReliefModel.fit(diary.iloc[::-1], infusions.iloc[::-1], PAIN)
    assert as_text(one) == as_text(two)


def test_the_same_records_give_the_same_model(small, fitted):
    assert as_text(relief.ReliefModel.fit(*small.frames, PAIN)) == as_text(fitted)


def test_a_fit_changes_neither_frame(small):
    diary, infusions = (frame.copy(deep=True) for frame in small.frames)
    relief.ReliefModel.fit(diary, infusions, PAIN)
    pd.testing.assert_frame_equal(diary, small.diary)
    pd.testing.assert_frame_equal(infusions, small.infusions)


def test_a_fit_sees_nothing_after_as_of(small):
    until = day(60)
    early = [frame[frame["date"] <= until] for frame in small.frames]
    one = relief.ReliefModel.fit(*small.frames, PAIN, until)
    two = relief.ReliefModel.fit(*early, PAIN, until)
    assert as_text(one) == as_text(two)
    assert as_text(one) != as_text(relief.ReliefModel.fit(*small.frames, PAIN))


def test_a_given_population_is_kept(small):
    known = relief.Population(6.5, 1.0, 1.0, 100, "pain")
    model = relief.ReliefModel.fit(*small.frames, PAIN, population=known)
    assert model.population == known


def test_a_round_trip_through_json_forecasts_the_same(small, fitted):
    text = json.dumps(fitted.to_dict(), allow_nan=False)
    again = relief.ReliefModel.from_dict(json.loads(text))
    assert len(text) < 10_000
    assert as_text(again) == as_text(fitted)
    one = fitted.forecast(*small.frames, day(30))
    two = again.forecast(*small.frames, day(30))
    pd.testing.assert_frame_equal(one, two)
    np.testing.assert_array_equal(one.attrs["survival"], two.attrs["survival"])


def test_a_model_of_several_items_is_written_and_read():
    criteria = relief.Criteria.composite({"pain": 2, "mood": 1})
    model = relief.ReliefModel.from_prior(criteria, relief.Population())
    again = relief.ReliefModel.from_dict(json.loads(json.dumps(model.to_dict())))
    assert again.criteria == criteria
    assert again.criteria.version == criteria.version


def test_several_items_are_fitted_together():
    diary, infusions = awkward_clinic(1)
    criteria = relief.Criteria.composite({"pain": 1, "mood": 1}, "worst")
    model = relief.ReliefModel.fit(diary, infusions, criteria)
    table = model.forecast(diary, infusions)
    assert len(table) == diary["patient_id"].nunique()


def test_another_kind_of_model_is_not_read(fitted):
    with pytest.raises(ValueError, match=r"model must be joint-.*, was 'older'"):
        relief.ReliefModel.from_dict(fitted.to_dict() | {"model": "older"})
    with pytest.raises(ValueError, match=r"model must be joint-.*, was None"):
        relief.ReliefModel.from_dict({})


def test_types_of_another_grid_are_not_read(fitted):
    values = fitted.to_dict()
    values["durations"] = values["durations"] | {"types": [[0.5, 0.5]]}
    with pytest.raises(ValueError, match=r"types must be 7 by 9, was \(1, 2\)"):
        relief.ReliefModel.from_dict(values)


def test_a_questionnaire_once_a_week_has_no_model(small):
    criteria = relief.Criteria.for_item("phq9")
    with pytest.raises(ValueError, match="every_days must be 1, was 7"):
        relief.ReliefModel.fit(*small.frames, criteria)
    with pytest.raises(ValueError, match="every_days must be 1, was 7"):
        relief.ReliefModel.from_prior(criteria, relief.Population())


def test_a_score_that_is_impossible_is_refused(small):
    bad = small.diary.assign(pain=11.0)
    with pytest.raises(ValueError, match="diary pain must lie in 0 to 10, was 11"):
        relief.ReliefModel.fit(bad, small.infusions, PAIN)


def test_the_trial_preset_has_a_model_too(small):
    criteria = relief.Criteria.for_item("pain", "trial")
    model = relief.ReliefModel.fit(*small.frames, criteria)
    table = model.forecast(*small.frames, day(20))
    assert not np.isnan(table.attrs["survival"]).all()
    assert model.grid.amplitudes[0] > criteria.off


def test_patients_beyond_the_most_are_left_out_evenly(monkeypatch):
    clinic = Clinic(9, 20)
    found = assess(*clinic.frames, PAIN)
    noise = noise_of_clinic(found, PAIN.floor)
    cycles = prepare(found, noise, PAIN.floor)
    everyone = training_rows(cycles)
    assert len(np.unique(found.series.patient[everyone])) == 20
    monkeypatch.setattr(model_module, "MOST_PATIENTS", 6)
    few = training_rows(cycles)
    patient = found.series.patient[few]
    assert len(np.unique(patient)) == 6
    assert set(few) == {
        row for row in everyone if found.series.patient[row] in set(patient)
    }
    # Patients stand together, their spells in order.
    assert len(np.flatnonzero(np.diff(patient))) == 5
    same = np.diff(patient) == 0
    assert (np.diff(found.series.number[few])[same] > 0).all()


def first_spell(after, before="8" * 20):
    scores = scores_from(before, -len(before)) | scores_from(after, 1)
    return diary_of(scores), infusions_of([0])


def fits(frames, **given):
    return relief.ReliefModel.fit(*frames, PAIN, **given)


def width(table):
    return np.log(table["q90"][0] / table["q10"][0])


def test_one_patient_with_one_infusion_gets_a_forecast():
    frames = first_spell("2" * 8)
    model = fits(frames)
    table = model.forecast(*frames)
    assert model.n_patients == model.n_spells == 1
    assert model.scale == 1
    assert table["state"].tolist() == ["in relief"]
    assert table["reason"].tolist() == [""]
    assert table[QUANTILES].notna().all(axis=None)
    assert table["q10"][0] < table["q50"][0] < table["q90"][0]


def test_one_spell_moves_a_clinic_less_than_many():
    frames = first_spell("2" * 5 + "8" * 4)
    one = fits(frames).durations.mean
    many = [diary_of(dict(_scores(frames)), number) for number in range(12)]
    infusions = [infusions_of([0], number) for number in range(12)]
    all_alike = fits((pd.concat(many), pd.concat(infusions))).durations.mean
    assert all_alike < one < np.log(16)


def _scores(frames):
    diary, infusions = frames
    days = (diary["date"] - infusions["date"][0]).dt.days
    return zip(days, diary["pain"], strict=True)


def test_five_patients_get_forecasts_no_wider_than_the_prior_alone():
    clinic = Clinic(13, 5)
    model = fits(clinic.frames)
    prior = relief.ReliefModel.from_prior(PAIN, model.population)
    stranger = first_spell("222")
    assert width(model.forecast(*stranger)) <= width(prior.forecast(*stranger))


def test_a_clinic_without_a_patient_forecasts_from_the_prior():
    empty = [frame.iloc[:0] for frame in first_spell("2")]
    model = fits(empty)
    prior = relief.ReliefModel.from_prior(PAIN, model.population)
    assert model.durations.mean == prior.durations.mean
    assert model.durations.between == prior.durations.between
    assert (model.n_patients, model.n_spells) == (0, 0)
    stranger = first_spell("2" * 6)
    one, two = model.forecast(*stranger), prior.forecast(*stranger)
    assert one["state"].tolist() == ["in relief"]
    np.testing.assert_allclose(one.attrs["survival"], two.attrs["survival"], atol=0.02)


def test_the_prior_is_wider_than_a_clinic_that_knows():
    known = fits(Clinic(17, 40, n_cycles=2).frames, recalibrate=False)
    prior = relief.ReliefModel.from_prior(PAIN, known.population)
    stranger = first_spell("222")
    assert width(known.forecast(*stranger)) < width(prior.forecast(*stranger))


def test_a_prior_of_another_condition_is_where_a_clinic_starts():
    stranger = first_spell("222")
    medians = [
        relief.ReliefModel.from_prior(
            PAIN, NOTHING_BORROWED, relief.Prior.about(days)
        ).forecast(*stranger)["q50"][0]
        for days in (8, 16, 60)
    ]
    assert medians == sorted(set(medians))


def test_a_patient_without_a_baseline_is_judged_by_the_clinics(small, fitted):
    frames = first_spell("2" * 8, before="")
    table = fitted.forecast(*frames)
    assert table["baseline"][0] == fitted.population.mean
    assert table["reason"].tolist() == ["weak_baseline"]
    assert not np.isnan(table.attrs["survival"]).any()
    alone = fits(frames)
    assert alone.n_spells == 0
    assert alone.forecast(*frames)["reason"].tolist() == ["no_baseline"]


def test_patients_near_the_floor_neither_teach_nor_are_foreseen():
    frames = first_spell("1" * 8, before="2" * 20)
    model = fits(frames)
    assert model.n_spells == 0
    table = model.forecast(*frames)
    assert table["reason"].tolist() == ["floor"]
    assert np.isnan(table.attrs["survival"]).all()


def test_a_diary_that_never_changes_is_no_error():
    frames = first_spell("2" * 40)
    table = fits(frames).forecast(*frames)
    assert np.isfinite(table.attrs["survival"]).all()


@pytest.mark.parametrize("after", ["22222888", "2" * 150, "2" * 30, "22277722277722"])
def test_a_patient_unlike_all_the_clinic_knows_is_no_error(after):
    prior = relief.ReliefModel.from_prior(PAIN, NOTHING_BORROWED)
    for typical in (3, 200):
        spread = dataclasses.replace(
            prior.durations,
            mean=np.log(typical), between=0.05, within=0.05, sudden=0.05,
        )  # fmt: skip
        quiet = dataclasses.replace(
            prior.noise, innovation=1e-5, latent_innovation=1e-5
        )
        model = dataclasses.replace(prior, durations=spread, noise=quiet)
        frames = first_spell(after)
        assert np.isfinite(model.forecast(*frames).attrs["survival"]).all()
        assert np.isfinite(model.relief_distribution(*frames)["survival"]).all()
        again = frames[0], infusions_of([0, 160])
        assert np.isfinite(model.forecast(*again).attrs["survival"]).all()


def test_a_fit_without_a_look_back_leaves_the_width_alone(small):
    assert fits(small.frames, recalibrate=False).scale == 1
