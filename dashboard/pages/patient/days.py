"""What was logged: side effects after infusions, and the last days one by one."""

from datetime import date, timedelta
from typing import Any

import pandas as pd
from dash import html

from dashboard import words
from dashboard.pages.patient.view import View
from dashboard.pages.tables import plain_table, scrolled
from tracker import language, relief
from tracker.language import msg, t, tn
from tracker.models import DiaryEntry, Patient, SideEffectTerm
from tracker.vocabulary import STAFF_SOURCES, Source

RECENT_DAYS = 30


def side_effects_card(view: View) -> html.Section:
    """What was reported, by when, and what has to be watched over the years."""
    return html.Section(
        [
            html.H2(t("Side effects by when they came")),
            effects_table(view),
        ],
        className="card",
    )


def effects_table(view: View) -> html.Div:
    """Days on which each side effect was reported, by window, and the worst of it."""
    reports, infusions = view.side_effects, view.infusions
    if infusions.empty or reports.empty:
        return html.Div(html.P(t("Nobody has been asked yet."), className="muted"))
    found = relief.by_window(reports, infusions)
    asked = relief.asked_by_window(reports, infusions)
    head = (t("Side effect"), *(_asked(w, asked[w]) for w in asked))
    return html.Div(
        [
            html.P(
                t("Days on which each was reported, and the worst of it."),
                className="muted",
            ),
            scrolled(plain_table(head, _effect_rows(found)))
            if len(found)
            else html.P(t("None was reported.")),
            html.P(_watched(found), className="watched"),
        ]
    )


def _asked(window: str, days: int) -> str:
    return t("{window} ({n} asked)", window=t(WINDOW_WORDS[window]), n=days)


WINDOW_WORDS = {
    "same_day": msg("Same day"),
    "days_after": msg("Days 1 to 3"),
    "between": msg("Between infusions"),
}
# What long use of ketamine may do, by codes of the vocabulary.
WATCHED = {
    msg("Bladder"): (
        "urinary-frequency",
        "urinary-urgency",
        "painful-urination",
        "blood-in-urine",
    ),
    msg("Cognition"): ("confusion", "hallucinations"),
    msg("Dependence"): ("craving",),
}


def _effect_rows(found: pd.DataFrame) -> list[tuple[str, ...]]:
    terms = _clinical_terms()
    total = found.groupby("code")["days"].sum().sort_values(ascending=False)
    cells = {
        (row["code"], row["window"]): f"{row['days']}, "
        f"{words.severity_word(int(row['worst']))}"
        for row in found.to_dict("records")
    }
    return [
        (
            terms.get(str(code), str(code)),
            *(cells.get((code, window), "") for window in relief.WINDOWS),
        )
        for code in total.index
    ]


def _watched(found: pd.DataFrame) -> str:
    """What has to be watched over the years, between infusions above all."""
    later = found[found["window"] == "between"]
    known = set(_clinical_terms())
    said = []
    for name, codes in WATCHED.items():
        topic = t(name)
        asked_for = known & set(codes)
        days = int(later[later["code"].isin(codes)]["days"].sum())
        if not asked_for:
            said.append(t("{topic}: not asked for by this vocabulary", topic=topic))
        elif days:
            said.append(
                tn("{topic}: on {n} day", "{topic}: on {n} days", days, topic=topic)
            )
        else:
            said.append(t("{topic}: nothing reported", topic=topic))
    return t("Between infusions. {topics}.", topics="; ".join(said))


def _clinical_terms() -> dict[str, str]:
    terms = SideEffectTerm.objects.values_list("code", "clinical")
    return {code: t(term) for code, term in terms}


def days_card(patient: Patient, today: date) -> html.Section:
    since = today - timedelta(days=RECENT_DAYS - 1)
    entries = {
        entry.date: entry
        for entry in DiaryEntry.objects.filter(
            patient=patient, date__gte=since, date__lte=today
        )
    }
    items = patient.outcomes
    head = (
        t("Day"),
        *(words.item_word(item) for item in items),
        t("Hours"),
        t("Side effects"),
        t("Note"),
    )
    terms = _clinical_terms()
    # Today is still open; before the first log there is nothing to miss.
    days = [today - timedelta(days=back) for back in range(RECENT_DAYS)]
    rows = [
        _day_row(entries[day], items, terms, today)
        if day in entries
        else _missing_row(day, len(items), today)
        for day in days
        if day in entries or (entries and min(entries) < day < today)
    ]
    return html.Section(
        [
            html.H2(t("The last {n} days", n=RECENT_DAYS)),
            scrolled(plain_table(head, rows))
            if rows
            else html.P(t("Nothing was logged in these days."), className="muted"),
        ],
        className="card",
    )


def _missing_row(day: date, n_items: int, today: date) -> tuple[Any, ...]:
    """A day without a log is said, so that a gap is never read past."""
    blank = [""] * (n_items + 2)
    told = html.Span(t("not logged"), className="muted")
    return (words.day_text(day, today), *blank[:-1], told, "")


def _day_row(
    entry: DiaryEntry, items: list[str], terms: dict[str, str], today: date
) -> tuple[Any, ...]:
    scores = [getattr(entry, item) for item in items]
    return (
        [
            words.day_text(entry.date, today),
            html.Span(_origin(entry), className="muted small"),
        ],
        *("" if score is None else str(score) for score in scores),
        "" if entry.sleep_hours is None else language.number(float(entry.sleep_hours)),
        _told(entry.side_effects, terms),
        entry.note,
    )


def _told(effects: list[dict[str, Any]] | None, terms: dict[str, str]) -> str:
    if effects is None:
        return t("not asked")
    told = [
        f"{terms.get(one['code'], one['code'])} ({words.severity_word(one['severity'])})"
        for one in effects
    ]
    return ", ".join(told) or t("none")


def _origin(entry: DiaryEntry) -> str:
    parts = []
    if entry.days_late:
        parts.append(
            " " + tn("written {n} day later", "written {n} days later", entry.days_late)
        )
    if entry.clock_doubtful:
        parts.append(" " + t("the phone's clock was wrong"))
    if entry.source in STAFF_SOURCES or entry.source == Source.IMPORT:
        parts.append(f" {t(entry.get_source_display()).lower()}")
    return ",".join(parts)
