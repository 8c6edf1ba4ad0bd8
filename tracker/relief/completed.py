"""Durations of all spells, also of those a booster or silence cut short.

Boosters given early, because relief is fading or is expected to, hide how long it
would have lasted. The model fills in what they hid, and what missing days did.
"""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from tracker.relief import durations as dur
from tracker.relief.curves import DAYS
from tracker.relief.cycles import Cycles, Rows, prepare
from tracker.relief.evidence import weigh
from tracker.relief.forecast import (
    chance_of_none,
    random_numbers,
    spell_offset_var,
    stratified,
)
from tracker.relief.groups import group_spells
from tracker.relief.panel import AsOf, Bools, Floats, Ints
from tracker.relief.spells import CUT_BY_INFUSION, find_spells
from tracker.relief.walk import BEYOND, Walkers, walk

if TYPE_CHECKING:
    from tracker.relief.model import ReliefModel

DRAWS = 100
PATIENTS_AT_ONCE = 48
RESAMPLES = 400
_SEED = 11


@dataclass(frozen=True)
class Completed:
    """Drawn durations of spells.

    `rows` (n,): series of the assessed records; `patient` (n,) numbers, together;
    `days` (n, draws): first day of the loss, `BEYOND` for none in 180 days, 0 for a
    draw without an onset; `relief` (n,): chance that the series brought relief, 1 where
    an onset was seen.
    """

    rows: Rows
    patient: Ints
    days: Ints
    relief: Floats

    def survival(self) -> Floats:
        """(n, 181): chance that each spell's relief is lost after day d."""
        n, draws = self.days.shape
        place = np.arange(n)[:, None] * (BEYOND + 1) + self.days
        mass = np.bincount(place.reshape(-1), minlength=n * (BEYOND + 1))
        lost = np.cumsum(mass.reshape(n, BEYOND + 1), axis=1)[:, : DAYS + 1]
        chance: Floats = self.relief[:, None] * (1 - lost / draws)
        return chance


def complete(
    model: "ReliefModel", cycles: Cycles, *, unseen: bool = False
) -> Completed:
    """Draw the whole duration of each responding spell.

    Each is judged by its own days and by the patient's other spells.

    Parameters
    ----------
    unseen : bool
        Also of spells whose days, as far as they were logged, can neither show nor
        rule out relief. Short relief is the likeliest to go unseen between missing
        days, so that the spells in which an onset was seen are too long on average.
    """
    series, found = cycles.found.series, cycles.found
    chosen = cycles.responded
    if unseen:
        chosen = chosen | (cycles.usable & ~found.windows.too_soon)
    rows = np.flatnonzero(chosen)
    rows = rows[np.lexsort((series.number[rows], series.patient[rows]))]
    patient = series.patient[rows]
    days, relief = np.empty((len(rows), DRAWS), np.int64), np.ones(len(rows))
    starts = np.flatnonzero(np.append(True, patient[1:] != patient[:-1]))
    edges = np.append(starts[::PATIENTS_AT_ONCE], len(rows))
    for low, high in itertools.pairwise(edges) if len(rows) else ():
        part = slice(low, high)
        days[part], relief[part] = _complete_chunk(model, cycles, rows[part])
    return Completed(rows, patient, days, relief)


def _complete_chunk(
    model: "ReliefModel", cycles: Cycles, rows: Rows
) -> tuple[Ints, Floats]:
    found, grid = cycles.found, model.grid
    patient = found.series.patient[rows]
    seen_onset = cycles.responded[rows]
    first = np.flatnonzero(np.append(True, patient[1:] != patient[:-1]))
    groups = dur.Groups.of(cycles.x[rows])
    logs = cycles.logs(rows)
    offset_var = spell_offset_var(model, cycles, rows)
    noise = (model.noise.correlation, cycles.variance[rows])
    seen = weigh(logs, grid, *noise, np.zeros(len(rows)), offset_var)
    best = seen.log_likelihood.max(axis=1, keepdims=True)
    likely = np.exp(seen.log_likelihood - best)
    states = dur.spell_states(dur.by_type(likely, grid), model.durations, groups, grid)
    # What has no onset says how often there is none, not how relief fades.
    states[~seen_onset] = 0
    whole = dur.over_patients(states, first) + dur.state_prior(model.durations)
    others = np.repeat(whole, np.diff(first, append=len(rows)), axis=0) - states
    prior = dur.node_prior(dur.posterior(others), cycles.x[rows], model.durations, grid)
    chance, evidence = dur.combine(seen.log_likelihood, prior)
    normals, offsets, strata = random_numbers(DRAWS)
    node = stratified(chance, strata)
    spread = np.sqrt(seen.offset_var)[:, None]
    offset = np.take_along_axis(seen.offset_mean, node, axis=1) + spread * offsets
    known_on = np.full(len(rows), np.inf)
    known_on[seen_onset] = onset_known_on(cycles, rows[seen_onset], model.criteria.k_on)
    walkers = Walkers(
        logs=logs,
        start=np.zeros(len(rows), np.int64),
        onset_known_on=known_on,
        baseline=found.baseline[rows],
        deviation=cycles.deviation[rows],
        curve=node,
        offset=offset.astype(np.float32),
        lean=cycles.lean(rows, model.skipping),
        skips=cycles.skips[rows],
        known=cycles.found.windows.length[rows],
    )
    days = walk(
        walkers,
        grid.curves,
        normals,
        model.noise.latent_correlation,
        model.noise.step,
        model.criteria,
    ).astype(np.int64)
    none = chance_of_none(
        model, cycles, rows, np.zeros(len(rows)), offset_var, evidence
    )
    return days, np.where(seen_onset, 1.0, 1 - none)


