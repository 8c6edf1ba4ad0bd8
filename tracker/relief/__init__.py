"""How long relief lasts between infusions: pure functions of frames.

`find_spells` turns a diary and infusions into one row a series of infusions;
`kaplan_meier`, `bounds` and `median` describe many of them. `ReliefModel` corrects
for boosters given because relief fades, and forecasts. Nothing here reads a clock,
a file or a setting; `python -m tracker.relief` does, in `tracker.relief.command`.
"""

from tracker.relief.calibration import (
    Scorecard,
    coverage_over_time,
    score_forecast,
    scorecard,
    scorecard_words,
)
from tracker.relief.cohort import (
    Share,
    Wait,
    fading_to_infusion,
    group_curves,
    logging_rate,
    response_rates,
)
from tracker.relief.completed import relief_by_group, relief_distribution
from tracker.relief.criteria import HIGHER_IS, Criteria
from tracker.relief.durations import Prior
from tracker.relief.groups import compare, restricted_mean
from tracker.relief.model import ReliefModel
from tracker.relief.outlook import REASONS, BookingRule, make_outlook
from tracker.relief.overlay import overlay_cycles, usual_course
from tracker.relief.population import Population, estimate_population
from tracker.relief.spells import find_spells
from tracker.relief.survival import (
    Median,
    bounds,
    kaplan_meier,
    median,
    numbers_at_risk,
)
from tracker.relief.symptoms import (
    first_to_return,
    return_words,
    side_effect_words,
    side_effects_and_benefit,
)
from tracker.relief.trends import (
    DoseEffect,
    dose_effect,
    dose_words,
    duration_trend,
    trend_words,
)
from tracker.relief.windows import (
    WINDOWS,
    asked_by_window,
    by_window,
    worst_by_series,
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
    "HIGHER_IS",
    "REASONS",
    "STATE_WORDS",
    "WINDOWS",
    "BookingRule",
    "Criteria",
    "DoseEffect",
    "Median",
    "Population",
    "Prior",
    "ReliefModel",
    "Scorecard",
    "Share",
    "Wait",
    "asked_by_window",
    "bounds",
    "by_window",
    "compare",
    "coverage_over_time",
    "day_word",
    "dose_effect",
    "dose_words",
    "duration_trend",
    "estimate_population",
    "fading_to_infusion",
    "find_spells",
    "first_to_return",
    "group_curves",
    "kaplan_meier",
    "logging_rate",
    "make_outlook",
    "median",
    "numbers_at_risk",
    "outlook_words",
    "overlay_cycles",
    "reason_words",
    "relief_by_group",
    "relief_distribution",
    "response_rates",
    "restricted_mean",
    "return_words",
    "score_forecast",
    "scorecard",
    "scorecard_words",
    "side_effect_words",
    "side_effects_and_benefit",
    "trend_words",
    "usual_course",
    "worst_by_series",
]
