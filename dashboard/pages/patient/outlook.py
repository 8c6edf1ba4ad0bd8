"""When a booster may be due: the window, on what it stands, or why there is none."""

from datetime import date
from typing import Any

from dash import dcc, html

from dashboard import words
from dashboard.pages.tables import folded_table
from dashboard.routes import FORECASTS
from tracker import bookings, forecasts, relief
from tracker.models import Clinic, Patient

# Of the day of loss; the same shares that the sentences use.
_NAMES = {
    0.05: "5 % earlier than",
    0.10: "10 % earlier than",
    0.25: "25 % earlier than",
    0.50: "Half earlier than",
    0.75: "75 % earlier than",
    0.90: "90 % earlier than",
    0.95: "95 % earlier than",
}


def outlook_card(
    patient: Patient, outlook: forecasts.Outlook | None, today: date
) -> html.Section:
    heading = html.H2("Booster outlook")
    if outlook is None:
        return html.Section(
            [heading, html.P(words.outlook_sentence(None), className="muted")],
            className="card",
        )
    return html.Section(
        [
            heading,
            *_window(patient.clinic, outlook, today),
            html.H3("Why"),
            html.Ul([html.Li(text) for text in _why(outlook)]),
            _typical(outlook),
            html.H3("What would change it"),
            html.P(_what_changes(outlook), className="muted"),
            html.H3("How forecasts have done here"),
            html.P(
                [
                    _track_record(patient),
                    " ",
                    dcc.Link("More", href=FORECASTS),
                ],
                className="muted",
            ),
            _chances(outlook, today),
            html.P(
                "This informs; it is no recommendation to infuse. You decide.",
                className="muted small",
            ),
        ],
        className="card",
    )


def _window(clinic: Clinic, outlook: forecasts.Outlook, today: date) -> list[Any]:
    if outlook.window is None:
        return [html.P(outlook.sentences[0], className="refusal")]
    rule = forecasts.booking_rule(clinic)
    return [
        html.P(words.window_text(outlook.window, today), className="window"),
        html.P(outlook.sentences[0]),
        html.P(_open_days(clinic, outlook.window, today)),
        html.P(
            f"By your clinic's rule: a day without relief costs "
            f"{rule.cost_late / rule.cost_early:g} times a day too early, and "
            f"{rule.min_interval_days} days lie between infusions.",
            className="muted",
        ),
    ]


def _open_days(clinic: Clinic, window: forecasts.Window, today: date) -> str:
    """The clinic's open days in the window, the first and the last of them."""
    if window.start is None or window.end is None:
        return ""
    if not bookings.knows_hours(clinic):
        return "No opening hours are recorded."
    fit = bookings.open_days(clinic, window.start, window.end)
    if not fit:
        return "The clinic is closed on all of these days."
    shown = [f"{day:%a} {words.day_text(day, today)}" for day in fit]
    if len(shown) > 6:
        first, last = shown[0], shown[-1]
        return f"Open on {len(shown)} of these days, from {first} to {last}."
    return f"Open on {', '.join(shown)}."


def _why(outlook: forecasts.Outlook) -> list[str]:
    """What is said beside the window: the first sentence stands above."""
    return outlook.sentences[1:] or outlook.sentences


def _typical(outlook: forecasts.Outlook) -> html.P | None:
    low, middle, high = outlook.typical_low, outlook.typical, outlook.typical_high
    if low is None or middle is None or high is None:
        return None
    whose = "in this patient" if outlook.n_earlier_spells else "in patients like these"
    return html.P(
        f"Relief {whose} typically lasts {middle:.0f} days "
        f"(80 % interval {low:.0f} to {high:.0f})."
    )


def _what_changes(outlook: forecasts.Outlook) -> str:
    if outlook.reason in {"no_baseline", "weak_baseline"}:
        return "Only days logged before the first infusion make a baseline."
    if outlook.reason == "floor":
        return "Another main outcome, with room to improve, could be judged."
    if outlook.reason in {"lost", "no_response", "no_series"}:
        return "The next infusion begins a new outlook."
    if outlook.reason == "inducing":
        return "The outlook begins when the course is finished."
    return (
        "Every logged day. Good days move the window later, three logged days in a row "
        "below the mark end relief, and missing days widen the range."
    )


def _track_record(patient: Patient) -> str:
    cards = forecasts.scorecards(patient.clinic, patient.primary_outcome)
    return relief.scorecard_words(cards["all"])


def _chances(outlook: forecasts.Outlook, today: date) -> html.Details | None:
    if not outlook.quantiles:
        return None
    rows = [
        (
            _NAMES[one.share],
            "beyond 180" if one.day is None else str(one.day),
            "later" if one.date is None else words.day_text(one.date, today),
        )
        for one in outlook.quantiles
    ]
    return folded_table(("Relief is lost", "Day", "Date"), rows)