def onset_known_on(cycles: Cycles, rows: Rows, k_on: int) -> Floats:
    """The day of the log that confirmed the onset."""
    panel, windows = cycles.found.panel, cycles.found.windows
    onset = cycles.found.traced.onset[rows].astype(np.int64)
    row = np.searchsorted(panel.key, windows.day_zero[rows] + onset) + k_on - 1
    known: Floats = (panel.key[row] - windows.day_zero[rows]).astype(np.float64)
    return known


def relief_distribution(
    model: "ReliefModel",
    diary: pd.DataFrame,
    infusions: pd.DataFrame,
    as_of: AsOf = None,
    weights: Literal["infusion", "patient"] = "infusion",
    conf: float = 0.95,
) -> pd.DataFrame:
    """How long relief lasts among responders, corrected for boosters and gaps.

    Parameters
    ----------
    diary, infusions, as_of
        As for `find_spells`; all patients of the frames are described.
    weights
        Whether each series counts once, or each patient.
    conf : float
        Level of the limits: a bootstrap of patients with the model held fixed.

    Returns
    -------
    DataFrame, one row a day 0 to 180
        day; survival, lower, upper (share of spells whose relief lasts longer);
        `attrs`: n_spells, n_patients (with an onset that was seen), share_cut (of
        these spells, by the next infusion), median, median_lower, median_upper (days,
        inf beyond 180), mean_60 (mean days, each counting at most 60). Without a
        spell, NaN.

    Raises
    ------
    ValueError
        As for `find_spells`, or `weights` or `conf` is not allowed.

    Notes
    -----
    Spells between whose missing days an onset may have hidden count as far as they
    are likely to have brought relief.
    """
    if weights not in ("infusion", "patient"):
        raise ValueError(f"weights must be infusion or patient, was {weights!r}")
    if not 0 < conf < 1:
        raise ValueError(f"conf must lie in (0, 1), was {conf!r}")
    return _drawn(model, diary, infusions, as_of).curve(None, weights, conf)


@dataclass(frozen=True)
class _Drawn:
    """Spells completed, and what was seen of each; all arrays (n,)."""

    done: Completed
    patient_id: npt.NDArray[Any]
    series: Ints
    responded: Bools
    cut: Bools

    def curve(
        self, chosen: Bools | None = None, weights: str = "infusion", conf: float = 0.95
    ) -> pd.DataFrame:
        """`relief_distribution` of all spells, or of those that are chosen."""
        if chosen is None:
            return summarise(self.done, self.responded, self.cut, weights, conf)
        done = Completed(
            self.done.rows[chosen],
            self.done.patient[chosen],
            self.done.days[chosen],
            self.done.relief[chosen],
        )
        responded, cut = self.responded[chosen], self.cut[chosen]
        return summarise(done, responded, cut, weights, conf)

    def n_patients(self, chosen: Bools) -> int:
        return len(np.unique(self.done.patient[chosen & self.responded]))


def _drawn(
    model: "ReliefModel", diary: pd.DataFrame, infusions: pd.DataFrame, as_of: AsOf
) -> _Drawn:
    found = model.assess(diary, infusions, as_of)
    cycles = prepare(found, model.noise, model.criteria.floor)
    done = complete(model, cycles, unseen=True)
    first_infusion = found.panel.infusion_row[found.series.first_row[done.rows]]
    return _Drawn(
        done=done,
        patient_id=infusions["patient_id"].to_numpy(object)[first_infusion],
        series=found.series.number[done.rows],
        responded=cycles.responded[done.rows],
        cut=found.status[done.rows] == CUT_BY_INFUSION,
    )


