"""The table that the command prints."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from tracker.relief.survival import median
from tracker.relief.words import STATE_WORDS, reason_words

if TYPE_CHECKING:
    from tracker.relief.command.run import Result

MOST_ROWS = 40


def text(result: "Result", written: Sequence[str]) -> str:
    """What was found, in a screen of text."""
    lines = [_counts(result), *medians(result), "", *_outlooks(result), ""]
    lines.append(f"Written to {result.request.out}: {', '.join(written)}")
    return "\n".join(lines)


def medians(result: "Result") -> list[str]:
    """The median days of relief as seen, and corrected for boosters."""
    found = median(result.curve)
    seen = f"Kaplan-Meier median, uncorrected: {_days(found.estimate)}"
    if np.isfinite(found.lower):
        seen += f" (95 % interval {_days(found.lower)} to {_days(found.upper)})"
    lines = [seen]
    if result.corrected is not None:
        given = result.corrected.attrs
        low, high = given["median_lower"], given["median_upper"]
        lines.insert(
            0,
            f"Median corrected for boosters given early: {_days(given['median'])} "
            f"(95 % interval {_days(low)} to {_days(high)})",
        )
    return lines


def _counts(result: "Result") -> str:
    counts = result.spells["status"].value_counts().sort_index()
    ended = ", ".join(f"{status} {number}" for status, number in counts.items())
    patients = result.spells["patient_id"].nunique()
    return (
        f"{result.request.criteria.item}: {len(result.spells)} spells of {patients} "
        f"patients ({ended or 'none'})"
    )


def _days(value: float) -> str:
    return f"{value:.0f} days" if np.isfinite(value) else "not reached"


def _outlooks(result: "Result") -> list[str]:
    if result.outlook is None:
        return ["No forecasts: the model needs daily scores."]
    silence = result.request.criteria.silence_days
    rows = [("patient", "state", "day", "80 % of loss", "booster window")]
    for row in result.outlook.head(MOST_ROWS).to_dict("records"):
        words = {str(key): value for key, value in row.items()}
        rows.append(
            (
                str(row["patient_id"]),
                STATE_WORDS[row["state"]],
                _day(row["day"]),
                f"{_day(row['q10'])} to {_day(row['q90'])}",
                f"day {_day(row['window_from'])} to {_day(row['window_to'])}"
                if np.isfinite(row["window_from"])
                else reason_words(words, silence),
            )
        )
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    ]
    rest = len(result.outlook) - MOST_ROWS
    return [line.rstrip() for line in lines] + (
        [f"and {rest} more patients"] if rest > 0 else []
    )


def _day(value: float) -> str:
    if np.isnan(value):
        return "-"
    return f"{value:.0f}" if np.isfinite(value) else ">180"
