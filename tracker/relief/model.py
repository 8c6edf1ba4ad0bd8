"""The joint model of daily scores and of how long relief lasts."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self

import numpy as np
import pandas as pd

from tracker.relief import durations as dur
from tracker.relief.criteria import Criteria
from tracker.relief.curves import N_AMPLITUDES, N_SHAPES, Floats32, Grid, make_grid
from tracker.relief.cycles import (
    OFFSET_SHARE,
    Cycles,
    Rows,
    canonical_patients,
    noise_of_clinic,
    prepare,
)
from tracker.relief.durations import Durations, Groups, Prior
from tracker.relief.evidence import CHUNK, weigh
from tracker.relief.noise import ClinicNoise
from tracker.relief.panel import AsOf, Floats
from tracker.relief.population import Population
from tracker.relief.response import PRIOR_SERIES, Response, fit_response
from tracker.relief.skipped import skipping_slope
from tracker.relief.spells import Assessed, assess

# Patients a fit looks at; the sampling error of more is negligible.
MOST_PATIENTS = 2_000
ROUNDS = 3
DRIFT_PATIENTS = 80
DRIFTS = (0.0, 1e-5, 4e-5, 1.6e-4)
FIRST_DRIFT = 4e-5
MODEL = "joint-2"


@dataclass(frozen=True)
class ReliefModel:
    """What a clinic's records say of how relief fades, ready to forecast with.

    `population`, `noise`, `durations` and `response` are the clinic's; `drift` is
    the variance a day of how the baseline strays (squared share); `skipping` is the
    log odds of skipping a day by each point of its burden; `scale` widens (over 1) or narrows forecasts as earlier ones would have needed; `n_patients` and
    `n_spells` say what the fit stood on.
    """

    criteria: Criteria
    population: Population
    noise: ClinicNoise
    durations: Durations
    response: Response
    drift: float = FIRST_DRIFT
    skipping: float = 0.0
    scale: float = 1.0
    n_patients: int = 0
    n_spells: int = 0

    @classmethod
    def fit(
        cls,
        diary: pd.DataFrame,
        infusions: pd.DataFrame,
        criteria: Criteria,
        as_of: AsOf = None,
        *,
        prior: Prior | None = None,
        population: Population | None = None,
        recalibrate: bool = True,
    ) -> "ReliefModel":
        """Fit the model to a clinic's records.

        Parameters
        ----------
        diary, infusions, criteria, as_of, population
            As for `find_spells`.
        prior : Prior, optional
            What is believed before there are data; see `Prior`.
        recalibrate : bool
            Whether to look back at forecasts the records would have led to, and
            widen or narrow the model's forecasts accordingly.

        Returns
        -------
        ReliefModel
            Without any data, the prior itself.

        Raises
        ------
        ValueError
            As for `find_spells`, or the criteria are not those of a daily score.

        Notes
        -----
        On day d of a spell the improvement is a curve on its way to the loss level,
        less an offset, plus autoregressive noise. The curve's duration has a normal
        logarithm with effects of the patient; shape and amplitude have a free
        distribution over patients. A booster given because relief is fading is
        explained by the scores that led to it, which are in the likelihood; so it
        may be treated as ignorable (Rubin 1976, Biometrika 63:581).
        """
        _check_daily(criteria)
        prior = prior or Prior()
        found = assess(diary, infusions, criteria, as_of, population)
        noise = noise_of_clinic(found, criteria.floor)
        cycles = prepare(found, noise, criteria.floor)
        grid = make_grid(criteria.off)
        rows = training_rows(cycles)
        model = cls(
            criteria=criteria,
            population=found.population,
            noise=noise,
            durations=Durations.prior(prior) if len(rows) else Durations.unseen(prior),
            response=fit_response(found, prior.response),
            skipping=skipping_slope(found.panel),
            n_patients=len(np.unique(found.series.patient[rows])),
            n_spells=len(rows),
        )
        if len(rows):
            model = _fit_durations(model, cycles, rows, prior, grid)
        if recalibrate and len(rows):
            from tracker.relief.recalibration import fit_scale

            scale = fit_scale(model, diary, infusions, found)
            model = dataclasses.replace(model, scale=scale)
        return model

    @classmethod
    def from_prior(
        cls, criteria: Criteria, population: Population, prior: Prior | None = None
    ) -> Self:
        """What to forecast with before a clinic has data."""
        _check_daily(criteria)
        prior = prior or Prior()
        return cls(
            criteria=criteria,
            population=population,
            noise=ClinicNoise(),
            durations=Durations.unseen(prior),
            response=Response(
                failures=(1 - prior.response) * PRIOR_SERIES,
                successes=prior.response * PRIOR_SERIES,
            ),
        )

    def forecast(
        self, diary: pd.DataFrame, infusions: pd.DataFrame, as_of: AsOf = None
    ) -> pd.DataFrame:
        """The outlook of each patient; see `tracker.relief.outlook.make_outlook`."""
        from tracker.relief.outlook import make_outlook

        return make_outlook(self, diary, infusions, as_of)

    def relief_distribution(
        self,
        diary: pd.DataFrame,
        infusions: pd.DataFrame,
        as_of: AsOf = None,
        weights: Literal["infusion", "patient"] = "infusion",
    ) -> pd.DataFrame:
        """The corrected curve; see `tracker.relief.completed.relief_distribution`."""
        from tracker.relief.completed import relief_distribution

        return relief_distribution(self, diary, infusions, as_of, weights)

    @property
    def grid(self) -> Grid:
        return make_grid(self.criteria.off)

    def assess(
        self, diary: pd.DataFrame, infusions: pd.DataFrame, as_of: AsOf = None
    ) -> Assessed:
        """The records by this model's criteria and population."""
        return assess(diary, infusions, self.criteria, as_of, self.population)

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers, lists and text, ready for JSON."""
        return {
            "model": MODEL,
            "criteria": dataclasses.asdict(self.criteria),
            "population": self.population.to_dict(),
            "noise": dataclasses.asdict(self.noise),
            "durations": {
                **dataclasses.asdict(self.durations),
                "types": self.durations.types.tolist(),
            },
            "response": dataclasses.asdict(self.response),
            "drift": self.drift,
            "skipping": self.skipping,
            "scale": self.scale,
            "n_patients": self.n_patients,
            "n_spells": self.n_spells,
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """The model that `to_dict` wrote.

        Raises
        ------
        ValueError
            It was written by another kind of model.
        """
        if values.get("model") != MODEL:
            raise ValueError(f"model must be {MODEL}, was {values.get('model')!r}")
        spread = dict(values["durations"])
        types = np.asarray(spread.pop("types"), np.float64)
        if types.shape != (N_SHAPES, N_AMPLITUDES):
            raise ValueError(
                f"types must be {N_SHAPES} by {N_AMPLITUDES}, was {types.shape}"
            )
        spread["effects"] = tuple(spread["effects"])
        return cls(
            criteria=Criteria(**values["criteria"]),
            population=Population.from_dict(values["population"]),
            noise=ClinicNoise(**values["noise"]),
            durations=Durations(**spread, types=types),
            response=Response(**values["response"]),
            drift=float(values["drift"]),
            skipping=float(values["skipping"]),
            scale=float(values["scale"]),
            n_patients=int(values["n_patients"]),
            n_spells=int(values["n_spells"]),
        )


def _check_daily(criteria: Criteria) -> None:
    if criteria.every_days != 1:
        raise ValueError(
            "a relief model needs daily scores: every_days must be 1, "
            f"was {criteria.every_days!r}"
        )


def training_rows(cycles: Cycles) -> Rows:
    """Series that responded, of at most `MOST_PATIENTS` patients, patients together."""
    found = cycles.found
    order = canonical_patients(found)
    responding = np.unique(found.series.patient[cycles.responded])
    order = order[np.isin(order, responding)]
    if len(order) > MOST_PATIENTS:
        order = order[np.linspace(0, len(order) - 1, MOST_PATIENTS).astype(np.intp)]
    rank = np.full(found.panel.n_patients, -1)
    rank[order] = np.arange(len(order))
    rows = np.flatnonzero(cycles.responded & (rank[found.series.patient] >= 0))
    return rows[
        np.lexsort((found.series.number[rows], rank[found.series.patient[rows]]))
    ]


def first_rows(patient: Floats | Rows) -> Rows:
    """Where each patient's run of rows begins."""
    return np.flatnonzero(np.append(True, patient[1:] != patient[:-1]))


