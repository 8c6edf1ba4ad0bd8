"""Whether the days a filling looks back on contain an infusion."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Straddle:
    """A filling that looks back on days before and after an infusion.

    Parameters
    ----------
    infusion_dates : tuple of date
        Infusions within the recall period, ascending.
    days_since : int, days
        From the latest of them to the filling.
    recall_days : int, days
    words : str
        The label to show beside the total.
    """

    infusion_dates: tuple[date, ...]
    days_since: int
    recall_days: int
    words: str


def straddles(
    infusion_dates: Iterable[date], filled_on: date, recall_days: int
) -> Straddle | None:
    """Label a filling whose recall period contains an infusion.

    Parameters
    ----------
    infusion_dates : iterable of date
        In any order.
    filled_on : date
    recall_days : int, days
        The filling looks back on the days after `filled_on - recall_days`, its own
        day included: an infusion exactly `recall_days` ago lies before all of them.

    Returns
    -------
    Straddle or None
        None where every infusion lies before or after that period.

    Raises
    ------
    ValueError
        `recall_days` is negative.
    """
    if recall_days < 0:
        raise ValueError(f"recall_days must be 0 or more, not {recall_days!r}")
    inside = sorted(
        day for day in set(infusion_dates) if 0 <= (filled_on - day).days < recall_days
    )
    if not inside:
        return None
    days_since = (filled_on - inside[-1]).days
    return Straddle(
        infusion_dates=tuple(inside),
        days_since=days_since,
        recall_days=recall_days,
        words=_words(len(inside), days_since, recall_days),
    )


def _words(count: int, days_since: int, recall_days: int) -> str:
    looks = f"Looks back over {recall_days} day{'' if recall_days == 1 else 's'}"
    if days_since == 0:
        when = "on the same day"
    elif days_since == 1:
        when = "the day before"
    else:
        when = f"{days_since} days before"
    if count == 1:
        return f"{looks}; the infusion was {when}."
    return f"{looks} with {count} infusions; the last was {when}."
