"""When relief will end in the current spells, as distributions over days."""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from tracker.relief import durations as dur
from tracker.relief.curves import DAYS, Floats32, Grid
from tracker.relief.cycles import OFFSET_SHARE, Cycles, Rows
from tracker.relief.evidence import Evidence, Logs, weigh
from tracker.relief.panel import Bools, Floats
from tracker.relief.response import count_responses
from tracker.relief.walk import BEYOND, Walkers, walk

if TYPE_CHECKING:
    from tracker.relief.model import ReliefModel

DRAWS = 400
SEED = 20_261_124
PATIENTS_AT_ONCE = 128
# Levels of improvement of a spell that brings none.
_NO_RELIEF = (-0.15, -0.05, 0.05, 0.15)
# How much of what earlier spells say of the offset is believed.
_MESSAGE = 0.3
# Of each forecast, the share of a wide distribution about the same median: what no
# curve of the grid foresees.
_TAIL, _TAIL_SPREAD = 0.03, 1.1
_EDGE = 1e-9
# Of series that bring relief, how many begin late, on any day of the onset window, and
# look until then as if they brought none. No curve of the grid begins late.
LATE_ONSET = 0.03
TYPICAL_SHARES = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class Forecasts:
    """Distributions for some series.

    `survival` (n, DAYS + 1): chance that relief is lost after day d, d = 0 to 180;
    `no_response` (n,): chance that the series brings no relief; `typical` (n, 3):
    how long relief typically lasts in the patient by the earlier spells, in days, at
    `TYPICAL_SHARES`.
    """

    survival: Floats
    no_response: Floats
    typical: Floats


def forecast_series(
    model: "ReliefModel", cycles: Cycles, rows: Rows, draws: int = DRAWS
) -> Forecasts:
    """Forecast one series of each patient from all that its panel shows.

    Parameters
    ----------
    rows : array
        Series with a usable baseline, at most one a patient. Earlier series of the
        same patients are their history; later ones are not looked at.
    """
    n = len(rows)
    survival = np.ones((n, DAYS + 1))
    none, typical = np.zeros(n), np.full((n, len(TYPICAL_SHARES)), np.nan)
    order = np.argsort(cycles.found.traced.lower[rows], kind="stable")
    for low in range(0, n, PATIENTS_AT_ONCE):
        part = order[low : low + PATIENTS_AT_ONCE]
        chunk = _forecast_chunk(model, cycles, rows[part], draws)
        survival[part], none[part] = chunk.survival, chunk.no_response
        typical[part] = chunk.typical
    return Forecasts(survival, none, typical)


@dataclass(frozen=True)
class Histories:
    """What earlier spells say of each patient.

    `state` (n, effects, shapes, amplitudes): chances; `offset_mean`, `offset_var`
    (n,): of the coming spell's offset.
    """

    state: Floats
    offset_mean: Floats
    offset_var: Floats


def histories(model: "ReliefModel", cycles: Cycles, rows: Rows) -> Histories:
    """From the series before `rows`, one row a patient."""
    series = cycles.found.series
    grid = model.grid
    place = np.full(cycles.found.panel.n_patients, -1)
    place[series.patient[rows]] = np.arange(len(rows))
    limit = np.zeros(cycles.found.panel.n_patients, np.int64)
    limit[series.patient[rows]] = series.number[rows]
    earlier = np.flatnonzero(
        cycles.responded
        & (place[series.patient] >= 0)
        & (series.number < limit[series.patient])
    )
    log_state = np.tile(dur.state_prior(model.durations), (len(rows), 1, 1, 1))
    spell_var = offset_start(cycles, rows)
    offsets = _Offsets(model.drift, spell_var)
    if len(earlier):
        groups = dur.Groups.of(cycles.x[earlier])
        prior = model_nodes(model, groups.values)[groups.of_spell]
        variance = spell_offset_var(model, cycles, earlier)
        seen = weigh(
            cycles.logs(earlier),
            grid,
            model.noise.correlation,
            cycles.variance[earlier],
            np.zeros(len(earlier)),
            variance,
        )
        likely = np.exp(
            seen.log_likelihood - seen.log_likelihood.max(axis=1, keepdims=True)
        )
        states = dur.spell_states(
            dur.by_type(likely, grid), model.durations, groups, grid
        )
        owner = place[series.patient[earlier]]
        first = np.flatnonzero(np.append(True, owner[1:] != owner[:-1]))
        log_state[owner[first]] += dur.over_patients(states, first)
        chance, _ = dur.combine(seen.log_likelihood, prior)
        offsets.listen(seen, chance, variance, owner, cycles.age[earlier])
    mean, var = offsets.at(cycles.age[rows])
    return Histories(dur.posterior(log_state), mean, var)


