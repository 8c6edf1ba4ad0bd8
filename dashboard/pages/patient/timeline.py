"""The diary on an axis of dates, with infusions, relief and the outlook."""

from datetime import date, timedelta
from typing import Any

import pandas as pd
from dash import html

from dashboard import figures, words
from dashboard.pages.charts import chart
from dashboard.pages.marks import named
from dashboard.pages.patient.view import View
from dashboard.pages.tables import folded_table
from tracker import forecasts, language
from tracker.language import t

WEEKS_LISTED = 26


def timeline_card(view: View, palette: figures.Palette) -> html.Section:
    items = items_drawn(view)
    return html.Section(
        [
            html.H2(t("Timeline")),
            html.P(
                t(
                    "Green bands: relief was seen; pale: relief was lost within. Right of "
                    "today the band pales as the chance of relief falls; the bracket is the "
                    "booster window. Triangles and stems: infusions. A gap is a day without "
                    "a log. A ring: written later."
                ),
                className="muted small",
            ),
            html.Div(
                [
                    html.Div(
                        [_chooser(items, SHOWN_AT_FIRST), _axis_switch()],
                        className="row spread",
                    ),
                    chart(drawn(view, palette), size="tall"),
                ],
                className="choosing",
            ),
            folded_table(
                (
                    t("Week of"),
                    *(words.item_word(item) for item in items),
                    t("Logged"),
                    t("Infusions"),
                ),
                weeks(view.diary, view.infusions, items, view.today),
            ),
        ],
        className="card",
    )


def weeks(
    diary: pd.DataFrame, infusions: pd.DataFrame, items: list[str], today: date
) -> list[tuple[str, ...]]:
    """Each week that ends with today's, the newest first: means, days, infusions."""
    end = pd.Timestamp(today)
    back = (end - diary["date"]).dt.days // 7
    means = diary[items].groupby(back).mean()
    logged = back.value_counts()
    given = ((end - infusions["date"]).dt.days // 7).value_counts()
    rows = []
    for week in range(WEEKS_LISTED):
        if week not in logged.index and week not in given.index:
            continue
        first = today - timedelta(days=7 * week + 6)
        known = means.loc[week].to_dict() if week in means.index else {}
        rows.append(
            (
                words.day_text(first, today),
                *(_mean(known.get(item)) for item in items),
                t("{n} of 7", n=int(logged.get(week, 0))),
                str(int(given[week])) if week in given.index else "",
            )
        )
    return rows


def _mean(value: float | None) -> str:
    return "" if value is None or pd.isna(value) else language.number(value, 1)


def ahead_of(outlook: forecasts.Outlook) -> figures.Ahead:
    """What the timeline draws of an outlook."""
    window = outlook.window
    return figures.Ahead(
        last_infusion=outlook.last_infusion,
        as_of=outlook.as_of,
        survival=outlook.survival,
        window=None if window is None else (window.start, window.end),
    )


def drawn(view: View, palette: figures.Palette) -> figures.Figure:
    """The figure, for screen and paper alike."""
    return figures.timeline(
        view.diary,
        view.infusions,
        view.spells,
        palette,
        items=items_drawn(view),
        today=pd.Timestamp(view.today),
        ahead=None if view.outlook is None else ahead_of(view.outlook),
        shown=SHOWN_AT_FIRST,
    )


SHOWN_AT_FIRST = 2


def items_drawn(view: View) -> list[str]:
    """The outcome that is judged, one that tells something beside it, and the rest."""
    wanted = "pain" if view.item == "mood" else "mood"
    first = [view.item, *([wanted] if wanted in view.patient.outcomes else [])]
    return [*first, *(item for item in view.patient.outcomes if item not in first)]


def _chooser(items: list[str], shown: int) -> html.Div:
    """Which outcomes are drawn; assets/outcomes.js listens."""
    return html.Div(
        [
            html.Button(
                words.item_word(item),
                className="outcome chip small",
                **_pressed(number < shown),
            )
            for number, item in enumerate(items)
        ],
        className="row outcomes",
        role="group",
        **named(t("Outcomes drawn")),
    )


def _axis_switch() -> html.Div:
    """What the axis counts; assets/axis.js listens, and moves nothing on it."""
    ways = (("dates", t("Dates")), ("days", t("Days since infusion")))
    return html.Div(
        [
            html.Button(
                word, className=f"chip small axis-{way}", **_pressed(way == "dates")
            )
            for way, word in ways
        ],
        className="row axis-switch",
        role="group",
        **named(t("The axis counts")),
    )


def _pressed(on: bool) -> Any:
    return {"aria-pressed": "true" if on else "false"}
