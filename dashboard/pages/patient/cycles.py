"""Every cycle laid over the others: is this one like the ones before?"""

import pandas as pd
from dash import html

from dashboard import figures, words
from dashboard.pages.charts import chart
from dashboard.pages.patient.view import View
from dashboard.pages.tables import folded_table
from tracker import language, relief
from tracker.language import msg, t, tn

WEEKS_SHOWN = 8


def cycles_card(view: View, palette: figures.Palette) -> html.Section:
    item = view.item
    name = words.item_word(item)
    overlaid = relief.overlay_cycles(view.diary, view.spells, item)
    course = relief.usual_course(overlaid)
    return html.Section(
        [
            html.H2(t("Cycles overlaid")),
            html.P(_finding(overlaid, course, name), id="cycles-finding"),
            chart(figures.cycles(overlaid, course, palette, item=item, name=str(name))),
            html.P(
                t(
                    "Bold: since the last infusion. Thin: earlier cycles. Band: the middle "
                    "half of the earlier ones, where three or more were logged; its far end "
                    "is made of the longest alone."
                ),
                className="muted small",
            ),
            folded_table(
                (t("Week"), t("This cycle"), t("Earlier cycles, middle"), t("Cycles")),
                _rows(overlaid, course),
            ),
        ],
        className="card",
    )


def _finding(overlaid: pd.DataFrame, course: pd.DataFrame, name: str) -> str:
    """Where the present cycle lies against the usual course, over the last week."""
    if overlaid.empty or course.empty:
        return t(
            "Fewer than three earlier cycles were logged: there is no usual course."
        )
    present = overlaid[overlaid["series"] == overlaid["series"].max()]
    last = present[present["day"] > present["day"].max() - 7]
    both = last.merge(course, on="day")
    if len(both) < 3:
        return t("This cycle cannot be compared with the earlier ones yet.")
    gap = float((both["value"] - both["middle"]).mean())
    days = tn("{n} day", "{n} days", len(both))
    if abs(gap) < 0.5:
        return t(
            "{item} runs as usual: within half a point over {days} logged.",
            item=name,
            days=days,
        )
    above = msg("{item} runs {points} points above the usual over {days} logged.")
    below = msg("{item} runs {points} points below the usual over {days} logged.")
    points = language.number(abs(gap), 1)
    return t(above if gap > 0 else below, item=name, points=points, days=days)


def _rows(
    overlaid: pd.DataFrame, course: pd.DataFrame
) -> list[tuple[str, str, str, str]]:
    if overlaid.empty:
        return []
    present = overlaid[overlaid["series"] == overlaid["series"].max()]
    own = present.groupby(present["day"] // 7)["value"].mean()
    weeks = course["day"] // 7
    usual = course.groupby(weeks)["middle"].mean()
    cycles = course.groupby(weeks)["n_cycles"].max()
    return [
        (
            str(week + 1),
            _number(own.get(week)),
            _number(usual.get(week)),
            str(int(cycles.get(week, 0))),
        )
        for week in range(WEEKS_SHOWN)
        if week in own.index or week in usual.index
    ]


def _number(value: float | None) -> str:
    return "" if value is None or pd.isna(value) else language.number(value, 1)