def spell_offset_var(model: "ReliefModel", cycles: Cycles, rows: Rows) -> Floats:
    variance: Floats = OFFSET_SHARE * cycles.baseline_var[rows]
    return variance + model.drift * cycles.age[rows]


def offset_start(cycles: Cycles, rows: Rows) -> Floats:
    variance: Floats = OFFSET_SHARE * cycles.baseline_var[rows]
    return variance


def model_nodes(model: "ReliefModel", x: Floats) -> Floats:
    """Chance of each node for a patient nothing is known of, by covariates."""
    state = dur.posterior(dur.state_prior(model.durations)[None])
    chance = dur.node_prior(np.repeat(state, len(x), 0), x, model.durations, model.grid)
    return chance.astype(np.float32)


class _Offsets:
    """A patient's offset from the baseline: a random walk heard through spells."""

    def __init__(self, drift: float, start_var: Floats) -> None:
        self._drift = drift
        self._mean = np.zeros(len(start_var))
        self._var = start_var.copy()
        self._age = np.zeros(len(start_var))

    def listen(
        self,
        seen: Evidence,
        chance: Floats,
        variance: Floats,
        owner: Rows,
        age: Floats,
    ) -> None:
        centre = (chance * seen.offset_mean).sum(axis=1)
        spread = (chance * seen.offset_mean.astype(np.float64) ** 2).sum(axis=1)
        spread = spread - centre**2 + seen.offset_var
        precision = _MESSAGE * np.maximum(1 / spread - 1 / variance, 0)
        pull = _MESSAGE * centre / spread
        # Spells come sorted by patient and number, so each hears them in order.
        for spell, patient in enumerate(owner):
            self._grow(patient, age[spell])
            before = 1 / self._var[patient]
            self._var[patient] = 1 / (before + precision[spell])
            self._mean[patient] = self._var[patient] * (
                before * self._mean[patient] + pull[spell]
            )

    def _grow(self, patient: int, age: float) -> None:
        self._var[patient] += self._drift * (age - self._age[patient])
        self._age[patient] = age

    def at(self, age: Floats) -> tuple[Floats, Floats]:
        return self._mean, self._var + self._drift * (age - self._age)


def _forecast_chunk(
    model: "ReliefModel", cycles: Cycles, rows: Rows, draws: int
) -> Forecasts:
    grid, traced = model.grid, cycles.found.traced
    past = histories(model, cycles, rows)
    prior = dur.node_prior(past.state, cycles.x[rows], model.durations, grid)
    logs = cycles.logs(rows)
    noise = (model.noise.correlation, cycles.variance[rows])
    seen = weigh(logs, grid, *noise, past.offset_mean, past.offset_var)
    chance, evidence = dur.combine(seen.log_likelihood, prior)
    begun = ~np.isnan(traced.onset[rows])
    offset = (past.offset_mean, past.offset_var)
    none = chance_of_none(model, cycles, rows, *offset, evidence)
    none[begun] = 0
    start = np.where(begun, np.nan_to_num(traced.lower[rows]), 0)
    days = _draw(
        model, cycles, rows, seen, chance, draws,
        start=np.minimum(start, DAYS).astype(np.int64),
        onset_known_on=np.where(begun, start, np.inf), logs=logs,
    )  # fmt: skip
    mass = _mass(days, begun)
    # The days logged leave no room for an onset.
    none[mass[:, 0] >= 1 - _EDGE] = 1
    mass = _smooth(mass, start)
    mass = _with_tail(mass, start)
    lost = np.cumsum(mass, axis=1)[:, : DAYS + 1]
    lost = none[:, None] + (1 - none[:, None]) * rescale(lost, model.scale)
    survival = 1 - np.clip(np.maximum.accumulate(lost, axis=1), 0, 1)
    typical = _typical(model, past, cycles.x[rows])
    return Forecasts(survival, none, typical)