def relief_by_group(
    model: "ReliefModel",
    diary: pd.DataFrame,
    infusions: pd.DataFrame,
    groupings: Mapping[str, str | pd.Series],
    as_of: AsOf = None,
    min_patients: int = 5,
) -> tuple[pd.DataFrame, dict[str, dict[str, pd.DataFrame]]]:
    """Corrected curves of all responders, and of groups of their spells.

    Parameters
    ----------
    diary, infusions, as_of
        As for `find_spells`.
    groupings : mapping of a name to what `compare` takes as `by`
    min_patients : int
        A group with fewer patients in whom an onset was seen gets no curve.

    Returns
    -------
    curve : DataFrame
        As `relief_distribution` gives it.
    groups : by name of the grouping, then of the group
        The same, of the group's spells alone. Each spell is completed once, by the
        clinic's one model: a group's short or sparse spells lean on all the others.

    Raises
    ------
    ValueError
        As for `find_spells` and `compare`.
    """
    drawn = _drawn(model, diary, infusions, as_of)
    spells = find_spells(diary, infusions, model.criteria, as_of, model.population)
    place = {
        key: at
        for at, key in enumerate(
            zip(drawn.patient_id, drawn.series.tolist(), strict=True)
        )
    }
    curves = {
        name: _of_groups(drawn, place, group_spells(spells, by), min_patients)
        for name, by in groupings.items()
    }
    return drawn.curve(), curves


def _of_groups(
    drawn: _Drawn,
    place: Mapping[tuple[Any, int], int],
    grouped: pd.DataFrame,
    min_patients: int,
) -> dict[str, pd.DataFrame]:
    curves = {}
    known = grouped[grouped["group"].notna()]
    for group, part in known.groupby("group", observed=True):
        keys = zip(part["patient_id"], part["series"].tolist(), strict=True)
        chosen = np.zeros(len(drawn.series), np.bool_)
        chosen[[place[key] for key in keys if key in place]] = True
        if drawn.n_patients(chosen) >= max(min_patients, 1):
            curves[str(group)] = drawn.curve(chosen)
    return curves


def summarise(
    done: Completed,
    responded: Bools,
    cut: Bools,
    weights: str = "infusion",
    conf: float = 0.95,
) -> pd.DataFrame:
    """`relief_distribution` of spells already completed.

    `responded`, `cut` (n,): whether an onset was seen, and whether the next infusion
    cut the spell.
    """
    day = np.arange(DAYS + 1)
    if not responded.any():
        frame = pd.DataFrame({"day": day} | dict.fromkeys(_CURVE, np.nan))
        frame.attrs |= {"n_spells": 0, "n_patients": 0} | dict.fromkeys(
            _FIGURES, np.nan
        )
        return frame
    first = np.flatnonzero(np.append(True, done.patient[1:] != done.patient[:-1]))
    # A spell counts as far as it is likely to have brought relief at all.
    survival = done.survival()
    total = np.add.reduceat(survival, first, axis=0)
    count = total[:, 0].copy()
    if weights == "patient":
        share = np.add.reduceat(responded, first, axis=0) > 0
        total = total[share] / np.maximum(count[share, None], 1e-12)
        count = np.ones(len(total))
    curve = total.sum(axis=0) / count.sum()
    drawn = _resample(total, count)
    tail = (1 - conf) / 2
    frame = pd.DataFrame(
        {
            "day": day,
            "survival": curve,
            "lower": np.quantile(drawn, tail, axis=0),
            "upper": np.quantile(drawn, 1 - tail, axis=0),
        }
    )
    medians = np.array([_half(row) for row in drawn])
    frame.attrs |= {
        "n_spells": int(responded.sum()),
        "n_patients": len(np.unique(done.patient[responded])),
        "share_cut": float(cut[responded].mean()),
        "median": _half(curve),
        "median_lower": float(np.quantile(medians, tail, method="lower")),
        "median_upper": float(np.quantile(medians, 1 - tail, method="higher")),
        "mean_60": float(curve[:60].sum()),
    }
    return frame


_CURVE = ("survival", "lower", "upper")
_FIGURES = ("share_cut", "median", "median_lower", "median_upper", "mean_60")


def _half(curve: Floats) -> float:
    """First day by which half are lost, inf beyond the last."""
    over = np.flatnonzero(curve <= 0.5)
    return float(over[0]) if len(over) else float("inf")


def _resample(total: Floats, count: Floats) -> Floats:
    """Curves (RESAMPLES, days) of clinics of patients drawn anew."""
    n = len(count)
    # By their curves, so that the draws do not hang on the order of the rows.
    order = np.lexsort((count, *total.T))
    total, count = total[order], count[order]
    source = np.random.default_rng(_SEED)
    times = source.multinomial(n, np.full(n, 1 / n), size=RESAMPLES)
    curves: Floats = (times @ total) / (times @ count)[:, None]
    return curves
