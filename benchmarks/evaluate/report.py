"""docs/evaluation.md, from the results."""

from collections.abc import Callable
from textwrap import fill

import numpy as np

from evaluate.aims import Verdict, few_patients_ratio, pooled_coverage, verdicts
from evaluate.duration_bias import ESTIMATES
from evaluate.measure import EFFECT, KM, LANDMARK, ORACLE, OURS, OWN, RIVALS, Result

TITLES = {
    OURS: "ours",
    KM: "Kaplan-Meier",
    OWN: "own mean",
    EFFECT: "random effect",
    LANDMARK: "landmark",
    ORACLE: "oracle",
}
ESTIMATE_TITLES = {
    "finished": "finished cycles",
    "km": "Kaplan-Meier",
    "low": "low bound",
    "ours": "ours",
}
GROUPS = {"named": "named families", "held back": "families held back"}

INTRO = """# How good the forecasts are

**Everything on this page is simulated. It shows what the method does where the truth
is known. It says nothing about patients, and nothing about whether the forecasts hold
in a clinic: that has to be watched there.**

`make evaluate` writes this page (seed {seed}). It makes up clinics in which the true
course of relief is known for 200 days after each series, as if no other infusion had
followed. The tracker sees what a tracker would: days without an entry, and records
that the next infusion cuts short. In each family of clinics the model is fitted to
{training} patients. Then it is shown fresh ones, each on one random day, with nothing
of what came later. Those in relief on that day are asked about: on which day will the
loss begin that the tracker's rule would confirm? About {n} of them a family; a
coverage is uncertain by about {error:.1f} points in one family and {pooled_error:.1f}
points in all together.

The **{named} named families** (`benchmarks/evaluate/simulator.py`) each bend one thing;
they were looked at while the model was built. The **{held} families held back** have every parameter drawn at random and
were not looked at: where the two differ, believe the second. The simulator and the
model have ideas in common (smooth fading, noise that lasts a day or two), so patients
may well be harder to foresee than any of these.

What is measured:

- **CRPS**, in days, over days 0 to 120: how far a forecast lies from what happened,
  counting both its middle and its width. Smaller is better.
- **Coverage**: how often the truth lies inside the central 50, 80 or 95 % of the
  forecast. It should be 50, 80 and 95 %.
- **Log score**: minus the logarithm of the chance that the forecast gave to what
  happened, on its day. Smaller is better. No chance counts as less than 1 in 10,000.

Who is compared:

- **Kaplan-Meier**: the clinic's curve, from the last day seen in relief on.
- **Own mean**: log-normal about the mean of the patient's finished cycles, the clinic's
  where there is none.
- **Random effect**: a log-normal model of durations with a mean for each patient.
- **Landmark**: the random-effect forecast, corrected by a regression on 29 features of
  the days so far and of earlier cycles. It is the only rival that looks at the days.
- **Oracle**: told the true curve and the size of the noise; only the noise of the coming
  days is hidden from it. No forecast can do better, and where relief ends without
  warning none can come near.
"""

FORESIGHT = """In these clinics patients who book ahead of fading do so by their usual
durations, and the simulator counts the current cycle's own end among them, which
nobody can know yet. No record can explain such a booster, so that it biases every
estimate. Each family is therefore run again without it, with fewer fresh patients.
Where the two differ, believe the figures without.
"""

SMALL = """## Small clinics

CRPS in days by the number of patients the forecasts were fitted to (means of several
clinics where they are small: {clinics} patients), and what 80 % intervals of ours hold.
All are asked about the same fresh patients.
"""

BIAS = """## How long relief lasts: error of the estimates

Boosters given because relief fades hide how long it would have lasted. Errors in % of
the median, and of the mean with each duration counting at most 60 days, against the
complete records of the same {training} patients (cycles with relief, every day known,
no booster). "Finished cycles" takes only losses that were seen; Kaplan-Meier censors
where a loss could last have been confirmed; the low bound counts a loss that was under
way when the booster came. "> 180" is a median that was not reached.
"""


