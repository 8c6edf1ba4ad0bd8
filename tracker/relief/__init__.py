"""How long relief lasts between infusions: pure functions of frames.

`find_spells` turns a diary and infusions into one row a series of infusions;
`kaplan_meier`, `bounds` and `median` describe many of them. `ReliefModel` corrects
for boosters given because relief fades, and forecasts. Nothing here reads a clock,
a file or a setting; `python -m tracker.relief` does, in `tracker.relief.command`.
"""

from tracker.relief.calibration import (
    Scorecard,
    score_forecast,
    scorecard,
    scorecard_words,
)
from tracker.relief.completed import relief_distribution
from tracker.relief.criteria import Criteria
from tracker.relief.durations import Prior
from tracker.relief.groups import compare, restricted_mean
from tracker.relief.model import ReliefModel
from tracker.relief.outlook import REASONS, BookingRule, make_outlook
from tracker.relief.population import Population, estimate_population
from tracker.relief.spells import find_spells
from tracker.relief.survival import (
    Median,
    bounds,
    kaplan_meier,
    median,
    numbers_at_risk,
)
from tracker.relief.words import (
    CORRECTION,
    STATE_WORDS,
    day_word,
    outlook_words,
    reason_words,
)

__all__ = [
    "CORRECTION",
    "REASONS",
    "STATE_WORDS",
    "BookingRule",
    "Criteria",
    "Median",
    "Population",
    "Prior",
    "ReliefModel",
    "Scorecard",
    "bounds",
    "compare",
    "day_word",
    "estimate_population",
    "find_spells",
    "kaplan_meier",
    "make_outlook",
    "median",
    "numbers_at_risk",
    "outlook_words",
    "reason_words",
    "relief_distribution",
    "restricted_mean",
    "score_forecast",
    "scorecard",
    "scorecard_words",
]
