import numpy as np
import pandas as pd
import pytest

from tests.unit.tracker.relief.frames import (
    NOTHING_BORROWED,
    PAIN,
    clinic,
    diary_of,
    infusions_of,
    scores_from,
)
from tracker.relief.cycles import (
    BASELINE_AGE_DAYS,
    LEAST_BETWEEN_VAR,
    canonical_patients,
    noise_of_clinic,
    prepare,
)
from tracker.relief.noise import ClinicNoise
from tracker.relief.spells import assess

NOISE = ClinicNoise(innovation=0.013, correlation=0.35, skipped=0.2)


def prepared(diary, infusions, noise=NOISE, population=NOTHING_BORROWED):
    return prepare(
        assess(diary, infusions, PAIN, population=population), noise, PAIN.floor
    )


def one_patient(after="2222", infused=(0, 3, 6, 60), before="8" * 16):
    scores = scores_from(before, -len(before)) | scores_from(after, 7)
    return diary_of(scores), infusions_of(infused)


def test_what_is_known_of_each_series():
    found = prepared(*one_patient())
    assert found.usable.tolist() == [True, True]
    assert found.responded.tolist() == [True, False]
    np.testing.assert_allclose(found.x, [[1, 0], [0, np.log(2)]])
    assert found.age.tolist() == [BASELINE_AGE_DAYS, BASELINE_AGE_DAYS + 54]


def test_a_baselines_error_shrinks_with_its_days():
    few, many = (prepared(*one_patient(before="8" * days)) for days in (2, 16))
    variance = few.variance[0]
    for found, days in ((few, 2), (many, 16)):
        variance = found.variance[0]
        known = 1 / LEAST_BETWEEN_VAR + days / (1.6 * variance * 64)
        assert found.baseline_var[0] == pytest.approx(1 / known / 64)
    assert many.baseline_var[0] < few.baseline_var[0]


def test_a_patient_near_the_floor_is_not_usable():
    found = prepared(*one_patient(before="2" * 16))
    assert not found.usable.any()
    assert not found.responded.any()


def test_the_clinics_share_of_skipped_days_goes_with_its_noise():
    found = assess(*one_patient("2.2.2.2.2"), PAIN)
    noise = noise_of_clinic(found, PAIN.floor)
    assert noise.skipped == pytest.approx(4 / 9)


def test_skipped_days_lie_below_logged_ones_where_bad_days_are_skipped():
    found = prepared(*one_patient())
    lean = found.lean(np.array([0, 1]), 0.5)
    np.testing.assert_allclose(lean, 0.5 * 8 * found.deviation**2)


@pytest.mark.parametrize("seed", range(3))
def test_patients_have_an_order_of_their_own(seed):
    diary, infusions = clinic(seed, n_patients=15)
    names = {number: f"p{(number * 4) % 15:02d}" for number in range(15)}
    orders = []
    shift = pd.Timedelta(days=321)
    for frames in (
        (diary, infusions),
        (diary.iloc[::-1], infusions.sample(frac=1, random_state=seed)),
        tuple(
            frame.assign(
                patient_id=frame["patient_id"].map(names), date=frame["date"] + shift
            )
            for frame in (
                diary,
                infusions.assign(end_date=infusions["end_date"] + shift),
            )
        ),
    ):
        found = assess(*frames, PAIN)
        labels = [found.panel.everyone[n] for n in canonical_patients(found)]
        orders.append([names.get(label, label) for label in labels])
    # Patients without an infusion have no days to tell them apart by.
    treated = set(infusions["patient_id"].map(names))
    plain = [[name for name in order if name in treated] for order in orders]
    assert plain[0] == plain[1] == plain[2]
