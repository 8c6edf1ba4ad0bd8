"""The report: plain words for a clinician first, then the tables behind them."""

import platform
from collections.abc import Iterator
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tracker.relief.command import page, plots, summary
from tracker.relief.command.palette import DARK, LIGHT
from tracker.relief.criteria import HIGHER_IS
from tracker.relief.model import MODEL
from tracker.relief.survival import numbers_at_risk
from tracker.relief.words import CORRECTION, STATE_WORDS, day_word, outlook_words

if TYPE_CHECKING:
    from tracker.relief.command.run import Result

# A state is a shape and a word,
SHAPES = {
    "in relief": "●",
    "pending loss": "◐",
    "lost": "■",
    "no response": "▢",
    "awaiting onset": "○",
    "inducing": "▷",
}
# And a colour of the palette.
TONES = {
    "in relief": "relief",
    "pending loss": "fading",
    "lost": "lost",
    "no response": "lost",
    "awaiting onset": "infusion",
    "inducing": "infusion",
    "not assessable": "unknown",
    "no series": "unknown",
}
STATUS_WORDS = {
    "lost": "Relief was lost, and the loss was confirmed",
    "holding": "Relief held until the last day looked at",
    "cut_by_infusion": "Relief held until the next infusion",
    "cut_by_silence": "Relief held until the diary fell silent",
    "no_response": "No relief was seen after the infusions",
    "not_assessable": "Cannot be judged",
}
LIMITS = (
    "It informs. The clinician decides, knowing the patient.",
    "It counts days in the diary's own scores. It cannot see what was not logged.",
    "The Kaplan-Meier curve takes each booster as if it came at random. Where boosters "
    "are given because relief fades, it reads too long; the two bounds show part of that.",
    "A forecast learns from these files alone and from published spread. In a small or "
    "unusual group its interval can be too narrow, and it has not been checked against "
    "what then came true here.",
    "Other treatments, doses and life events are not in the model.",
    "It does not say that one route or dose is better than another.",
)
AXIS_DAYS = (0, 7, 14, 21, 28, 42, 56, 84)


def report(result: "Result") -> str:
    """The whole page; the same numbers, byte for byte, for the same files."""
    figures = {}
    for name, draw in (("curves", plots.curves), ("outlooks", plots.outlooks)):
        light, dark = draw(result, LIGHT), draw(result, DARK)
        if light is not None:
            figures[name] = {"light": light, "dark": dark}
    if not result.curve["at_risk"].max() > 0:
        figures.pop("curves")
    body = [
        *_opening(result),
        *_outlooks(result, drawn="outlooks" in figures),
        *_curves(result, drawn="curves" in figures),
        *_spells(result),
        "<h2>What this cannot do</h2>",
        page.bullets(LIMITS),
        *_how(result),
    ]
    return page.page(_title(result), body, figures, plots.plotly_js())


def _title(result: "Result") -> str:
    item = result.request.criteria.item.replace("_", " ")
    return f"How long relief lasts: {item}"


def _opening(result: "Result") -> Iterator[str]:
    criteria, diary = result.request.criteria, result.diary
    yield f"<h1>{page.escape(_title(result))}</h1>"
    people = len(set(diary["patient_id"]) | set(result.infusions["patient_id"]))
    read = (
        f"Read: {_count(people, 'patient')}, {_count(len(diary), 'diary day')} and "
        f"{_count(len(result.infusions), 'infusion')}"
    )
    if len(diary):
        first, last = diary["date"].min(), diary["date"].max()
        read += f"; diary from {day_word(first)} to {day_word(last)}"
    if result.as_of is not None:
        read += f". Looked at as of {day_word(result.as_of)}"
    if result.request.as_of is not None:
        read += ", leaving out what came later"
    yield page.paragraph(f"{read}.", "lead")
    yield page.bullets(summary.medians(result))
    yield "<h2>What a spell of relief is</h2>"
    yield page.paragraph(
        "An infusion, or several close together, is a series. The days after its last "
        "infusion are its spell. Each patient is compared with their own scores "
        f"in the {criteria.baseline_window} days before the first infusion. Relief begins "
        f"when the burden is {criteria.on:.0%} lower on {criteria.k_on} logged days in a "
        f"row, and is lost when it stays less than {criteria.off:.0%} lower on "
        f"{criteria.k_off} logged days in a row. One bad day ends nothing. A day nobody "
        "logged is never filled in: it only makes the day of loss less certain."
    )
    yield page.paragraph(
        f"A higher score is {criteria.higher_is} here. Without a log for more than "
        f"{criteria.silence_days} days, nothing more is claimed."
    )
    if criteria.higher_is != HIGHER_IS.get(criteria.item):
        yield page.paragraph(
            f"This turns the usual direction of {criteria.item} round, as was asked for."
        )