def _fit_durations(
    model: ReliefModel, cycles: Cycles, rows: Rows, prior: Prior, grid: Grid
) -> ReliefModel:
    first = first_rows(cycles.found.series.patient[rows])
    groups = Groups.of(cycles.x[rows])
    typed, _ = typed_likelihood(model, cycles, rows, grid)
    fitted = model.durations
    for number in range(ROUNDS):
        states = dur.over_patients(dur.spell_states(typed, fitted, groups, grid), first)
        fitted = dur.update_types(fitted, states)
        chance = dur.posterior(states + dur.state_prior(fitted)).sum(axis=1)
        fitted = dur.update_spread(fitted, typed, chance, groups, first, prior, grid)
        model = dataclasses.replace(model, durations=fitted)
        if number == 0:
            few = rows[: first[DRIFT_PATIENTS]] if len(first) > DRIFT_PATIENTS else rows
            drift = _fit_drift(model, cycles, few, grid)
            model = dataclasses.replace(model, drift=drift)
            typed, _ = typed_likelihood(model, cycles, rows, grid)
    states = dur.over_patients(dur.spell_states(typed, fitted, groups, grid), first)
    return dataclasses.replace(model, durations=dur.update_types(fitted, states))


def typed_likelihood(
    model: ReliefModel, cycles: Cycles, rows: Rows, grid: Grid
) -> tuple[Floats32, Floats]:
    """`by_type` of some series, each scaled to a best node of 1, and the log scales."""
    typed = np.empty(
        (len(rows), len(grid.log_durations), N_SHAPES, N_AMPLITUDES), np.float32
    )
    scale = np.empty(len(rows))
    for low in range(0, len(rows), CHUNK):
        part = slice(low, low + CHUNK)
        chunk = rows[part]
        seen = weigh(
            cycles.logs(chunk),
            grid,
            model.noise.correlation,
            cycles.variance[chunk],
            np.zeros(len(chunk)),
            offset_variance(model, cycles, chunk),
        ).log_likelihood
        best = seen.max(axis=1)
        typed[part] = dur.by_type(np.exp(seen - best[:, None]), grid)
        scale[part] = best
    return typed, scale


