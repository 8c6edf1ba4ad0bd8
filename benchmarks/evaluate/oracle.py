"""The best a forecast could do: it knows how relief really fades, but not the noise.

It is told each cycle's true curve (drift and weekly rhythm included) and how large
and how persistent the noise is. What is left to guess is each coming day's noise.
"""

from dataclasses import dataclass

import numpy as np

from evaluate.asked import LAST_DAY, Asked
from evaluate.scores import HORIZON
from evaluate.simulator import EPOCH, Clinic, Family

DRAWS = 400
_CHUNK = 256


@dataclass(frozen=True)
class _Known:
    """Of each spell: the true level, scores, and which of days 0 to 180 are logged.

    `deviation` is that of the noise; `worst` the highest burden that is not a loss.
    """

    level: np.ndarray
    record: np.ndarray
    logged: np.ndarray
    start: np.ndarray
    deviation: np.ndarray
    worst: np.ndarray

    def part(self, which: slice) -> "_Known":
        return _Known(*(value[which] for value in vars(self).values()))


def cycle_rows(clinic: Clinic, asked: Asked) -> np.ndarray:
    """Which of the clinic's cycles each current spell is."""
    key = clinic.cycles["patient_id"] * 100_000 + clinic.cycles["last_infusion"]
    last = asked.spells["last_infusion"].to_numpy().astype("datetime64[D]")
    wanted = asked.spells["patient_id"].to_numpy() * 100_000 + (last - EPOCH).astype(
        int
    )
    rows = np.searchsorted(key.to_numpy(), wanted)
    if not np.array_equal(key.to_numpy()[rows], wanted):
        raise ValueError("every spell must be a cycle of the clinic")
    return rows


def oracle(
    clinic: Clinic, family: Family, asked: Asked, off: float, k_off: int, seed: int = 0
) -> np.ndarray:
    """Chance (n, 181) of a confirmed loss by each day; `off` as in the criteria."""
    known = _known(clinic, asked, off)
    lost = np.zeros((len(asked), LAST_DAY + 1))
    for number, low in enumerate(range(0, len(asked), _CHUNK)):
        part = slice(low, low + _CHUNK)
        random = np.random.default_rng((31, seed, number))
        day = _walk(known.part(part), clinic, family, k_off, random)
        lost[part] = _by_day(day)
    return lost


def _known(clinic: Clinic, asked: Asked, off: float) -> _Known:
    rows = cycle_rows(clinic, asked)
    logged = np.zeros((len(asked), clinic.records.shape[1]), bool)
    logged[asked.logs["owner"], asked.logs["day"]] = True
    return _Known(
        level=clinic.levels[rows],
        record=clinic.records[rows],
        logged=logged,
        start=asked.last_relief,
        deviation=clinic.noise[rows],
        worst=asked.spells["baseline"].to_numpy() * (1 - off) + 1e-6,
    )


def _walk(
    known: _Known,
    clinic: Clinic,
    family: Family,
    k_off: int,
    random: np.random.Generator,
) -> np.ndarray:
    """First day of the confirmed loss in each draw (n, DRAWS), inf for none."""
    n = len(known.start)
    upcoming = _next_logs(known.logged)
    error = np.zeros((n, DRAWS), np.float32)
    run = np.zeros((n, DRAWS), np.int16)
    found = np.full((n, DRAWS), np.inf, np.float32)
    flare = _Flares(family.flares, (n, DRAWS), random)
    residual = known.record - known.level
    for day in range(1, HORIZON + k_off + 1):
        step = _steps(residual, upcoming[:, day], day, clinic.correlation)
        shock = _shocks((n, DRAWS), family.heavy, random)
        error = (
            step.back * error
            + step.add
            + (step.spread * known.deviation[:, None]) * shock
        )
        seen = known.logged[:, day] | (known.start >= day)
        error[seen] = np.nan_to_num(residual[seen, day])[:, None]
        value = np.rint(known.level[:, day, None] + error + flare.points())
        value = np.clip(value, 0, 10)
        value[known.logged[:, day]] = known.record[known.logged[:, day], day][:, None]
        bad = (value > known.worst[:, None]) & (known.start < day)[:, None]
        run = (run + 1) * bad
        ended = (run >= k_off) & np.isinf(found)
        found[ended] = day - k_off + 1
    return found


def _next_logs(logged: np.ndarray) -> np.ndarray:
    """For each day the next logged one, -1 after the last."""
    upcoming = np.full(logged.shape, -1)
    for day in range(logged.shape[1] - 2, -1, -1):
        upcoming[:, day] = np.where(logged[:, day + 1], day + 1, upcoming[:, day + 1])
    return upcoming


@dataclass(frozen=True)
class _Step:
    """A day's error: `back` of yesterday's, `add`, and `spread` deviations of chance."""

    back: np.ndarray
    add: np.ndarray
    spread: np.ndarray


def _steps(
    residual: np.ndarray, upcoming: np.ndarray, day: int, correlation: float
) -> _Step:
    """Forward, or between yesterday and the next logged day, as an AR(1) goes."""
    bridged = upcoming >= 0
    ahead = np.where(bridged, upcoming - day, 0)
    power = np.where(bridged, correlation ** np.maximum(ahead, 1), 0.0)
    fresh, whole = 1 - correlation**2, 1 - (correlation * power) ** 2
    next_error = np.where(bridged, residual[np.arange(len(residual)), upcoming], 0.0)
    return _Step(
        back=(correlation * (1 - power**2) / whole)[:, None].astype(np.float32),
        add=(power * fresh / whole * next_error)[:, None].astype(np.float32),
        spread=np.sqrt(fresh * (1 - power**2) / whole)[:, None].astype(np.float32),
    )


def _shocks(
    shape: tuple[int, int], heavy: bool, random: np.random.Generator
) -> np.ndarray:
    if heavy:
        return (random.standard_t(5, shape) / np.sqrt(5 / 3)).astype(np.float32)
    return random.standard_normal(shape, np.float32)


class _Flares:
    """Two points more for 2 to 5 days, from a random day on."""

    def __init__(
        self, chance: float, shape: tuple[int, int], random: np.random.Generator
    ):
        self._chance, self._random = chance, random
        self._left = np.zeros(shape, np.int16)

    def points(self) -> np.ndarray | float:
        if not self._chance:
            return 0.0
        shape = self._left.shape
        begins = self._random.random(shape, np.float32) < self._chance
        length = self._random.integers(2, 6, shape, dtype=np.int16)
        self._left = np.maximum(self._left - 1, begins * length)
        return np.where(self._left > 0, np.float32(2), np.float32(0))


def _by_day(found: np.ndarray) -> np.ndarray:
    """Share of the draws lost by each day."""
    n = len(found)
    day = np.where(np.isinf(found), LAST_DAY + 1, found).astype(int)
    place = np.arange(n)[:, None] * (LAST_DAY + 2) + day
    mass = np.bincount(place.reshape(-1), minlength=n * (LAST_DAY + 2))
    return np.cumsum(mass.reshape(n, -1), axis=1)[:, : LAST_DAY + 1] / found.shape[1]