def _outlooks(result: "Result", *, drawn: bool) -> Iterator[str]:
    yield "<h2>Where each patient stands</h2>"
    if result.outlook is None:
        yield page.paragraph("Forecasts need a daily score, and this one is not daily.")
        return
    if not len(result.outlook):
        yield page.paragraph("There is no patient in these files.")
        return
    if drawn:
        shown, rest = plots.drawable(result.outlook), "; the others are in the table"
        yield page.paragraph(
            f"The chart shows {_count(len(shown), 'patient')} with a forecast that "
            f"is still open{rest if len(shown) < len(result.outlook) else ''}. The bar "
            "holds 80 % of the chances, the diamonds bound the booster window."
        )
        yield page.chart(
            "outlooks", "When relief may be lost, by patient; the table below says it"
        )
    silence = result.request.criteria.silence_days
    rows = [_outlook(row, silence) for row in result.outlook.to_dict("records")]
    yield page.table(
        "Outlook of each patient",
        ("Patient", "State", "In words", "Day", "Loss: 10 %", "50 %", "90 %", "Window"),
        rows,
        numbers=5,
        tones={_state(state): tone for state, tone in TONES.items()},
    )
    yield page.paragraph(
        "Days count from the last infusion to the first day of a confirmed loss. "
        "The window weighs a booster too early against one too late, at costs of "
        f"{result.request.rule.cost_early:g} to {result.request.rule.cost_late:g}, and "
        f"never begins within {result.request.rule.min_interval_days} days."
    )


def _state(state: str) -> str:
    return f"{SHAPES.get(state, '—')} {STATE_WORDS[state]}"


def _outlook(row: dict[object, object], silence: int) -> tuple[str, ...]:
    words = {str(key): value for key, value in row.items()}
    state = str(words["state"])
    number = {key: float(words[key]) for key in _NUMBERS}  # type: ignore[arg-type]  # float columns
    window = "none"
    if np.isfinite(number["window_from"]):
        window = f"{number['window_from']:.0f} to {number['window_to']:.0f}"
    return (
        str(words["patient_id"]),
        _state(state),
        " ".join(outlook_words(words, silence)),
        _day(number["day"]),
        *(_day(number[share]) for share in ("q10", "q50", "q90")),
        window,
    )


_NUMBERS = ("day", "q10", "q50", "q90", "window_from", "window_to")


def _curves(result: "Result", *, drawn: bool) -> Iterator[str]:
    yield "<h2>How long relief lasts</h2>"
    if not drawn:
        yield page.paragraph("No relief has been seen in these files yet.")
        return
    counts = "each spell" if result.request.weights == "infusion" else "each patient"
    yield page.paragraph(
        f"Among the spells in which relief began; {counts} counts once."
    )
    if result.corrected is not None:
        yield page.paragraph(CORRECTION, "note")
    yield page.chart("curves", "Share still in relief by day; the table below says it")
    yield page.table(
        "Share still in relief, and how many are followed",
        ("Day", "At risk", "As seen", "95 % interval", "Bounds", "Corrected",
         "95 % interval, corrected"),
        _curve_rows(result),
        numbers=7,
    )  # fmt: skip


