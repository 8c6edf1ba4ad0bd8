"""How long relief lasted after each series, one bar and one row each."""

from collections.abc import Mapping
from typing import Any

from dash import html

from dashboard import figures, words
from dashboard.pages.charts import chart
from dashboard.pages.patient.view import View
from dashboard.pages.tables import folded_table
from tracker import language, relief
from tracker.language import t
from tracker.models import SideEffectTerm


def durations_card(view: View, palette: figures.Palette) -> html.Section:
    effects = _effects(view)
    rows = [
        (
            str(spell.series),
            language.full_date(spell.last_infusion),
            "" if spell.mg_per_kg is None else language.number(spell.mg_per_kg),
            t(words.STATUS_WORDS[spell.status]),
            words.spell_text(spell),
            effects[spell.series],
        )
        for spell in view.stored
    ]
    return html.Section(
        [
            html.H2(t("Relief after each series of infusions")),
            chart(figures.relief_bars(view.spells, palette)),
            folded_table(
                (
                    t("Series"),
                    t("Last infusion"),
                    "mg/kg",
                    t("How it ended"),
                    t("In words"),
                    t("Worst side effect, to day 3"),
                ),
                rows,
            ),
        ],
        className="card",
    )


def _effects(view: View) -> dict[int, str]:
    """The worst side effect around each series, in words."""
    found = relief.worst_by_series(view.side_effects, view.spells)
    terms = dict(SideEffectTerm.objects.values_list("code", "clinical"))
    return {int(row["series"]): _worst(row, terms) for row in found.to_dict("records")}


def _worst(row: Mapping[Any, Any], terms: Mapping[str, str]) -> str:
    if not row["days_asked"]:
        return t("nobody asked")
    if not row["codes"]:
        return t("none")
    first, *others = row["codes"]
    severity = words.severity_word(int(row["worst"]))
    said = f"{severity}: {t(terms.get(first, first))}"
    return said + (t(", and {n} more", n=len(others)) if others else "")
