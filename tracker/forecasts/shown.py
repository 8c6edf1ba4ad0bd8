"""A stored outlook as screens, the API and reports show it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from tracker import language, relief
from tracker.forecasts.stored import outlook_from_json
from tracker.models import Patient, ReliefForecast
from tracker.relief_models import criteria_for

# Central shares of a forecast, in the order they are listed.
SHARES = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)


@dataclass(frozen=True)
class Quantile:
    """`day` after the last infusion by which relief is lost with chance `share`."""

    share: float
    day: int | None
    date: date | None


@dataclass(frozen=True)
class Window:
    """Days on which a booster would be early rather than late; None beyond 180 days."""

    start: date | None
    end: date | None
    best: date | None


@dataclass(frozen=True)
class Outlook:
    """What is known of the current spell, and said of it; see `relief.make_outlook`.

    `window` is None where it is withheld, for `reason`; `sentences` say it all in
    words, the shortest answer first; `survival` is None without a distribution.
    """

    as_of: date
    issued_at: datetime
    state: str
    state_words: str
    last_infusion: date | None
    day: int | None
    last_relief_day: int | None
    p_in_relief: float | None
    p_no_response: float | None
    quantiles: list[Quantile]
    window: Window | None
    reason: str
    sentences: list[str]
    typical_low: float | None
    typical: float | None
    typical_high: float | None
    n_earlier_spells: int
    baseline_days: int
    days_logged: int
    survival: list[float] | None
    model_version: int | None
    criteria_version: str


def show(forecast: ReliefForecast) -> Outlook:
    """The stored row in the terms people read."""
    row = outlook_from_json(forecast.outlook)
    start = row["last_infusion"]
    silence_days = criteria_for(forecast.patient).silence_days
    return Outlook(
        as_of=forecast.as_of,
        issued_at=forecast.issued_at,
        state=forecast.state,
        state_words=language.t(relief.STATE_WORDS[forecast.state]),
        last_infusion=start,
        day=_whole(row["day"]),
        last_relief_day=_whole(row["last_relief_day"]),
        p_in_relief=_known(row["p_in_relief"]),
        p_no_response=_known(row["p_no_response"]),
        quantiles=_quantiles(row, start),
        window=_window(row, start),
        reason=row["reason"],
        sentences=relief.outlook_words(row, silence_days, language),
        typical_low=_known(row["typical_low"]),
        typical=_known(row["typical"]),
        typical_high=_known(row["typical_high"]),
        n_earlier_spells=_whole(row["n_earlier_spells"]) or 0,
        baseline_days=_whole(row["baseline_days"]) or 0,
        days_logged=_whole(row["days_logged"]) or 0,
        survival=forecast.survival,
        model_version=forecast.model_version,
        criteria_version=forecast.criteria_version,
    )


def first_sentence(stored: dict[str, Any], patient: Patient) -> str:
    """The shortest answer of an outlook as a decision keeps it, in words of today."""
    row = outlook_from_json(stored)
    return relief.outlook_words(row, criteria_for(patient).silence_days, language)[0]


@dataclass(frozen=True)
class Brief:
    """What a table says of an outlook: see `Outlook`."""

    quantiles: list[Quantile]
    window: Window | None
    reason: str


def show_briefly(forecast: ReliefForecast) -> Brief:
    """The stored row for a line of a table; it needs no chances by day."""
    row = outlook_from_json(forecast.outlook)
    start = row["last_infusion"]
    return Brief(_quantiles(row, start), _window(row, start), row["reason"])


def _quantiles(row: dict[str, Any], start: date | None) -> list[Quantile]:
    if start is None or np.isnan(row["q50"]):
        return []
    found = []
    for share in SHARES:
        days = row[f"q{round(share * 100):02d}"]
        found.append(Quantile(share, _whole(days), _date(start, days)))
    return found


def _window(row: dict[str, Any], start: date | None) -> Window | None:
    if start is None or np.isnan(row["window_from"]):
        return None
    return Window(
        start=_date(start, row["window_from"]),
        end=_date(start, row["window_to"]),
        best=_date(start, row["best_day"]),
    )


def _date(start: date, days: float) -> date | None:
    return start + timedelta(days=round(days)) if np.isfinite(days) else None


def _whole(value: float) -> int | None:
    return round(value) if np.isfinite(value) else None


def _known(value: float) -> float | None:
    return value if np.isfinite(value) else None
