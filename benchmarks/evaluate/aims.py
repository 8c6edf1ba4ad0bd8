"""What the forecasts should reach, set beforehand, and whether they do."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from evaluate.measure import OURS, Result

# Nothing in the days or in earlier cycles foretells such a loss.
UNPREDICTABLE = "memoryless"


@dataclass(frozen=True)
class Verdict:
    """An aim in words, what was found in all families and in those held back."""

    aim: str
    found: str
    held_back: str
    is_met: bool
    failing: tuple[str, ...] = ()


def verdicts(results: list[Result], small: list[Result]) -> list[Verdict]:
    held = [result for result in results if result.task.group == "held back"]
    return [
        _pooled(results, held, 80, 0.78, 0.83),
        _each(
            "80 % intervals hold 74 to 86 % of the truths in each family",
            results,
            held,
            lambda r: r.scores[OURS].coverage[80],
            lambda value: 0.74 <= value <= 0.86,
        ),
        _pooled(results, held, 50, 0.45, 0.57),
        _pooled(results, held, 95, 0.92, 0.98),
        _average(
            "CRPS at least 25 % below the best of Kaplan-Meier, own mean and "
            "random effect, on average",
            results,
            held,
            lambda r: r.gain,
            0.25,
        ),
        _each(
            "and at least 8 % below it in each family but the memoryless",
            _predictable(results),
            _predictable(held),
            lambda r: r.gain,
            lambda value: value >= 0.08,
        ),
        _average(
            "CRPS at least 15 % below landmark regression, on average",
            results,
            held,
            lambda r: r.landmark_gain,
            0.15,
        ),
        _gap(results, held),
        _log_score(results, held),
        _few_patients(small),
    ]


def pooled_coverage(results: list[Result], level: int, method: str = OURS) -> float:
    """Share of all truths inside the intervals, each forecast counting once."""
    scores = [result.scores[method] for result in results]
    return float(
        np.average([s.coverage[level] for s in scores], weights=[s.n for s in scores])
    )


def few_patients_ratio(small: list[Result]) -> dict[str, float]:
    """CRPS with five training patients over that with the most, by family."""
    most = max(result.task.training for result in small)
    at = {(r.name, r.task.training): r.crps(OURS) for r in small}
    names = dict.fromkeys(result.name for result in small)
    return {name: at[name, 5] / at[name, most] for name in names}


def _predictable(results: list[Result]) -> list[Result]:
    return [result for result in results if result.name != UNPREDICTABLE]


def _percent(value: float, digits: int = 0) -> str:
    return f"{100 * value:.{digits}f} %"


def _pooled(
    results: list[Result], held: list[Result], level: int, low: float, high: float
) -> Verdict:
    value = pooled_coverage(results, level)
    return Verdict(
        f"{level} % intervals hold {100 * low:.0f} to {100 * high:.0f} % of the truths, "
        "all families together",
        _percent(value, 1),
        _percent(pooled_coverage(held, level), 1) if held else "",
        low <= value <= high,
    )


def _each(
    aim: str,
    results: list[Result],
    held: list[Result],
    measure: Callable[[Result], float],
    passes: Callable[[float], bool],
) -> Verdict:
    failing = tuple(r.name for r in results if not passes(measure(r)))
    return Verdict(
        aim, _range(results, measure), _range(held, measure), not failing, failing
    )


def _range(results: list[Result], measure: Callable[[Result], float]) -> str:
    values = [measure(result) for result in results]
    return f"{100 * min(values):.0f} to {100 * max(values):.0f} %" if values else ""


def _average(
    aim: str,
    results: list[Result],
    held: list[Result],
    measure: Callable[[Result], float],
    least: float,
) -> Verdict:
    value = float(np.mean([measure(result) for result in results]))
    of_held = _percent(float(np.mean([measure(r) for r in held])), 1) if held else ""
    return Verdict(aim, _percent(value, 1), of_held, value >= least)


def _gap(results: list[Result], held: list[Result]) -> Verdict:
    middle = [
        float(np.median([r.gap_share for r in _predictable(part)])) if part else np.nan
        for part in (results, held)
    ]
    return Verdict(
        "60 % of the way from the best of these to the oracle (median of the families "
        "but the memoryless)",
        _percent(middle[0]),
        _percent(middle[1]) if held else "",
        middle[0] >= 0.6,
    )


def _log_score(results: list[Result], held: list[Result]) -> Verdict:
    share = [
        float(np.mean([r.has_best_log_score for r in part])) if part else np.nan
        for part in (results, held)
    ]
    return Verdict(
        "log score better than that of all four rivals in 85 % of the families",
        _percent(share[0]),
        _percent(share[1]) if held else "",
        share[0] >= 0.85,
        tuple(r.name for r in results if not r.has_best_log_score),
    )


def _few_patients(small: list[Result]) -> Verdict:
    ratio = few_patients_ratio(small)
    value = float(np.mean(list(ratio.values()))) - 1
    return Verdict(
        "CRPS with five training patients at most 20 % above that with 800, on average",
        f"{100 * value:+.0f} %",
        "",
        value <= 0.2,
        tuple(name for name, of in ratio.items() if of > 1.2),
    )