def write(
    results: list[Result], blind: list[Result], small: list[Result], seed: int
) -> str:
    """The whole page; `blind` are the families without foresight."""
    parts = [
        _intro(results, seed),
        _in_short(results, blind),
        _aims("Aims", verdicts(results, small)),
        FORESIGHT,
        # Small clinics are not run again.
        _aims("Aims without foresight", verdicts(blind, small)[:-1]),
        _sizes(results, blind),
        "## Forecasts by family\n",
        _crps_table(results),
        "Gain: how far our CRPS is below the best of Kaplan-Meier, own mean and random "
        "effect.\nGap: how much of the way from that one to the oracle is gone.\n",
        "## Coverage and log score\n",
        _calibration_table(results),
        SMALL.format(clinics=_clinics(small)),
        _small_table(small),
        _few_patients(small),
        BIAS.format(training=results[0].task.training),
        _bias_table(results, blind),
    ]
    return "\n".join(parts)


def _intro(results: list[Result], seed: int) -> str:
    numbers = [result.scores[OURS].n for result in results]
    held = sum(result.task.group == "held back" for result in results)
    return INTRO.format(
        seed=seed,
        training=results[0].task.training,
        n=int(round(np.mean(numbers), -2)),
        error=100 * np.sqrt(0.16 / np.mean(numbers)),
        pooled_error=100 * np.sqrt(0.16 / np.sum(numbers)),
        named=len(results) - held,
        held=held,
    )


def _in_short(results: list[Result], blind: list[Result]) -> str:
    """The figures one would quote, and where they are worst."""
    weakest = sorted(results, key=lambda r: r.gain)[:3]
    off = sorted(results, key=lambda r: -abs(r.scores[OURS].coverage[80] - 0.8))[:3]
    beaten = [r.name for r in results if min(map(r.crps, RIVALS)) < r.crps(OURS)]
    lines = (
        f"On average over the families our CRPS is {_mean(results, 'gain')} below that "
        "of the best rival that does not look at the days, "
        f"{_mean(results, 'landmark_gain')} below that of landmark regression, and "
        f"{_mean(results, 'gap_share')} of the way to the oracle. The 80 % intervals "
        f"hold {_whole(pooled_coverage(results, 80))} of the truths.",
        "In clinics where nobody books by what is still to come (see below) these "
        f"figures are {_mean(blind, 'gain')}, {_mean(blind, 'landmark_gain')}, "
        f"{_mean(blind, 'gap_share')} and {_whole(pooled_coverage(blind, 80))}.",
        f"Least is gained in {_named(weakest, lambda r: r.gain)}. Furthest from 80 % are "
        f"the intervals in {_named(off, lambda r: r.scores[OURS].coverage[80])}. A rival "
        f"has the smaller CRPS in: {', '.join(beaten) or 'no family'}.",
    )
    return "## In short\n\n" + "\n\n".join(fill(line, 88) for line in lines) + "\n"


def _mean(results: list[Result], figure: str) -> str:
    return _whole(float(np.mean([getattr(result, figure) for result in results])))


def _named(results: list[Result], figure: Callable[[Result], float]) -> str:
    return ", ".join(f"{r.name} ({_whole(figure(r))})" for r in results)


def _table(head: list[str], rows: list[list[str]]) -> str:
    """Text to the left, figures to the right."""
    lines = ["| " + " | ".join(head) + " |", "|---" + "|---:" * (len(head) - 1) + "|"]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _aims(title: str, found: list[Verdict]) -> str:
    rows = []
    for verdict in found:
        said = "met" if verdict.is_met else "**not met**"
        if verdict.failing:
            said += f" (not in: {', '.join(verdict.failing)})"
        rows.append([verdict.aim, verdict.found, verdict.held_back, said])
    met = sum(verdict.is_met for verdict in found)
    table = _table(["aim", "all families", "held back", "said of all"], rows)
    return f"## {title}\n\n{met} of {len(found)} aims are met.\n\n{table}"


def _groups(results: list[Result]) -> list[tuple[str, list[Result]]]:
    """Each group with its title, then all."""
    found = [
        (title, [r for r in results if r.task.group == group])
        for group, title in GROUPS.items()
    ]
    return [part for part in found if part[1]] + [("all families", results)]


def _crps_table(results: list[Result]) -> str:
    methods = (OURS, *RIVALS, ORACLE)
    head = ["family", "n", *(TITLES[m] for m in methods), "gain", "to landmark", "gap"]
    rows = [
        [result.name, str(result.scores[OURS].n)]
        + [f"{result.crps(method):.2f}" for method in methods]
        + [_whole(v) for v in (result.gain, result.landmark_gain, result.gap_share)]
        for result in results
    ]
    for title, part in _groups(results):
        rows.append(
            [f"*{title}*", str(sum(r.scores[OURS].n for r in part))]
            + [f"{np.mean([r.crps(method) for r in part]):.2f}" for method in methods]
            + [
                _whole(float(np.mean([getattr(r, name) for r in part])))
                for name in ("gain", "landmark_gain", "gap_share")
            ]
        )
    return _table(head, rows)


