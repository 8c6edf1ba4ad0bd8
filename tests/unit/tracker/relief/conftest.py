"""A simulated clinic and the model fitted to it, once for all who look at them."""

import pytest

from tests.unit.tracker.relief.frames import (
    PAIN,
)
from tests.unit.tracker.relief.simulated import Clinic
from tracker import relief


@pytest.fixture(scope="session")
def simulated():
    return Clinic(11, 24, missing=0.15, n_cycles=4)


@pytest.fixture(scope="session")
def model(simulated):
    return relief.ReliefModel.fit(*simulated.frames, PAIN)


@pytest.fixture
def frames(simulated):
    diary, infusions = simulated.frames
    return diary.copy(), infusions.copy()
