"""Small signs that several pages share."""

from typing import Any

from dash import html

from dashboard import words
from tracker.language import t


def synthetic_band() -> html.P:
    return html.P(t("Synthetic demo data. Nobody here is real."), className="synthetic")


def status_badge(status: str, *, pending: bool = False, updating: bool = False) -> Any:
    """Sign, word and colour; never colour alone."""
    if not status:
        return html.Span(t("No infusion yet"), className="badge unknown")
    word, tone = t(words.STATUS_WORDS[status]), words.STATUS_TONES[status]
    if status == "holding" and pending:
        word, tone = t("Holding, perhaps fading"), "fading"
    parts: list[Any] = [
        html.Span(words.STATUS_MARKS[status], className="mark"),
        f" {word}",
    ]
    if updating:
        parts.append(html.Span(" " + t("being updated"), className="small"))
    return html.Span(parts, className=f"badge {tone}")


def named(label: str) -> Any:
    """Properties that say to a screen reader what a control is for."""
    return {"aria-label": label}


def pressed(on: bool) -> Any:
    """Properties of a button that is on or off."""
    return {"aria-pressed": "true" if on else "false"}