def _calibration_table(results: list[Result]) -> str:
    head = ["family", "50 %", "80 %", "95 %"]
    head += [f"80 % of {TITLES[rival]}" for rival in RIVALS]
    head += [f"log score of {TITLES[method]}" for method in (OURS, *RIVALS)]
    rows = [_calibration_row(result.name, [result]) for result in results]
    rows += [_calibration_row(f"*{title}*", part) for title, part in _groups(results)]
    return _table(head, rows)


def _calibration_row(name: str, part: list[Result]) -> list[str]:
    coverage = [pooled_coverage(part, level) for level in (50, 80, 95)]
    coverage += [pooled_coverage(part, 80, rival) for rival in RIVALS]
    log = [
        np.mean([r.scores[method].log_score for r in part])
        for method in (OURS, *RIVALS)
    ]
    return [name] + [f"{100 * c:.1f}" for c in coverage] + [f"{v:.2f}" for v in log]


def _clinics(small: list[Result]) -> str:
    count = {r.task.training: r.task.replicates for r in small}
    return ", ".join(
        f"{clinics} of {patients}" for patients, clinics in sorted(count.items())
    )


def _small_table(small: list[Result]) -> str:
    methods = (OURS, *RIVALS, ORACLE)
    head = ["family", "patients", *(TITLES[m] for m in methods), "80 %"]
    return _table(
        head,
        [
            [r.name, str(r.task.training)]
            + [f"{r.crps(method):.2f}" for method in methods]
            + [f"{100 * r.scores[OURS].coverage[80]:.1f}"]
            for r in small
        ],
    )


def _few_patients(small: list[Result]) -> str:
    most = max(result.task.training for result in small)
    said = ", ".join(
        f"{name} {100 * (ratio - 1):+.0f} %"
        for name, ratio in few_patients_ratio(small).items()
    )
    return f"CRPS with 5 training patients against that with {most}: {said}.\n"


def _bias_table(results: list[Result], blind: list[Result]) -> str:
    shown = [name for name in ESTIMATES if all(name in r.bias for r in results)]
    head = ["family", "cut by a booster", "true median", "true mean"]
    head += [
        f"{ESTIMATE_TITLES[name]}: {what}"
        for name in shown
        for what in ("median", "mean")
    ]
    head.append("ours: median, without foresight")
    unforeseen = {
        result.name: result.bias.get("ours", (np.nan,))[0] for result in blind
    }
    rows = [
        [result.name, _whole(result.bias["cut"])]
        + [f"{value:.1f}" for value in result.bias["truth"]]
        + [_error(value) for name in shown for value in result.bias[name]]
        + [_error(unforeseen[result.name])]
        for result in results
    ]
    for title, part in _groups(results):
        means = [
            np.array([r.bias[name][which] for r in part])
            for name in shown
            for which in (0, 1)
        ]
        rows.append(
            [f"*{title}, mean size*", "", "", ""]
            + [_size(values) for values in means]
            + [_size(np.array([unforeseen[r.name] for r in part]))]
        )
    table = _table(head, rows)
    if "ours" not in shown:
        table += "\nThe model does not describe durations yet, so it is not shown.\n"
    return table


def _sizes(results: list[Result], blind: list[Result]) -> str:
    """Mean error of the mean to 60 days, with foresight and without."""
    rows = []
    for name in ESTIMATES:
        if not all(name in r.bias for r in (*results, *blind)):
            continue
        row = [ESTIMATE_TITLES[name]]
        for part in (results, blind):
            errors = np.array([r.bias[name][1] for r in part])
            row += [_error(float(errors.mean())), _size(errors)]
        rows.append(row)
    head = ["estimate of the mean duration (to 60 days)", "mean error", "mean size"]
    head += ["mean error without foresight", "mean size without foresight"]
    return _table(head, rows)


def _size(errors: np.ndarray) -> str:
    """Mean of the errors without their signs, of those that are known."""
    known = np.abs(errors[np.isfinite(errors)])
    return f"{100 * known.mean():.0f} %"


def _error(value: float) -> str:
    return f"{100 * value:+.0f} %" if np.isfinite(value) else "> 180"


def _whole(value: float) -> str:
    return f"{100 * value:.0f} %"