def _curve_rows(result: "Result") -> Iterator[tuple[str, ...]]:
    days = [day for day in AXIS_DAYS if day <= result.curve["day"].max()]
    at_risk = numbers_at_risk(result.curve, days)
    seen, between = _by_day(result.curve), _by_day(result.band)
    corrected = None if result.corrected is None else _by_day(result.corrected)
    for day in days:
        row = seen[day]
        yield (
            f"{day}",
            f"{at_risk[day]:.4g}",
            _share(row["survival"]),
            _interval(row["lower"], row["upper"]),
            _interval(between[day]["low"], between[day]["high"]),
            *_corrected_cells(None if corrected is None else corrected[day]),
        )


def _by_day(frame: pd.DataFrame) -> dict[int, dict[str, float]]:
    return {
        int(row["day"]): {str(name): float(value) for name, value in row.items()}
        for row in frame.to_dict("records")
    }


def _corrected_cells(row: dict[str, float] | None) -> tuple[str, str]:
    if row is None:
        return "not known", "not known"
    return _share(row["survival"]), _interval(row["lower"], row["upper"])


def _spells(result: "Result") -> Iterator[str]:
    yield "<h2>Spells</h2>"
    counts = result.spells["status"].value_counts()
    yield page.table(
        "How the spells ended",
        ("Ending", "Spells"),
        [(words, f"{counts.get(key, 0)}") for key, words in STATUS_WORDS.items()],
        numbers=1,
    )
    rows = [_spell(row) for row in result.spells.to_dict("records")]
    all_spells = page.table(
        "Every spell; days count from its last infusion, loss lies in (lower, upper]",
        ("Patient", "Series", "Last infusion", "Status", "Baseline", "Onset", "Lower",
         "Upper", "Days logged"),
        rows,
        numbers=5,
    )  # fmt: skip
    yield page.folded(f"Every spell ({len(rows)})", all_spells)


def _spell(row: dict[object, object]) -> tuple[str, ...]:
    status, reason = str(row["status"]), str(row["reason"])
    baseline = float(row["baseline"])  # type: ignore[arg-type]  # a float column
    days = (float(row[key]) for key in ("onset", "lower", "upper"))  # type: ignore[arg-type]  # as above
    return (
        str(row["patient_id"]),
        str(row["series"]),
        f"{pd.Timestamp(str(row['last_infusion'])):%Y-%m-%d}",
        f"{status}: {reason}" if reason else status,
        "—" if np.isnan(baseline) else f"{baseline:.1f}",
        *("not seen" if np.isinf(day) else _day(day) for day in days),
        f"{row['days_logged']} of {row['days_expected']}",
    )


def _how(result: "Result") -> Iterator[str]:
    yield "<h2>How this was computed</h2>"
    versions = ", ".join(
        f"{name} {version(name)}" for name in ("numpy", "scipy", "pandas", "plotly")
    )
    criteria = result.request.criteria
    facts = [
        f"Criteria {criteria.version}; baseline pooled over the patients of these files.",
        "Kaplan-Meier with log-log limits clustered by patient; bounds count a booster "
        "given while scores were below the threshold as a loss, or as censored.",
        f"Python {platform.python_version()}, {versions}.",
        "This page holds patients' data. Keep it as you keep their records.",
    ]
    model = result.model
    if model is not None:
        facts.insert(
            2,
            f"Model {MODEL}, fitted to {_count(model.n_spells, 'spell')} of "
            f"{_count(model.n_patients, 'patient')}; interval width times "
            f"{model.scale:.2f} by looking back at these files.",
        )
    yield page.bullets(facts)
    names = ("item", "higher_is", "on", "off", "k_on", "k_off", "onset_window",
             "max_gap", "merge_gap", "series_span", "baseline_window", "silence_days",
             "floor", "response_logs", "response_day")  # fmt: skip
    rows = [(name, str(getattr(criteria, name))) for name in names]
    yield page.folded(
        "The criteria in full",
        page.table("Criteria", ("Field", "Value"), rows, numbers=1),
    )


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _day(value: float) -> str:
    if np.isnan(value):
        return "—"
    return f"{value:.0f}" if np.isfinite(value) else "over 180"


def _share(value: float) -> str:
    return "—" if np.isnan(value) else f"{value:.0%}"


def _interval(low: float, high: float) -> str:
    return "—" if np.isnan(low) or np.isnan(high) else f"{low:.0%} to {high:.0%}"
