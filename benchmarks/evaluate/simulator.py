"""Made-up clinics whose truth is known: how relief really fades in each patient.

A patient has a baseline, a way of fading, noise from day to day, habits of logging
and a policy of boosters. Each cycle is drawn for 200 days without a further infusion;
what the tracker sees of it ends with the next one. The truth of a cycle is what the
tracker's own rule says of its complete record.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.signal import lfilter

DAYS = 200
EPOCH = np.datetime64("2024-01-01")
# First seed of the random families that nothing may be tuned on.
HELD_BACK = 1000


@dataclass(frozen=True)
class Family:
    """One kind of clinic. Amounts of burden are points of 0 to 10.

    `shapes`: weights of exponential, linear, plateau (logistic), biexponential,
    late onset, sudden; `median_days`, `between`, `within`: of durations (log sd);
    `amplitude`, `amplitude_sd`: share of the baseline at its best; `cure`: share of
    patients whose relief never ends; `none`: chance that an infusion brings nothing;
    `policies`: weights of scheduled, on fading, pre-emptive; `missing`: share of days
    not logged, `missing_slope`: logit of missing a day by each point of burden above
    the patient's middle; `drift_sd`: of the baseline's yearly walk; `tolerance`: log
    duration by each log cycle; `heavy`: t noise with 5 degrees; `weekly`: points of a
    weekly rhythm; `flares`: chance a day that a flare of 2 to 5 days begins;
    `memoryless`: durations are exponential, whoever's they are; `foresees`: who books
    ahead counts the current cycle's end, not yet seen, among the usual ones, which no
    clinic can.
    """

    name: str
    shapes: tuple[float, ...] = (1, 0, 0, 0, 0, 0)
    median_days: float = 21.0
    between: float = 0.45
    within: float = 0.3
    amplitude: float = 0.65
    amplitude_sd: float = 0.12
    baseline: float = 6.8
    baseline_sd: float = 1.0
    noise: float = 0.85
    correlation: float = 0.4
    cure: float = 0.0
    none: float = 0.15
    policies: tuple[float, float, float] = (0.3, 0.6, 0.1)
    interval_days: float = 28.0
    missing: float = 0.15
    missing_slope: float = 0.0
    drift_sd: float = 0.0
    tolerance: float = 0.0
    heavy: bool = False
    weekly: float = 0.0
    flares: float = 0.0
    induction: float = 0.7
    cycles: int = 40
    follow_up: tuple[int, int] = (200, 500)
    memoryless: bool = False
    foresees: bool = True


NAMED = (
    Family("exponential"),
    Family("plateau", shapes=(0, 0, 1, 0, 0, 0)),
    Family("sudden", shapes=(0, 0, 0, 0, 0, 1)),
    Family("mixed shapes", shapes=(1, 1, 1, 1, 0, 1)),
    Family("lasting", cure=0.2),
    Family("noisy", noise=1.5),
    Family("drifting", drift_sd=1.2),
    Family("sparse", missing=0.6),
    Family("on fading only", policies=(0, 1, 0)),
    Family("scheduled", policies=(1, 0, 0)),
    Family("pre-emptive", policies=(0.1, 0.1, 0.8)),
    Family("one cycle", cycles=1),
    Family("short", median_days=10.0),
    Family("flares", flares=0.03),
    Family("late onset", shapes=(0, 0, 0, 0, 1, 0)),
    Family("tolerance", tolerance=-0.25),
    Family("memoryless", shapes=(0, 0, 0, 0, 0, 1), memoryless=True),
    Family("skips bad days", missing=0.35, missing_slope=0.5),
    Family("skips good days", missing=0.35, missing_slope=-0.5),
)


def random_family(seed: int) -> Family:
    """A clinic with every parameter drawn.

    Seeds from `HELD_BACK` on are for the evaluation; nothing may be tuned on them.
    """
    r = np.random.default_rng((99, seed))
    return Family(
        name=f"random {seed}",
        shapes=tuple(r.dirichlet(np.full(6, 0.6))),
        median_days=float(np.exp(r.normal(np.log(20), 0.45))),
        between=float(r.uniform(0.25, 0.7)),
        within=float(r.uniform(0.15, 0.5)),
        amplitude=float(r.uniform(0.5, 0.8)),
        amplitude_sd=float(r.uniform(0.05, 0.18)),
        baseline=float(r.uniform(5.5, 7.5)),
        baseline_sd=float(r.uniform(0.6, 1.3)),
        noise=float(r.uniform(0.6, 1.4)),
        correlation=float(r.uniform(0.1, 0.6)),
        cure=float(r.choice([0, 0, r.uniform(0.05, 0.25)])),
        none=float(r.uniform(0.05, 0.35)),
        policies=tuple(r.dirichlet(np.ones(3))),
        interval_days=float(r.uniform(18, 45)),
        missing=float(r.beta(1.6, 4)),
        missing_slope=float(r.normal(0, 0.25)),
        drift_sd=float(r.choice([0, r.uniform(0, 1.2)])),
        tolerance=float(r.choice([0, r.uniform(-0.3, 0.1)])),
        heavy=bool(r.random() < 0.3),
        weekly=float(r.choice([0, r.uniform(0, 0.6)])),
        flares=float(r.choice([0, 0, r.uniform(0, 0.03)])),
        induction=float(r.uniform(0.3, 0.9)),
    )


@dataclass(frozen=True)
class Clinic:
    """What the tracker sees, and the truth behind it.

    `cycles`, one row a series: patient_id, last_infusion (day number), duration of
    the latent curve; `records` (cycles, DAYS + 1): burden of each day after the last
    infusion had no other followed; `levels`: the same without noise.
    """

    diary: pd.DataFrame
    infusions: pd.DataFrame
    cycles: pd.DataFrame
    records: np.ndarray
    levels: np.ndarray
    noise: np.ndarray
    correlation: float


def simulate(family: Family, patients: int, seed: int) -> Clinic:
    """A clinic of `patients`, deterministic from the seed."""
    parts = [
        _Patient(family, number, np.random.default_rng((seed, number))).live()
        for number in range(patients)
    ]
    logs, given, cycles, records, levels = zip(*parts, strict=True)
    diary = pd.DataFrame(np.concatenate(logs), columns=["patient_id", "day", "pain"])
    infusions = pd.DataFrame(np.concatenate(given), columns=["patient_id", "day"])
    table = pd.DataFrame(
        [row for rows in cycles for row in rows],
        columns=["patient_id", "last_infusion", "duration", "noise"],
    )
    for frame in (diary, infusions):
        frame["patient_id"] = frame["patient_id"].astype(np.int64)
        day = frame.pop("day").to_numpy().astype(np.int64)
        frame["date"] = EPOCH + day
    return Clinic(
        diary=diary,
        infusions=infusions,
        cycles=table,
        records=np.concatenate(records),
        levels=np.concatenate(levels),
        noise=table["noise"].to_numpy(),
        correlation=family.correlation,
    )


class _Patient:
    def __init__(self, family: Family, number: int, random: np.random.Generator):
        self._f, self._number, self._r = family, number, random
        r = random
        self._baseline = float(
            np.clip(r.normal(family.baseline, family.baseline_sd), 4.0, 9.6)
        )
        self._mean = np.log(family.median_days) + r.normal(0, family.between)
        self._amplitude = float(
            np.clip(r.normal(family.amplitude, family.amplitude_sd), 0.38, 0.95)
        )
        weights = np.array(family.shapes) / sum(family.shapes)
        self._shape = int(r.choice(len(weights), p=weights))
        self._cured = r.random() < family.cure
        self._noise = family.noise * float(np.exp(r.normal(0, 0.2)))
        self._miss = _logit(np.clip(family.missing + r.normal(0, 0.05), 0.02, 0.9))
        self._policy = int(r.choice(3, p=np.array(family.policies)))
        low, high = family.follow_up
        self._end = int(r.integers(low, high))
        self._history: list[float] = []
        steps = r.normal(0, family.drift_sd / np.sqrt(365), 900)
        self._drift = np.cumsum(steps)
        self._weekly = family.weekly * np.sin(
            2 * np.pi * (np.arange(900) + r.integers(7)) / 7
        )

    def live(self):
        f, r = self._f, self._r
        before = int(r.integers(10, 29))
        day = before
        levels = self._baseline + self._drift[:before]
        logs = [self._log(0, self._record(levels, 0))]
        given, cycles, records, clean = [], [], [], []
        for number in range(f.cycles):
            size = 6 if number == 0 and r.random() < f.induction else 1
            days = [day]
            for _ in range(size - 1):
                days.append(days[-1] + int(r.integers(2, 5)))
            given += [(self._number, d) for d in days]
            last = days[-1]
            if size > 1:
                # Scores between induction infusions belong to no spell.
                middle = np.linspace(1, 0.6, last - day) * self._baseline
                logs.append(self._log(day, self._record(middle, day)))
            level, duration = self._cycle(last, number)
            record = np.concatenate(([np.nan], self._record(level[1:], last + 1)))
            cycles.append((self._number, last, duration, self._noise))
            records.append(record)
            clean.append(level)
            length = self._until_next(record, number)
            length = min(length, self._end - last, DAYS)
            logs.append(self._log(last + 1, record[1 : length + 1], skip=1))
            day = last + length + 1
            if day >= self._end or number + 1 == f.cycles:
                break
        return (
            np.concatenate(logs),
            np.array(given, float),
            cycles,
            np.array(records),
            np.array(clean),
        )

    def _cycle(self, last: int, number: int):
        f, r = self._f, self._r
        duration = float(
            np.exp(
                self._mean
                + r.normal(0, f.within)
                + f.tolerance * np.log(number + 1)
                + (0.2 if number == 0 else 0.0)
            )
        )
        if f.memoryless:
            duration = float(r.exponential(f.median_days / np.log(2)))
        amplitude = float(np.clip(self._amplitude + r.normal(0, 0.05), 0.3, 0.97))
        day = np.arange(DAYS + 1)
        share = curve(self._shape, day, duration, amplitude, self._cured)
        if r.random() < f.none:
            share, duration = np.zeros(DAYS + 1), 0.0
        level = self._baseline * (1 - share)
        level = level + self._drift[last : last + DAYS + 1]
        return level + self._weekly[last : last + DAYS + 1], duration

    def _record(self, level: np.ndarray, day: int) -> np.ndarray:
        """Daily scores about `level`: noise, flares, rounding, the scale's ends."""
        f, r = self._f, self._r
        n = len(level)
        shocks = r.standard_t(5, n) / np.sqrt(5 / 3) if f.heavy else r.normal(size=n)
        shocks = shocks * self._noise * np.sqrt(1 - f.correlation**2)
        if n:
            shocks[0] /= np.sqrt(1 - f.correlation**2)
        error = lfilter([1], [1, -f.correlation], shocks)
        for start in np.flatnonzero(r.random(n) < f.flares):
            error[start : start + int(r.integers(2, 6))] += 2.0
        return np.clip(np.rint(level + error), 0, 10)

    def _log(self, first: int, record: np.ndarray, skip: int = 0) -> np.ndarray:
        f, r = self._f, self._r
        logit = self._miss + f.missing_slope * (record - 0.6 * self._baseline)
        # Missed days come in clusters.
        mood = (
            lfilter([1], [1, -0.8], r.normal(0, 0.6, len(record))) if len(record) else 0
        )
        logged = r.random(len(record)) > 1 / (1 + np.exp(-(logit + mood)))
        day = first + np.flatnonzero(logged)
        score = record[logged]
        return np.stack((np.full(len(day), self._number), day, score), axis=1)

    def _until_next(self, record: np.ndarray, number: int) -> int:
        """Days until the next infusion, by the patient's policy."""
        f, r = self._f, self._r
        fading = self._baseline * 0.72
        if self._policy == 0:
            return int(max(7, r.normal(f.interval_days, 3)))
        bad = record[1:] > fading
        runs = np.convolve(bad, np.ones(4), "valid") >= 3
        seen = np.flatnonzero(runs[3:])
        noticed = int(seen[0]) + 7 if len(seen) else 150
        self._history.append(noticed)
        if self._policy == 1 or len(self._history) < 2:
            return int(noticed + r.integers(1, 8))
        known = self._history if f.foresees else self._history[:-1]
        usual = float(np.median(known[-3:]))
        return int(max(7, min(noticed + 3, 0.75 * usual + r.normal(0, 2))))


