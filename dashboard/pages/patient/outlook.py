"""When a booster may be due: the window, on what it stands, or why there is none."""

from datetime import date
from typing import Any

from dash import dcc, html

from dashboard import words
from dashboard.pages.tables import folded_table
from dashboard.routes import FORECASTS
from tracker import bookings, forecasts, language, relief
from tracker.language import msg, t
from tracker.models import Clinic, Patient

# Of the day of loss; the same shares that the sentences use.
_NAMES = {
    0.05: msg("5 % earlier than"),
    0.10: msg("10 % earlier than"),
    0.25: msg("25 % earlier than"),
    0.50: msg("Half earlier than"),
    0.75: msg("75 % earlier than"),
    0.90: msg("90 % earlier than"),
    0.95: msg("95 % earlier than"),
}


def outlook_card(
    patient: Patient, outlook: forecasts.Outlook | None, today: date
) -> html.Section:
    heading = html.H2(t("Booster outlook"))
    if outlook is None:
        return html.Section(
            [heading, html.P(words.outlook_sentence(None), className="muted")],
            className="card",
        )
    return html.Section(
        [
            heading,
            *_window(patient.clinic, outlook, today),
            html.H3(t("Why")),
            html.Ul([html.Li(text) for text in _why(outlook)]),
            _typical(outlook),
            html.H3(t("What would change it")),
            html.P(_what_changes(outlook), className="muted"),
            html.H3(t("How forecasts have done here")),
            html.P(
                [
                    _track_record(patient),
                    " ",
                    dcc.Link(t("More"), href=FORECASTS),
                ],
                className="muted",
            ),
            _chances(outlook, today),
            html.P(
                t("This informs; it is no recommendation to infuse. You decide."),
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
            t(
                "By your clinic's rule: a day without relief costs {times} times a day "
                "too early, and {days} days lie between infusions.",
                times=language.number(rule.cost_late / rule.cost_early),
                days=rule.min_interval_days,
            ),
            className="muted",
        ),
    ]


def _open_days(clinic: Clinic, window: forecasts.Window, today: date) -> str:
    """The clinic's open days in the window, the first and the last of them."""
    if window.start is None or window.end is None:
        return ""
    if not bookings.knows_hours(clinic):
        return t("No opening hours are recorded.")
    fit = bookings.open_days(clinic, window.start, window.end)
    if not fit:
        return t("The clinic is closed on all of these days.")
    shown = [words.weekday_text(day, today) for day in fit]
    if len(shown) > 6:
        first, last = shown[0], shown[-1]
        return t(
            "Open on {n} of these days, from {first} to {last}.",
            n=len(shown),
            first=first,
            last=last,
        )
    return t("Open on {days}.", days=", ".join(shown))


def _why(outlook: forecasts.Outlook) -> list[str]:
    """What is said beside the window: the first sentence stands above."""
    return outlook.sentences[1:] or outlook.sentences


def _typical(outlook: forecasts.Outlook) -> html.P | None:
    low, middle, high = outlook.typical_low, outlook.typical, outlook.typical_high
    if low is None or middle is None or high is None:
        return None
    text = _IN_THIS_PATIENT if outlook.n_earlier_spells else _IN_OTHERS
    return html.P(
        t(text, days=f"{middle:.0f}", low=f"{low:.0f}", high=f"{high:.0f}"),
    )


_IN_THIS_PATIENT = msg(
    "Relief in this patient typically lasts {days} days (80 % interval {low} to {high})."
)
_IN_OTHERS = msg(
    "Relief in patients like these typically lasts {days} days (80 % interval {low} to "
    "{high})."
)


def _what_changes(outlook: forecasts.Outlook) -> str:
    if outlook.reason in {"no_baseline", "weak_baseline"}:
        return t("Only days logged before the first infusion make a baseline.")
    if outlook.reason == "floor":
        return t("Another main outcome, with room to improve, could be judged.")
    if outlook.reason in {"lost", "no_response", "no_series"}:
        return t("The next infusion begins a new outlook.")
    if outlook.reason == "inducing":
        return t("The outlook begins when the course is finished.")
    return t(
        "Every logged day. Good days move the window later, three logged days in a row "
        "below the mark end relief, and missing days widen the range."
    )


def _track_record(patient: Patient) -> str:
    cards = forecasts.scorecards(patient.clinic, patient.primary_outcome)
    return relief.scorecard_words(cards["all"], language)


def _chances(outlook: forecasts.Outlook, today: date) -> html.Details | None:
    if not outlook.quantiles:
        return None
    rows = [
        (
            t(_NAMES[one.share]),
            t("beyond 180") if one.day is None else str(one.day),
            t("later") if one.date is None else words.day_text(one.date, today),
        )
        for one in outlook.quantiles
    ]
    return folded_table((t("Relief is lost"), t("Day"), t("Date")), rows)