def chance_of_none(
    model: "ReliefModel",
    cycles: Cycles,
    rows: Rows,
    offset_mean: Floats,
    offset_var: Floats,
    relief: Floats,
) -> Floats:
    """Chance of no response, from the patient's other series and the days logged.

    `relief` (n,): log likelihood of the days if there was a response.
    """
    found = cycles.found
    failed, assessed = count_responses(found)
    patient = found.series.patient[rows]
    # The current series does not count for itself.
    own_failed = found.status[rows] == "no_response"
    own = own_failed | ~np.isnan(found.traced.onset[rows])
    prior = model.response.chance_of_none(
        failed[patient] - own_failed, assessed[patient] - own
    )
    flat = Grid(
        log_durations=model.grid.log_durations,
        amplitudes=model.grid.amplitudes,
        curves=np.repeat(np.array(_NO_RELIEF, np.float32)[:, None], DAYS, axis=1),
        spread=model.grid.spread,
    )
    seen = weigh(
        cycles.logs(rows),
        flat,
        model.noise.correlation,
        cycles.variance[rows],
        offset_mean,
        offset_var,
    ).log_likelihood.astype(np.float64)
    best = seen.max(axis=1)
    no_relief = best + np.log(np.exp(seen - best[:, None]).mean(axis=1))
    relief = np.logaddexp(
        np.log1p(-LATE_ONSET) + relief,
        np.log(LATE_ONSET * _onset_to_come(model, cycles, rows) + _EDGE) + no_relief,
    )
    odds = prior / (1 - prior) * np.exp(np.clip(no_relief - relief, -50, 50))
    chance: Floats = odds / (1 + odds)
    return chance


def _onset_to_come(model: "ReliefModel", cycles: Cycles, rows: Rows) -> Floats:
    """Chance that an onset which comes late comes after the last logged day."""
    window = model.criteria.onset_window
    last = np.nan_to_num(cycles.found.logs.last[rows])
    chance: Floats = np.clip((window - last) / window, 0, 1)
    return chance


def _draw(
    model: "ReliefModel",
    cycles: Cycles,
    rows: Rows,
    seen: Evidence,
    chance: Floats,
    draws: int,
    *,
    start: npt.NDArray[np.int64],
    onset_known_on: Floats,
    logs: Logs,
) -> npt.NDArray[np.int16]:
    """Days of loss (n, draws)."""
    normals, offsets, strata = random_numbers(draws)
    node = stratified(chance, strata)
    spread = np.sqrt(seen.offset_var)[:, None].astype(np.float32)
    offset = np.take_along_axis(seen.offset_mean, node, axis=1) + spread * offsets
    walkers = Walkers(
        logs=logs,
        start=start,
        onset_known_on=onset_known_on,
        baseline=cycles.found.baseline[rows],
        deviation=cycles.deviation[rows],
        curve=node,
        offset=offset.astype(np.float32),
        lean=cycles.lean(rows, model.skipping),
        skips=cycles.skips[rows],
        known=cycles.found.windows.length[rows],
    )
    return walk(
        walkers,
        model.grid.by_day,
        normals,
        model.noise.latent_correlation,
        model.noise.step,
        model.criteria,
    )