def curve(
    shape: int, day: np.ndarray, duration: float, amplitude: float, cured: bool
) -> np.ndarray:
    """Share of the baseline gained on each day; crosses 20 % on day `duration`."""
    off = 0.2
    if cured:
        rest = max(0.6 * amplitude, 0.38)
        return rest + (amplitude - rest) * np.exp(-2 * day / duration)
    if shape == 1:
        return np.maximum(amplitude - (amplitude - off) * day / duration, 0)
    if shape == 2:
        steep = 7 / duration
        at_off = np.log(amplitude / off - 1)
        return amplitude / (
            1 + np.exp(np.clip(steep * (day - duration) + at_off, -50, 50))
        )
    if shape == 3:
        fast, share = duration / 8, 0.35
        slow = duration / np.log(max(amplitude * (1 - share) / off, 1.1))
        return amplitude * (
            share * np.exp(-day / fast) + (1 - share) * np.exp(-day / slow)
        )
    if shape == 4:
        rise = np.minimum(day / 5, 1)
        scale = duration / np.log(amplitude / off) ** (1 / 1.6)
        return amplitude * rise * np.exp(-((day / scale) ** 1.6))
    if shape == 5:
        return np.where(day < duration, amplitude, 0.02)
    scale = duration / np.log(amplitude / off)
    return amplitude * np.exp(-day / scale)


def with_patients(family: Family, **changes) -> Family:
    return replace(family, **changes)


def _logit(p: float) -> float:
    return float(np.log(p / (1 - p)))