def offset_variance(model: ReliefModel, cycles: Cycles, rows: Rows) -> Floats:
    """How far a spell may lie from the baseline when nothing is carried over."""
    variance: Floats = OFFSET_SHARE * cycles.baseline_var[rows]
    return variance + model.drift * cycles.age[rows]


def _fit_drift(model: ReliefModel, cycles: Cycles, rows: Rows, grid: Grid) -> float:
    """Posterior mean of how the baseline strays, from a few patients."""
    first = first_rows(cycles.found.series.patient[rows])
    groups = Groups.of(cycles.x[rows])
    scores = []
    for drift in DRIFTS:
        trial = dataclasses.replace(model, drift=drift)
        typed, scale = typed_likelihood(trial, cycles, rows, grid)
        states = dur.spell_states(typed, model.durations, groups, grid)
        whole = dur.over_patients(states, first) + dur.state_prior(model.durations)
        top = whole.max(axis=(1, 2, 3))
        inner = np.exp(whole - top[:, None, None, None]).sum(axis=(1, 2, 3))
        belief = (np.log(drift + 5e-6) - np.log(2e-5)) / 1.5
        score = np.log(inner).sum() + top.sum() + scale.sum() - 0.5 * belief**2
        scores.append(float(score))
    weight = np.exp(np.array(scores) - max(scores))
    return float((weight * np.array(DRIFTS)).sum() / weight.sum())
