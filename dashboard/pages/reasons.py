"""Reasons to look at a patient, and what to do about each: seen, later, handed on."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from dash import MATCH, Dash, Input, Output, State, ctx, dcc, html, no_update
from django.utils import timezone

from dashboard.caseload import Reason, as_reason, colleagues, reasons_of
from dashboard.context import current_user
from tracker import actions, language
from tracker.access import patient_for
from tracker.language import t
from tracker.models import Patient, TriageItem, User
from tracker.problems import NotFound, Refused, one

FORM = "reason"
SNOOZE_DAYS = 7
SIGNS = {
    "red_flag": ("⚑", "lost"),
    "lost": ("▬", "lost"),
    "fading": ("➤", "fading"),
    "expected": ("◔", "fading"),
    "silence": ("┆", "unknown"),
}
NOBODY = "nobody"
_DATE: Any = {"type": "date"}


def sentence(reason: Reason) -> html.Span:
    """Sign, words and colour; never colour alone."""
    sign, tone = SIGNS[reason.kind]
    return html.Span(
        [
            html.Span(f"{sign} ", className="mark"),
            reason.text,
        ],
        className=f"reason {tone}",
    )


def open_sentences(patient: Patient, *, now: datetime) -> list[str]:
    """What waits, in words alone."""
    return [one.text for one in reasons_of([patient], now=now)[patient.pk]]


def section(user: User, patient: Patient, *, now: datetime) -> html.Section:
    """What waits, on the patient's own page; one line where nothing does."""
    waits = panel(user, patient, now=now)
    if not open_sentences(patient, now=now):
        return html.Section(waits)
    return html.Section([html.H2(t("What waits")), waits], className="card")


def panel(user: User, patient: Patient, *, now: datetime) -> html.Div:
    """All open reasons of a patient, each with its controls."""
    found = reasons_of([patient], now=now)[patient.pk]
    if not found:
        return html.Div(html.P(t("Nothing waits for anybody."), className="muted"))
    people = colleagues(user)
    today = patient.diary_date(now)
    return html.Div([_reason(one, people, today) for one in found], className="reasons")


def _id(part: str, reason: Any) -> dict[str, str]:
    return {"form": FORM, "part": part, "item": str(reason)}


def _reason(reason: Reason, people: Sequence[User], today: date) -> html.Div:
    return html.Div(_body(reason, people, today), id=_id("body", reason.id))


def _body(
    reason: Reason, people: Sequence[User], today: date, said: str = ""
) -> list[Any]:
    return [
        html.P(
            [
                sentence(reason),
                html.Span(f" · {reason.assigned_to}", className="muted")
                if reason.assigned_to
                else None,
            ]
        ),
        html.Div(
            [
                html.Button(t("Seen"), id=_id("see", reason.id), n_clicks=0),
                html.Label(
                    [
                        t("Not before"),
                        dcc.Input(
                            id=_id("until", reason.id),
                            **_DATE,
                            value=(today + timedelta(days=_usual(reason))).isoformat(),
                        ),
                    ]
                ),
                html.Button(
                    t("Put off"),
                    id=_id("snooze", reason.id),
                    className="quiet",
                    n_clicks=0,
                ),
                html.Label(
                    [
                        t("For"),
                        dcc.Dropdown(
                            {NOBODY: t("Nobody")}
                            | {str(one.pk): one.name for one in people},
                            _assigned(reason, people),
                            id=_id("assign", reason.id),
                            clearable=False,
                            searchable=False,
                        ),
                    ],
                    className="who",
                ),
            ],
            className="row",
        ),
        html.P(said, className="problem", role="alert") if said else None,
    ]


def _usual(reason: Reason) -> int:
    if reason.kind == "red_flag":
        return actions.LONGEST_SNOOZE_OF_A_FLAG_DAYS
    return SNOOZE_DAYS


def _assigned(reason: Reason, people: Sequence[User]) -> str:
    return next(
        (str(one.pk) for one in people if one.name == reason.assigned_to), NOBODY
    )


def _seen(item: TriageItem, said: str) -> list[Any]:
    return [
        html.P(said, className="notice", role="status"),
        html.Button(t("Undo"), id=_id("undo", item.pk), className="quiet", n_clicks=0),
    ]


def register(app: Dash) -> None:
    @app.callback(
        Output({"form": FORM, "part": "body", "item": MATCH}, "children"),
        Input({"form": FORM, "part": "see", "item": MATCH}, "n_clicks"),
        Input({"form": FORM, "part": "snooze", "item": MATCH}, "n_clicks"),
        Input({"form": FORM, "part": "assign", "item": MATCH}, "value"),
        State({"form": FORM, "part": "until", "item": MATCH}, "value"),
        prevent_initial_call=True,
    )
    def act(seen: int | None, later: int | None, who: str, until: str | None) -> Any:
        asked = ctx.triggered_id
        # A control that has just been drawn asks for nothing.
        if not asked or not ctx.triggered[0]["value"]:
            return no_update
        if asked["part"] == "see" and not seen:
            return no_update
        return do(
            current_user(),
            asked["part"],
            asked["item"],
            until=until,
            who=who,
            now=timezone.now(),
        )

    @app.callback(
        Output(
            {"form": FORM, "part": "body", "item": MATCH},
            "children",
            allow_duplicate=True,
        ),
        Input({"form": FORM, "part": "undo", "item": MATCH}, "n_clicks"),
        prevent_initial_call=True,
    )
    def undo(clicks: int | None) -> Any:
        asked = ctx.triggered_id
        if not clicks or not asked:
            return no_update
        user, now = current_user(), timezone.now()
        item = actions.unsee_item(user, _key(asked["item"]), now=now)
        today = item.patient.diary_date(now)
        return _body(as_reason(item, today), colleagues(user), today)


def do(
    user: User,
    part: str,
    key: str,
    *,
    until: str | None,
    who: str,
    now: datetime,
) -> Any:
    """Carry out what was asked of one reason; gives what stands in its place."""
    try:
        if part == "see":
            return _seen(actions.see_item(user, _key(key), now=now), t("Seen."))
        if part == "snooze":
            day = _day(until)
            item = actions.snooze_item(user, _key(key), day, now=now)
            return _seen(item, t("Put off until {day}.", day=language.full_date(day)))
        to = None if who == NOBODY else _key(who)
        item = _stored(user, key)
        if item.assigned_to_id == to:
            return no_update
        item = actions.assign_item(user, item.pk, to, now=now)
        return _drawn(user, item, now)
    except NotFound:
        return html.P(t("This reason is not there any more."), className="muted")
    except Refused as refused:
        return _drawn(user, _stored(user, key), now, refused.message)


def _drawn(user: User, item: TriageItem, now: datetime, said: str = "") -> list[Any]:
    today = item.patient.diary_date(now)
    return _body(as_reason(item, today), colleagues(user), today, said)


def _stored(user: User, key: str) -> TriageItem:
    item = TriageItem.objects.select_related("patient", "assigned_to").filter(
        pk=_key(key)
    )
    found = item.first()
    if found is None:
        raise NotFound(t("There is no such reason."))
    patient_for(user, found.patient_id)
    return found


def _key(text: str) -> UUID:
    try:
        return UUID(str(text))
    except ValueError:
        raise NotFound(t("There is no such reason.")) from None


def _day(text: str | None) -> date:
    try:
        return date.fromisoformat(str(text or ""))
    except ValueError:
        raise one("until", "a date", text, t("Choose a day.")) from None
