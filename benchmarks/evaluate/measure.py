"""One made-up clinic: fit everything, forecast fresh patients, and score it all."""

from dataclasses import dataclass, field

import numpy as np

from evaluate.asked import Asked, Training, ask
from evaluate.duration_bias import duration_bias
from evaluate.landmark import Landmark
from evaluate.oracle import oracle
from evaluate.origins import draw_origins, true_losses
from evaluate.rivals import ClinicCurve, OwnMean, RandomEffect, Rival
from evaluate.scores import Scores, score
from evaluate.simulator import Clinic, Family, simulate
from tracker import relief
from tracker.relief.model import ReliefModel

CRITERIA = relief.Criteria.for_item("pain")
OURS, KM, OWN, EFFECT, LANDMARK, ORACLE = (
    "ours",
    "km",
    "own",
    "effect",
    "landmark",
    "oracle",
)
# Those that do not look at the days of the current spell.
SIMPLE = (KM, OWN, EFFECT)
RIVALS = (*SIMPLE, LANDMARK)


@dataclass(frozen=True)
class Task:
    """A family's clinic of `training` patients, and `fresh` ones to forecast.

    `replicates` clinics are trained, all asked of the same fresh patients.
    """

    family: Family
    group: str
    training: int
    fresh: int
    seed: int
    replicates: int = 1
    with_bias: bool = True


@dataclass(frozen=True)
class Result:
    """Scores by method, means over replicates, and the bias of durations."""

    task: Task
    scores: dict[str, Scores]
    bias: dict = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.task.family.name

    def crps(self, method: str) -> float:
        return self.scores[method].crps

    @property
    def best_simple(self) -> float:
        return min(self.crps(method) for method in SIMPLE)

    @property
    def gain(self) -> float:
        """Share by which our CRPS is below the best of the simple rivals'."""
        return 1 - self.crps(OURS) / self.best_simple

    @property
    def landmark_gain(self) -> float:
        return 1 - self.crps(OURS) / self.crps(LANDMARK)

    @property
    def gap_share(self) -> float:
        """Of the way from the best simple rival to the oracle, how much is gone."""
        gap = self.best_simple - self.crps(ORACLE)
        return (self.best_simple - self.crps(OURS)) / gap

    @property
    def has_best_log_score(self) -> bool:
        ours = self.scores[OURS].log_score
        return all(ours < self.scores[rival].log_score for rival in RIVALS)


def measure(task: Task) -> Result:
    """Deterministic from the task."""
    fresh = simulate(task.family, task.fresh, task.seed + 500_000)
    origins = draw_origins(fresh, task.seed)
    parts, bias = [], {}
    for replicate in range(task.replicates):
        seed = task.seed + 1_000_000 * replicate
        clinic = simulate(task.family, task.training, seed)
        training = Training.of(clinic.diary, clinic.infusions, CRITERIA)
        model = ReliefModel.fit(clinic.diary, clinic.infusions, CRITERIA)
        parts.append(_forecast_all(task, training, model, fresh, origins.as_of))
        if task.with_bias and not replicate:
            bias = duration_bias(clinic, training, model)
    return Result(task, {name: _mean(parts, name) for name in parts[0]}, bias)


def _forecast_all(
    task: Task, training: Training, model: ReliefModel, fresh: Clinic, as_of
) -> dict[str, Scores]:
    outlook = model.forecast(fresh.diary, fresh.infusions, as_of)
    in_relief = outlook["state"].isin(["in relief", "pending loss"]).to_numpy()
    survival = outlook.attrs["survival"][in_relief]
    outlook = outlook[in_relief]
    asked = ask(fresh.diary, fresh.infusions, training, as_of)
    if list(asked.spells["patient_id"]) != list(outlook["patient_id"]):
        raise ValueError("the outlook and find_spells must agree on who is in relief")
    truth = true_losses(fresh, outlook, CRITERIA)
    lost = {OURS: 1 - survival} | {
        name: rival.lost(asked) for name, rival in _fit_rivals(training).items()
    }
    lost[ORACLE] = _oracle(task, fresh, asked)
    return {name: score(chance, truth, task.seed) for name, chance in lost.items()}


def _fit_rivals(training: Training) -> dict[str, Rival]:
    effect = RandomEffect(training)
    return {
        KM: ClinicCurve(training),
        OWN: OwnMean(training),
        EFFECT: effect,
        LANDMARK: Landmark(training, effect),
    }


def _oracle(task: Task, fresh: Clinic, asked: Asked) -> np.ndarray:
    return oracle(fresh, task.family, asked, CRITERIA.off, CRITERIA.k_off, task.seed)


def _mean(parts: list[dict[str, Scores]], name: str) -> Scores:
    """Means over clinics of one method's scores."""
    scores = [part[name] for part in parts]
    return Scores(
        n=round(float(np.mean([s.n for s in scores]))),
        crps=float(np.mean([s.crps for s in scores])),
        log_score=float(np.mean([s.log_score for s in scores])),
        coverage={
            level: float(np.mean([s.coverage[level] for s in scores]))
            for level in scores[0].coverage
        },
        pit=float(np.mean([s.pit for s in scores])),
    )
