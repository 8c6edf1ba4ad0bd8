"""How long relief lasts between infusions: pure functions of frames.

`find_spells` turns a diary and infusions into one row a series of infusions;
`kaplan_meier`, `bounds` and `median` describe many of them. Nothing here reads
a clock, a file or a setting.
"""

from tracker.relief.criteria import Criteria
from tracker.relief.population import Population, estimate_population
from tracker.relief.spells import find_spells
from tracker.relief.survival import (
    Median,
    bounds,
    kaplan_meier,
    median,
    numbers_at_risk,
)

__all__ = [
    "Criteria",
    "Median",
    "Population",
    "bounds",
    "estimate_population",
    "find_spells",
    "kaplan_meier",
    "median",
    "numbers_at_risk",
]
