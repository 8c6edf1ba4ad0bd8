"""The family of curves along which relief fades, on a fixed grid."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from tracker.relief.panel import Floats

Floats32 = npt.NDArray[np.float32]

# Days of a spell that the model looks at and forecasts.
DAYS = 180
N_DURATIONS, SHORTEST, LONGEST = 30, 2.0, 220.0
N_AMPLITUDES, HIGHEST_AMPLITUDE, AMPLITUDE_ABOVE_OFF = 9, 0.97, 0.05
# From a quick fall that flattens, over the straight exponential, to a cliff.
POWERS = (0.7, 1.0, 1.6, 3.0, 8.0, 40.0)
# The cliff: relief that ends suddenly, and is hard to foresee.
SUDDEN = 5
# One more shape fades to a rest of relief that stays.
N_SHAPES = len(POWERS) + 1
# How far a spell's amplitude strays from the patient's own.
AMPLITUDE_SPREAD = 0.06


@dataclass(frozen=True)
class Grid:
    """Curves of improvement, one row a node; a node is (duration, shape, amplitude).

    `log_durations` (30,), `amplitudes` (9,) and `curves` (nodes, DAYS: days 1 to
    180 after the last infusion, as shares of the baseline). `spread` (9, 9) holds,
    for each amplitude of a patient, the chance of each amplitude of a spell.
    """

    log_durations: Floats
    amplitudes: Floats
    curves: Floats32
    spread: Floats

    @property
    def n_nodes(self) -> int:
        return len(self.curves)

    @cached_property
    def by_day(self) -> Floats32:
        """The curves (nodes, DAYS), laid out in memory day by day as `walk` reads."""
        return np.asfortranarray(self.curves)

    @cached_property
    def squares(self) -> Floats32:
        """Curves (nodes, DAYS) squared."""
        return self.curves * self.curves

    @cached_property
    def neighbours(self) -> Floats32:
        """Each day's level (nodes, DAYS) times that of the day before."""
        product = np.zeros_like(self.curves)
        product[:, 1:] = self.curves[:, 1:] * self.curves[:, :-1]
        return product


@lru_cache(maxsize=8)
def make_grid(off: float) -> Grid:
    """The grid for a loss level of `off`, as a share of the baseline.

    A curve of amplitude a and duration T crosses `off` on day T:
    a exp(-(d / k)^p) with k = T / log(a / off)^(1/p); the residual shape goes from a
    to a level above `off` and never crosses it. Amplitudes start above `off`, where
    the logarithm would be 0.
    """
    log_durations = np.linspace(np.log(SHORTEST), np.log(LONGEST), N_DURATIONS)
    lowest = off + AMPLITUDE_ABOVE_OFF
    amplitudes = np.linspace(lowest, max(HIGHEST_AMPLITUDE, lowest), N_AMPLITUDES)
    day = np.arange(1, DAYS + 1)
    duration = np.exp(log_durations)[:, None, None]
    amplitude = amplitudes[None, :, None]
    shapes = [_fading(day, duration, amplitude, off, power) for power in POWERS]
    shapes.append(_residual(day, duration, amplitude, off))
    curves = np.stack(shapes, axis=1).reshape(-1, DAYS)
    distance = (amplitudes[:, None] - amplitudes[None, :]) / AMPLITUDE_SPREAD
    spread = np.exp(-0.5 * distance**2)
    return Grid(
        log_durations=log_durations,
        amplitudes=amplitudes,
        curves=curves.astype(np.float32),
        spread=spread / spread.sum(axis=1, keepdims=True),
    )


def _fading(
    day: npt.NDArray[np.int64],
    duration: Floats,
    amplitude: Floats,
    off: float,
    power: float,
) -> Floats:
    scale = duration / np.log(amplitude / off) ** (1 / power)
    curve: Floats = amplitude * np.exp(-((day / scale) ** power))
    return curve


def _residual(
    day: npt.NDArray[np.int64], duration: Floats, amplitude: Floats, off: float
) -> Floats:
    rest = np.minimum(np.maximum(0.62 * amplitude, off + 0.08), amplitude)
    curve: Floats = rest + (amplitude - rest) * np.exp(-2 * day / duration)
    return curve
