"""Small signs that several pages share."""

from typing import Any

from dash import html

from dashboard import words


def synthetic_band() -> html.P:
    return html.P("Synthetic demo data. Nobody here is real.", className="synthetic")


def status_badge(status: str, *, pending: bool = False, updating: bool = False) -> Any:
    """Sign, word and colour; never colour alone."""
    if not status:
        return html.Span("No infusion yet", className="badge unknown")
    word, tone = words.STATUS_WORDS[status], words.STATUS_TONES[status]
    if status == "holding" and pending:
        word, tone = "Holding, perhaps fading", "fading"
    parts: list[Any] = [
        html.Span(words.STATUS_MARKS[status], className="mark"),
        f" {word}",
    ]
    if updating:
        parts.append(html.Span(" being updated", className="small"))
    return html.Span(parts, className=f"badge {tone}")


def named(label: str) -> Any:
    """Properties that say to a screen reader what a control is for."""
    return {"aria-label": label}
