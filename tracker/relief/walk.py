"""Simulated days: what the logged ones leave open, drawn many times."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracker.relief.criteria import LOWEST_SCORE, Criteria
from tracker.relief.curves import DAYS, Floats32
from tracker.relief.evidence import Logs
from tracker.relief.panel import Bools, Floats, Ints
from tracker.relief.skipped import LONGEST_SKIP_DAYS

# A draw without a loss by then.
BEYOND = DAYS + 1
# Scores equal to a threshold reach it, in 32 bits too.
_SLACK = 1e-4
_CHUNK = 128


@dataclass(frozen=True)
class Walkers:
    """n spells to be walked through day by day, with m draws each.

    `start` (n,): the day to walk from, its relief known; 0 for the infusion.
    `onset_known_on` (n,): the day by which the onset is known; inf if it is not.
    `curve` (n, m): the node of each draw; `offset` (n, m) its offset from the
    baseline; `deviation` (n,) of a day before rounding, as a share of the baseline.
    `lean` (n,): how far, in shares of the baseline, the mean of days that are skipped
    lies below that of days that are logged; `skips` (n,): the share skipped; `known`
    (n,): the last day on which a log could have been.
    """

    logs: Logs
    start: Ints
    onset_known_on: Floats
    baseline: Floats
    deviation: Floats
    curve: npt.NDArray[np.intp]
    offset: Floats32
    lean: Floats
    skips: Floats
    known: Ints

    def rows(self, which: npt.NDArray[np.intp]) -> "Walkers":
        logs = self.logs.rows(which)
        rest = {
            name: values[which] for name, values in vars(self).items() if name != "logs"
        }
        return Walkers(logs=logs, **rest)


def walk(
    walkers: Walkers,
    curves: Floats32,
    normals: Floats32,
    correlation: float,
    step: float,
    criteria: Criteria,
) -> npt.NDArray[np.int16]:
    """First day of the confirmed loss in each draw.

    Parameters
    ----------
    curves : array (nodes, DAYS)
    normals : array (m, DAYS)
        Standard normal draws; the same for every spell, so that a spell's draws
        do not depend on who else is walked.
    correlation : float
        Of neighbouring days, before rounding.
    step : float, points
        Rounding of the scale.

    Returns
    -------
    array (n, m)
        1 to DAYS; `BEYOND` without a loss by then; 0 without an onset.

    Notes
    -----
    A logged day is taken as it is. A day before a later log is drawn between its
    neighbours (the bridge of a first-order autoregression), a day after the last one
    forward from it. Then the rule of `find_spells` is put to the complete record.

    Where days are skipped because they are bad, the curve was learned from the better
    ones. With log odds b of skipping by each point, a share p skipped and variance v,
    the mean of logged days lies b p v below that of all days (exponential tilting of
    a normal density, Rotnitzky, Robins & Scharfstein 1998, J Am Stat Assoc 93:1321),
    and a skipped day between its neighbours b (1 - p) of what variance they leave it
    above.
    """
    n, m = walkers.curve.shape
    lost = np.full((n, m), BEYOND, np.int16)
    levels = np.ascontiguousarray(curves.T)
    # Spells walked from about the same day go together.
    order = np.argsort(walkers.start, kind="stable")
    for low in range(0, n, _CHUNK):
        rows = order[low : low + _CHUNK]
        part = walkers.rows(rows)
        lost[rows] = _walk_chunk(part, levels, normals, correlation, step, criteria)
    return lost


@dataclass(frozen=True)
class _Bridges:
    """For each spell and day: weights of yesterday's and the next log's error.

    `next_log` (n, DAYS) is the column of the next log, or -1 after the last; `lean`
    (n, DAYS) what is added, as the days logged are not like those skipped; `last_log`
    and `last_start` are the last days on which any spell has a log or starts.
    """

    back: Floats32
    ahead: Floats32
    spread: Floats32
    lean: Floats32
    next_log: npt.NDArray[np.int16]
    last_log: int
    last_start: int


@dataclass
class _State:
    """What each draw (n, m) has come to by the day before."""

    error: Floats32
    bad_run: npt.NDArray[np.int8]
    good_run: npt.NDArray[np.int8]
    begun: Bools
    open: Bools


def _walk_chunk(
    walkers: Walkers,
    levels: Floats32,
    normals: Floats32,
    correlation: float,
    step: float,
    criteria: Criteria,
) -> npt.NDArray[np.int16]:
    lost = np.full(walkers.curve.shape, BEYOND, np.int16)
    table = _bridges(walkers, correlation)
    state = _start(walkers, levels)
    rule = _Rule(walkers, step, criteria)
    for day in range(int(walkers.start.min()) + 1, DAYS + 1):
        value = _advance(state, walkers, levels, normals, table, day)
        rule.apply(state, value, day, lost)
        if not state.open.any():
            break
    return lost


def _bridges(walkers: Walkers, correlation: float) -> _Bridges:
    logged, start = walkers.logs.logged, walkers.start
    n = len(logged)
    column = np.arange(DAYS, dtype=np.int16)
    beyond = np.where(logged > 0, column, np.int16(DAYS))
    upcoming = np.minimum.accumulate(beyond[:, ::-1], axis=1)[:, ::-1]
    next_log = np.full((n, DAYS), -1, np.int16)
    next_log[:, :-1] = np.where(upcoming[:, 1:] < DAYS, upcoming[:, 1:], -1)
    distance = (next_log - np.arange(DAYS)).astype(np.float64)
    power = np.zeros((n, DAYS))
    np.power(correlation, distance, out=power, where=next_log >= 0)
    square, fresh = power**2, 1 - correlation**2
    whole = 1 - correlation**2 * square
    back = correlation * (1 - square) / whole
    ahead = power * fresh / whole
    variance = fresh * (1 - square) / whole
    # Nothing is known of the day before day 1: only the log ahead ties it.
    at_once = start == 0
    back[at_once, 0] = 0
    ahead[at_once, 0] = power[at_once, 0]
    variance[at_once, 0] = 1 - square[at_once, 0]
    skipped = _skipped(walkers, next_log)
    skips = walkers.skips[:, None]
    lean = skips * (1 - back - ahead) + (1 - skips) * variance * skipped
    lean *= -walkers.lean[:, None]
    return _Bridges(
        back.astype(np.float32),
        ahead.astype(np.float32),
        np.sqrt(variance).astype(np.float32),
        lean.astype(np.float32),
        next_log,
        last_log=int(beyond[beyond < DAYS].max(initial=-1)) + 1,
        last_start=int(start.max(initial=0)),
    )


def _skipped(walkers: Walkers, next_log: npt.NDArray[np.int16]) -> Bools:
    """Days (n, DAYS) that a patient who still logs has left out."""
    logged = walkers.logs.logged > 0
    day = np.arange(1, DAYS + 1)
    last = np.where(logged, day, 0).max(axis=1)
    until = np.minimum(walkers.known, last + LONGEST_SKIP_DAYS)
    skipped: Bools = ~logged & ((next_log >= 0) | (day <= until[:, None]))
    return skipped


def _start(walkers: Walkers, levels: Floats32) -> _State:
    shape = walkers.curve.shape
    rows = np.arange(shape[0])
    column = np.maximum(walkers.start - 1, 0)
    known = walkers.logs.improvement[rows, column][:, None]
    error = known - levels[column[:, None], walkers.curve] + walkers.offset
    error[walkers.start == 0] = 0
    begun = np.broadcast_to((walkers.onset_known_on <= walkers.start)[:, None], shape)
    return _State(
        error=error.astype(np.float32),
        bad_run=np.zeros(shape, np.int8),
        good_run=np.zeros(shape, np.int8),
        begun=begun.copy(),
        open=np.ones(shape, np.bool_),
    )


def _advance(
    state: _State,
    walkers: Walkers,
    levels: Floats32,
    normals: Floats32,
    table: _Bridges,
    day: int,
) -> Floats32:
    """The improvement on `day`, read or drawn; moves the errors on."""
    column = day - 1
    level: Floats32 = levels[column][walkers.curve]
    level -= walkers.offset
    spread = (table.spread[:, column] * walkers.deviation).astype(np.float32)
    error: Floats32 = state.error * table.back[:, column, None]
    error += spread[:, None] * normals[:, column]
    error += table.lean[:, column, None]
    if day < table.last_log:
        upcoming = table.next_log[:, column]
        bridged = np.flatnonzero(upcoming >= 0)
        ahead = upcoming[bridged]
        residual = walkers.logs.improvement[bridged, ahead][:, None]
        residual = residual - levels[ahead[:, None], walkers.curve[bridged]]
        residual += walkers.offset[bridged]
        error[bridged] += table.ahead[bridged, column][:, None] * residual
    value: Floats32 = level + error
    if day <= table.last_log:
        logged = np.flatnonzero(walkers.logs.logged[:, column])
        value[logged] = walkers.logs.improvement[logged, column][:, None]
        error[logged] = value[logged] - level[logged]
    if day <= table.last_start:
        waiting = np.flatnonzero(walkers.start >= day)
        error[waiting] = state.error[waiting]
    state.error = error
    return value


class _Rule:
    """Onset and loss, put to complete records day by day."""

    def __init__(self, walkers: Walkers, step: float, criteria: Criteria) -> None:
        self._criteria, self._step = criteria, np.float32(step)
        self._start, self._known_on = walkers.start, walkers.onset_known_on
        self._baseline = walkers.baseline.astype(np.float32)[:, None]
        self._bad = self._baseline * np.float32(1 - criteria.off) + _SLACK
        self._good = self._baseline * np.float32(1 - criteria.on) + _SLACK

    def apply(
        self, state: _State, value: Floats32, day: int, lost: npt.NDArray[np.int16]
    ) -> None:
        """Write the day of loss into `lost` where it is decided on `day`."""
        rule, moving = self._criteria, (self._start < day)[:, None]
        burden = self._baseline * (1 - value)
        if self._step:
            burden = np.rint(burden / self._step) * self._step
        np.clip(burden, LOWEST_SCORE, rule.scale_max, out=burden)
        state.bad_run += 1
        state.bad_run *= (burden > self._bad) & moving
        if day <= rule.onset_window + rule.k_on:
            self._onset(state, burden <= self._good, moving, day, lost)
        state.begun |= (self._known_on <= day)[:, None]
        ended = state.open & state.begun & (state.bad_run >= rule.k_off)
        lost[ended] = day - rule.k_off + 1
        state.open &= ~ended
        # Kept from running over.
        np.minimum(state.bad_run, 100, out=state.bad_run)

    def _onset(
        self,
        state: _State,
        good: Bools,
        moving: Bools,
        day: int,
        lost: npt.NDArray[np.int16],
    ) -> None:
        rule = self._criteria
        state.good_run += 1
        state.good_run *= good & moving
        began = day - rule.k_on + 1
        if began <= rule.onset_window:
            state.begun |= state.good_run >= rule.k_on
        if began >= rule.onset_window:
            hopeless = np.isinf(self._known_on)[:, None] & moving & ~state.begun
            ended = state.open & hopeless
            lost[ended] = 0
            state.open &= ~ended