@lru_cache(maxsize=4)
def random_numbers(draws: int) -> tuple[Floats32, Floats32, Floats]:
    """Normals (draws, DAYS) and (draws,), and strata (draws,) in (0, 1).

    The same for every series: a forecast does not depend on who else is there.
    """
    source = np.random.default_rng(SEED)
    half = source.standard_normal((draws // 2, DAYS), np.float32)
    normals = np.concatenate((half, -half))
    strata = (source.permutation(draws) + 0.5) / draws
    offsets = ndtri((source.permutation(draws) + 0.5) / draws)
    numbers = (normals, offsets.astype(np.float32), strata)
    for values in numbers:
        # They are handed to every caller.
        values.flags.writeable = False
    return numbers


def stratified(chance: Floats, strata: Floats) -> Rows:
    """Nodes drawn by inverting each row's distribution at the strata."""
    cumulative = np.cumsum(chance, axis=1)
    cumulative /= cumulative[:, -1:]
    nodes = [np.searchsorted(row, strata) for row in cumulative]
    drawn: Rows = np.minimum(np.stack(nodes), chance.shape[1] - 1).astype(np.intp)
    return drawn


def _mass(days: npt.NDArray[np.int16], begun: Bools) -> Floats:
    """Share of the draws on each day 0 to BEYOND.

    A draw without an onset is not one of relief; what the scores say for no response
    is counted apart. Where nothing else was drawn, relief is over at once.
    """
    n = len(days)
    place = np.arange(n)[:, None] * (BEYOND + 1) + days
    counts = np.bincount(place.reshape(-1), minlength=n * (BEYOND + 1))
    mass: Floats = counts.reshape(n, BEYOND + 1).astype(np.float64)
    relieved = mass[:, 1:].sum(axis=1)
    some = ~begun & (relieved > 0)
    mass[some, 0] = 0
    mass /= mass.sum(axis=1, keepdims=True)
    return mass


def _smooth(mass: Floats, start: Floats) -> Floats:
    """Neighbouring days share a quarter each way, none of it before day `start`."""
    # What no draw lost by the end stays there, and the day 0 of no relief too.
    edge = np.zeros_like(mass)
    edge[:, -1] = mass[:, -1]
    edge[:, 0] = mass[:, 0]
    inner = mass - edge
    smooth = 0.5 * inner
    smooth[:, 2:] += 0.25 * inner[:, 1:-1]
    smooth[:, 1] += 0.25 * inner[:, 1]
    smooth[:, 1:-1] += 0.25 * inner[:, 2:]
    smooth += edge
    day = np.arange(mass.shape[1])
    early = (day <= start[:, None]) & (day > 0)
    first = np.minimum(start.astype(np.intp) + 1, mass.shape[1] - 1)
    moved = (smooth * early).sum(axis=1)
    smooth[early] = 0
    smooth[np.arange(len(mass)), first] += moved
    return smooth


def _with_tail(mass: Floats, start: Floats) -> Floats:
    """Mix in a little of a log-normal with the same median, from `start` on."""
    lost = np.cumsum(mass, axis=1)
    middle = np.maximum((lost < 0.5).sum(axis=1), 1).astype(np.float64)
    edge = np.arange(mass.shape[1] - 1) + 0.5
    reach = ndtr(np.log(edge / middle[:, None]) / _TAIL_SPREAD)
    before = ndtr(np.log((start + 0.5) / middle) / _TAIL_SPREAD)[:, None]
    tail = np.clip((reach - before) / (1 - before), 0, 1)
    wide = np.diff(tail, axis=1, prepend=0, append=1)
    # Where it is known that there was no relief, there is nothing to spread.
    over = mass[:, 0] >= 1 - _EDGE
    mixed: Floats = (1 - _TAIL) * mass + _TAIL * wide
    mixed[over] = mass[over]
    return mixed


def rescale(lost: Floats, scale: float) -> Floats:
    """Widen (scale over 1) or narrow a distribution about its median."""
    if scale == 1:
        return lost
    inner: Floats = np.clip(lost, _EDGE, 1 - _EDGE)
    wider = ndtr(ndtri(inner) / scale)
    rescaled: Floats = np.where((lost <= _EDGE) | (lost >= 1 - _EDGE), lost, wider)
    return rescaled


def _typical(model: "ReliefModel", past: Histories, x: Floats) -> Floats:
    """Quantiles (n, 3) of the typical duration of the patient's spells, in days."""
    nodes, _ = dur.effect_grid()
    chance = past.state.sum(axis=(2, 3))
    # A node stands for the effects about it: half of its chance lies below it.
    cumulative = np.cumsum(chance, axis=1) - chance / 2
    centre = model.durations.mean + x @ np.array(model.durations.effects)
    effect = (
        np.stack([np.interp(TYPICAL_SHARES, row, nodes) for row in cumulative])
        if len(x)
        else np.empty((0, len(TYPICAL_SHARES)))
    )
    typical: Floats = np.exp(centre[:, None] + model.durations.between * effect)
    return typical
