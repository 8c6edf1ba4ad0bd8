"""The clinic's patients as tables: groups, responses, waits, logging, side effects."""

from typing import Any

import pandas as pd
from dash import html

from dashboard import figures, words
from dashboard.pages.charts import chart
from dashboard.pages.patient.days import WINDOW_WORDS
from dashboard.pages.tables import folded_table, plain_table, scrolled
from tracker.clinic_results import FEWEST, HORIZON_DAYS
from tracker.language import t, tn
from tracker.models import SideEffectTerm

MOST_EFFECTS = 12


def groups(table: pd.DataFrame, palette: figures.Palette) -> html.Div:
    rows = [_group_row(row) for row in table.to_dict("records")]
    left_out = int(table.attrs["left_out"])
    return html.Div(
        [
            chart(figures.group_intervals(table, HORIZON_DAYS, palette)),
            html.Div(
                plain_table(
                    (
                        t("Group"),
                        t("Patients"),
                        t("Spells"),
                        t("Cut by a booster"),
                        t(
                            "Mean days, at most {days} (95 % interval)",
                            days=HORIZON_DAYS,
                        ),
                        t("Between the two bounds"),
                        t("Median days (95 % interval)"),
                    ),
                    rows,
                ),
                className="scroll",
                tabIndex=0,
            ),
            html.P(
                tn(
                    "{n} spell was left out: agents were mixed, or another treatment "
                    "began.",
                    "{n} spells were left out: agents were mixed, or another treatment "
                    "began.",
                    left_out,
                ),
                className="muted small",
            )
            if left_out
            else None,
        ]
    )


def _group_row(row: Any) -> tuple[str, ...]:
    counts = (t(str(row["group"])), str(row["n_patients"]), str(row["n_spells"]))
    if row["reason"]:
        return (*counts, t("too few patients to show"), "", "", "")
    return (
        *counts,
        f"{100 * row['share_cut']:.0f} %",
        _interval(row, "restricted_mean"),
        _span(row["restricted_mean_low"], row["restricted_mean_high"]),
        _interval(row, "median"),
    )


def _interval(row: Any, name: str) -> str:
    if pd.isna(row[name]):
        return t("not reached")
    return f"{row[name]:.0f} ({_span(row[f'{name}_lower'], row[f'{name}_upper'])})"


def _span(low: float, high: float) -> str:
    if pd.isna(low) and pd.isna(high):
        return t("not known")
    ends = [t("not known") if pd.isna(end) else f"{end:.0f}" for end in (low, high)]
    return words.span(*ends)


def responses(found: pd.DataFrame) -> html.Section:
    rows = [
        (
            t(str(row["group"])),
            t("too few patients to show") if row["reason"] else _share(row),
            str(row["n"]),
            str(row["n_patients"]),
        )
        for row in found.to_dict("records")
    ]
    return html.Section(
        [
            html.H2(t("Relief began")),
            html.P(t("Of the series that could be judged."), className="muted"),
            scrolled(
                plain_table(
                    (
                        t("Group"),
                        t("Share (95 % interval)"),
                        t("Series"),
                        t("Patients"),
                    ),
                    rows,
                )
            ),
        ],
        className="card",
    )


def _share(row: Any) -> str:
    low, high = 100 * row["lower"], 100 * row["upper"]
    return f"{100 * row['share']:.0f} % ({words.span(f'{low:.0f}', f'{high:.0f}')})"


def waits(waits: pd.DataFrame, logging: pd.DataFrame) -> html.Section:
    wait, logged = waits.iloc[0], logging.iloc[0]
    if pd.isna(wait["middle"]):
        said = t("Too few patients to say how long they wait.")
    else:
        said = t(
            "From the first day seen lost to the next infusion: {middle} days at the "
            "median, the middle half {low} to {high}.",
            middle=f"{wait['middle']:.0f}",
            low=f"{wait['low']:.0f}",
            high=f"{wait['high']:.0f}",
        )
    rate = (
        t("Too few patients to say how much is logged.")
        if pd.isna(logged["share"])
        else t("Days logged after infusions: {share}.", share=_share(logged))
    )
    return html.Section(
        [
            html.H2(t("From fading to infusion")),
            html.P(said),
            html.P(
                t(
                    "{spells} of {patients}; {waiting} more were lost and no infusion "
                    "has followed.",
                    spells=tn("{n} spell", "{n} spells", int(wait["n"])),
                    patients=tn("{n} patient", "{n} patients", int(wait["n_patients"])),
                    waiting=f"{wait['n_waiting']:.0f}",
                ),
                className="muted",
            ),
            html.H3(t("Logging")),
            html.P(rate),
        ],
        className="card",
    )


def effects(found: pd.DataFrame) -> html.Section:
    heading = html.H2(t("Side effects, by when they came"))
    # One row of few patients could name them.
    found = found[found["patients"] >= FEWEST] if len(found) else found
    if found.empty:
        return html.Section(
            [heading, html.P(t("Nothing that enough patients have reported."))],
            className="card",
        )
    terms = dict(SideEffectTerm.objects.values_list("code", "clinical"))
    rows = [
        (
            t(terms.get(row["code"], row["code"])),
            t(WINDOW_WORDS[row["window"]]),
            t(
                "{share} % of {days} days",
                share=f"{100 * row['days'] / row['days_asked']:.0f}",
                days=row["days_asked"],
            ),
            t("{n} of {all}", n=row["patients"], all=row["patients_asked"]),
            words.severity_word(int(row["worst"])),
        )
        for row in found.to_dict("records")
    ]
    head = (t("Side effect"), t("When"), t("Days reported"), t("Patients"), t("Worst"))
    return html.Section(
        [
            heading,
            scrolled(plain_table(head, rows[:MOST_EFFECTS])),
            folded_table(head, rows[MOST_EFFECTS:], t("The rarer ones"))
            if rows[MOST_EFFECTS:]
            else None,
        ],
        className="card",
    )
