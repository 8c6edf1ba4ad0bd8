"""How long relief lasted after each series, one bar and one row each."""

from collections.abc import Sequence

import pandas as pd
from dash import html

from dashboard import figures, words
from dashboard.pages.charts import chart
from dashboard.pages.tables import folded_table
from tracker.models import ReliefSpell


def durations_card(
    stored: Sequence[ReliefSpell], spells: pd.DataFrame, palette: figures.Palette
) -> html.Section:
    rows = [
        (
            str(spell.series),
            f"{spell.last_infusion:%d %b %Y}",
            "" if spell.mg_per_kg is None else f"{spell.mg_per_kg:g}",
            words.STATUS_WORDS[spell.status],
            words.spell_text(spell),
        )
        for spell in stored
    ]
    return html.Section(
        [
            html.H2("Relief after each series of infusions"),
            chart(figures.relief_bars(spells, palette)),
            folded_table(
                ("Series", "Last infusion", "mg/kg", "How it ended", "In words"), rows
            ),
        ],
        className="card",
    )
