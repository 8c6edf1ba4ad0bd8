"""The current spell of each patient: where it stands and when it may end."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from tracker.relief.curves import DAYS
from tracker.relief.cycles import Cycles, prepare
from tracker.relief.forecast import TYPICAL_SHARES, forecast_series
from tracker.relief.panel import AsOf, Bools, Floats, Ints
from tracker.relief.series import NEVER
from tracker.relief.spells import (
    CUT_BY_SILENCE,
    LOST,
    NO_RESPONSE,
    NOT_ASSESSABLE,
    TEXT,
    Assessed,
    in_label_order,
)

if TYPE_CHECKING:
    from tracker.relief.model import ReliefModel

QUANTILES = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)

# States of a current spell.
NO_SERIES = "no series"
INDUCING = "inducing"
AWAITING = "awaiting onset"
IN_RELIEF = "in relief"
PENDING = "pending loss"
IS_LOST = "lost"
NO_RELIEF = "no response"
UNKNOWN = "not assessable"

# Reasons for withholding a window.
REASONS = {
    "no_series": "No infusion is recorded.",
    "inducing": "The course of infusions is not finished.",
    "no_baseline": "No day was logged before the first infusion.",
    "floor": "The score before treatment was too close to its best end.",
    "silence": "Nothing was logged for more than {silence_days} days.",
    "lost": "Relief has ended already.",
    "no_response": "No relief is seen after the last infusion.",
    "no_response_likely": "That this infusion brings no relief is likelier than not.",
    "no_end_in_sight": "Relief may well hold for more than {horizon} days.",
    "weak_baseline": "Only {baseline_days} days were logged before treatment.",
    "too_few_days": "Only {days_logged} days are logged since the last infusion.",
    "unseen": "Too few days are logged to see whether relief began.",
    "not_calibrated": "Earlier forecasts in this clinic were not close enough.",
}
# Beyond this day, and a month from now, no booster is planned now, if relief may well
# last so long.
HORIZON_DAYS, HORIZON_AHEAD_DAYS, HORIZON_CHANCE = 90, 30, 0.4
LEAST_BASELINE_DAYS = 3
LEAST_LOGS = 4


@dataclass(frozen=True)
class BookingRule:
    """What an early and a late booster cost, and how close two may lie.

    The best day is the quantile early / (early + late) of the day relief is lost;
    the window runs from `window_from` to `window_to` times that quantile.
    """

    cost_early: float = 1.0
    cost_late: float = 3.0
    min_interval_days: int = 7
    window_from: float = 0.6
    window_to: float = 1.6
    highest: float = 0.9

    def __post_init__(self) -> None:
        for name in ("cost_early", "cost_late"):
            value = getattr(self, name)
            if not 0 < value < np.inf:
                raise ValueError(f"{name} must be above 0, was {value!r}")
        if not 0 <= self.min_interval_days <= DAYS:
            raise ValueError(
                f"min_interval_days must lie in 0 to {DAYS}, "
                f"was {self.min_interval_days!r}"
            )

    @property
    def quantile(self) -> float:
        return self.cost_early / (self.cost_early + self.cost_late)


def make_outlook(
    model: "ReliefModel",
    diary: pd.DataFrame,
    infusions: pd.DataFrame,
    as_of: AsOf = None,
    rule: BookingRule | None = None,
) -> pd.DataFrame:
    """Where each patient's current spell stands, and when relief may be lost.

    Parameters
    ----------
    diary, infusions, as_of
        As for `find_spells`. A column `unfinished` (bool) of the infusions says that
        the last one's course goes on.
    rule : BookingRule, optional

    Returns
    -------
    DataFrame, one row a patient, sorted by patient_id
        patient_id; series_start, last_infusion (dates); day (since the last
        infusion); state (no series, inducing, awaiting onset, in relief, pending
        loss, lost, no response, not assessable); baseline, on_level, off_level
        (points of burden, higher is worse); last_relief_day (last logged day in
        relief); p_in_relief (chance that relief is not lost by `day`); q05 to q95
        (days from the last infusion to the first day of the confirmed loss, inf
        beyond 180); window_from, window_to, best_day (days; NaN when withheld);
        reason (why it is withheld, a key of `REASONS`); p_no_response;
        typical_low, typical, typical_high (days relief lasts in this patient by the
        earlier spells: 10 %, median, 90 %; the clinic's where there is none);
        n_earlier_spells, baseline_days, days_logged (what it stands on).
        `attrs["survival"]`, float (rows, 181): chance that relief is lost after day
        d; NaN where there is no distribution.

    Raises
    ------
    ValueError
        As for `find_spells`.
    """
    rule = rule or BookingRule()
    found = model.assess(diary, infusions, as_of)
    cycles = prepare(found, model.noise, model.criteria.floor)
    last = np.flatnonzero(found.series.next_start == NEVER)
    survival = np.full((len(last), DAYS + 1), np.nan)
    none = np.full(len(last), np.nan)
    typical = np.full((len(last), len(TYPICAL_SHARES)), np.nan)
    open_rows = np.flatnonzero(cycles.usable[last])
    fixed = found.status[last[open_rows]] == NO_RESPONSE
    survival[open_rows[fixed]], none[open_rows[fixed]] = 0.0, 1.0
    forecast = open_rows[~fixed]
    seen = forecast_series(model, cycles, last[forecast])
    survival[forecast], none[forecast] = seen.survival, seen.no_response
    typical[forecast] = seen.typical
    _keep_known_losses(survival, found, last)
    given = _Given(survival, none, typical)
    table = _Table(model, cycles, last, given, rule, infusions)
    frame = table.frame(diary, infusions)
    survival_of_row = np.full((len(frame), DAYS + 1), np.nan)
    with_series = frame["_row"].to_numpy() >= 0
    survival_of_row[with_series] = survival[frame["_row"].to_numpy()[with_series]]
    frame = frame.drop(columns="_row")
    frame.attrs["survival"] = survival_of_row
    return frame


def _keep_known_losses(survival: Floats, found: Assessed, last: Ints) -> None:
    """A confirmed loss lies at or before its first seen day, whatever is drawn."""
    upper = found.traced.upper[last]
    day = np.arange(DAYS + 1)
    survival[(day >= upper[:, None]) & np.isfinite(upper)[:, None]] = 0


def horizon_of(day: Ints) -> Ints:
    """Days since the infusion beyond which nothing is planned on day `day`."""
    return np.maximum(HORIZON_DAYS, day + HORIZON_AHEAD_DAYS)


def quantiles(survival: Floats, share: float) -> Floats:
    """First day by which relief is lost with chance `share`, inf beyond the last."""
    reached = 1 - survival >= share - 1e-12
    day = np.where(reached.any(axis=1), reached.argmax(axis=1), np.inf)
    found: Floats = np.where(np.isnan(survival[:, 0]), np.nan, day)
    return found


@dataclass(frozen=True)
class _Given:
    """Distributions, one row a patient with a series."""

    survival: Floats
    none: Floats
    typical: Floats


class _Table:
    """The columns of an outlook."""

    def __init__(
        self,
        model: "ReliefModel",
        cycles: Cycles,
        last: Ints,
        given: "_Given",
        rule: BookingRule,
        infusions: pd.DataFrame,
    ) -> None:
        self._model, self._found, self._last = model, cycles.found, last
        self._survival, self._none, self._rule = given.survival, given.none, rule
        self._typical = given.typical
        series = cycles.found.series
        until = cycles.found.panel.as_of[series.patient[last]]
        self._day = until - series.last_day[last]
        self._unfinished = _unfinished(cycles.found, last, infusions)

    def frame(self, diary: pd.DataFrame, infusions: pd.DataFrame) -> pd.DataFrame:
        found, last = self._found, self._last
        series, panel = found.series, found.panel
        label = infusions["patient_id"].array.take(
            panel.infusion_row[series.first_row[last]]
        )
        columns = {"patient_id": label, **self._columns(), "_row": np.arange(len(last))}
        frame = pd.DataFrame(columns)
        rest = pd.concat(
            [
                column[~column.isin(frame["patient_id"])]
                for column in (diary["patient_id"], infusions["patient_id"])
            ],
            ignore_index=True,
        ).drop_duplicates()
        if len(rest):
            frame = pd.concat((frame, self._without_series(rest)), ignore_index=True)
            frame = frame.astype({"state": TEXT, "reason": TEXT})
        order = np.argsort(in_label_order(pd.Index(frame["patient_id"])))
        if (order[1:] > order[:-1]).all():
            return frame
        return frame.iloc[order].reset_index(drop=True)

    def _without_series(self, labels: pd.Series) -> pd.DataFrame:
        empty = {
            name: np.full(len(labels), np.nan)
            for name in self._columns()
            if name not in ("series_start", "last_infusion", "state", "reason")
        }
        return pd.DataFrame(
            {
                "patient_id": labels.array,
                "series_start": pd.Series(pd.NaT, labels.index, "datetime64[us]").array,
                "last_infusion": pd.Series(
                    pd.NaT, labels.index, "datetime64[us]"
                ).array,
                "state": np.full(len(labels), NO_SERIES, object),
                "reason": np.full(len(labels), "no_series", object),
                **empty,
                "_row": np.full(len(labels), -1),
            }
        )

    def _columns(self) -> dict[str, Any]:
        found, last, criteria = self._found, self._last, self._model.criteria
        state = self._state()
        reason = self._reason(state)
        window = self._window(reason == "")
        at = np.clip(self._day, 0, DAYS)
        columns: dict[str, Any] = {
            "series_start": _dates(found.series.start[last]),
            "last_infusion": _dates(found.series.last_day[last]),
            "day": self._day.astype(np.float64),
            "state": pd.array(state, dtype=TEXT),
            "baseline": found.baseline[last],
            "on_level": found.baseline[last] * (1 - criteria.on),
            "off_level": found.baseline[last] * (1 - criteria.off),
            "last_relief_day": found.traced.lower[last],
            "p_in_relief": self._survival[np.arange(len(last)), at],
        }
        for share in QUANTILES:
            columns[f"q{round(share * 100):02d}"] = quantiles(self._survival, share)
        return columns | {
            **window,
            "reason": pd.array(reason, dtype=TEXT),
            "p_no_response": self._none,
            "typical_low": self._typical[:, 0],
            "typical": self._typical[:, 1],
            "typical_high": self._typical[:, 2],
            "n_earlier_spells": self._earlier().astype(np.float64),
            "baseline_days": found.baseline_days[last].astype(np.float64),
            "days_logged": found.logs.number[last].astype(np.float64),
        }

    def _state(self) -> npt.NDArray[Any]:
        found, last, criteria = self._found, self._last, self._model.criteria
        status, reason = found.status[last], found.reason[last]
        begun = ~np.isnan(found.traced.onset[last])
        usable = ~np.isin(reason, ("no_baseline", "floor"))
        rules: list[tuple[Bools, str]] = [
            (~usable, UNKNOWN),
            (self._unfinished & (self._day <= criteria.series_span), INDUCING),
            (status == LOST, IS_LOST),
            (status == CUT_BY_SILENCE, UNKNOWN),
            (begun & (found.traced.pending[last] > 0), PENDING),
            (begun, IN_RELIEF),
            (status == NO_RESPONSE, NO_RELIEF),
            ((status == NOT_ASSESSABLE) & (reason == "awaiting_onset"), AWAITING),
        ]
        return np.select(
            [fits for fits, _ in rules], [name for _, name in rules], UNKNOWN
        ).astype(object)

    def _earlier(self) -> Ints:
        """Earlier series of the patient that responded."""
        found = self._found
        begun = ~np.isnan(found.traced.onset)
        patient = found.series.patient
        counts = np.bincount(patient, begun, found.panel.n_patients).astype(np.int64)
        return counts[patient[self._last]] - begun[self._last]

    def _reason(self, state: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Why a window is withheld; empty where it is given."""
        found, last = self._found, self._last
        why = found.reason[last]
        silence = self._model.criteria.silence_days
        since_log = self._day - np.nan_to_num(found.logs.last[last])
        # Until the first log the day of the infusion is the last that is known.
        horizon = np.clip(horizon_of(self._day), 0, DAYS).astype(np.intp)
        lasting = self._survival[np.arange(len(last)), horizon]
        beyond = lasting > HORIZON_CHANCE
        new_here = (found.logs.number[last] < LEAST_LOGS) & (self._earlier() == 0)
        rules: list[tuple[Bools, str]] = [
            (why == "no_baseline", "no_baseline"),
            (why == "floor", "floor"),
            (state == INDUCING, "inducing"),
            (state == IS_LOST, "lost"),
            (state == NO_RELIEF, "no_response"),
            (since_log > silence, "silence"),
            (self._none > 0.5, "no_response_likely"),
            (found.baseline_days[last] < LEAST_BASELINE_DAYS, "weak_baseline"),
            (new_here, "too_few_days"),
            (state == UNKNOWN, "unseen"),
            (beyond, "no_end_in_sight"),
        ]
        return np.select(
            [fits for fits, _ in rules], [name for _, name in rules], ""
        ).astype(object)

    def _window(self, given: Bools) -> dict[str, Floats]:
        rule = self._rule
        middle = rule.quantile
        shares = {
            "window_from": min(rule.window_from * middle, rule.highest),
            "window_to": min(rule.window_to * middle, rule.highest),
            "best_day": middle,
        }
        earliest = np.maximum(self._day + 1, rule.min_interval_days)
        return {
            name: np.where(
                given, np.maximum(quantiles(self._survival, share), earliest), np.nan
            )
            for name, share in shares.items()
        }


def _unfinished(found: Assessed, last: Ints, infusions: pd.DataFrame) -> Bools:
    """Whether a recorded course goes on, by the infusions' column `unfinished`."""
    if "unfinished" not in infusions.columns:
        return np.zeros(len(last), np.bool_)
    flag = infusions["unfinished"].fillna(False).to_numpy(bool)
    flag = flag[found.panel.infusion_row]
    open_course = np.logical_or.reduceat(flag, found.series.first_row)
    going: Bools = open_course[last]
    return going


def _dates(days: Ints) -> npt.NDArray[np.datetime64]:
    return days.astype("datetime64[D]").astype("datetime64[us]")
