"""Forecasts: issued, kept, made void when their record changes, and scored."""

from tracker.forecasts.issue import (
    booking_rule,
    issue,
    look_back,
    outlook_by,
    refresh,
)
from tracker.forecasts.scores import (
    judge_models,
    score_clinic,
    score_known,
    scorecards,
    scored_forecasts,
)
from tracker.forecasts.shown import (
    Brief,
    Outlook,
    Quantile,
    Window,
    first_sentence,
    show,
    show_briefly,
)
from tracker.forecasts.stored import (
    newest_forecast,
    outlook_from_json,
    outlook_to_json,
)
from tracker.forecasts.voids import (
    fingerprints,
    void_changed,
    withdrawn_from,
    withdrawn_words,
)

__all__ = [
    "Brief",
    "Outlook",
    "Quantile",
    "Window",
    "booking_rule",
    "fingerprints",
    "first_sentence",
    "issue",
    "judge_models",
    "look_back",
    "newest_forecast",
    "outlook_by",
    "outlook_from_json",
    "outlook_to_json",
    "refresh",
    "score_clinic",
    "score_known",
    "scorecards",
    "scored_forecasts",
    "show",
    "show_briefly",
    "void_changed",
    "withdrawn_from",
    "withdrawn_words",
]
