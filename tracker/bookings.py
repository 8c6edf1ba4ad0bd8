"""Which days a clinic is open, for booking an infusion."""

from datetime import date, timedelta

from tracker.language import msg, t
from tracker.models import Clinic, ClosedDay, OpeningHours

# Nobody books farther ahead than this.
FARTHEST_DAYS = 400


def open_days(clinic: Clinic, first: date, last: date) -> list[date]:
    """Days from `first` to `last` on which the clinic is open.

    Empty where no opening hours are recorded: nothing is known then.
    """
    weekdays = set(
        OpeningHours.objects.filter(clinic=clinic).values_list("weekday", flat=True)
    )
    closed = set(
        ClosedDay.objects.filter(clinic=clinic, date__range=(first, last)).values_list(
            "date", flat=True
        )
    )
    every = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in every if day.weekday() in weekdays and day not in closed]


def knows_hours(clinic: Clinic) -> bool:
    return OpeningHours.objects.filter(clinic=clinic).exists()


def why_closed(clinic: Clinic, day: date) -> str:
    """Why the clinic gives no infusion on `day`; empty when it may."""
    closed = ClosedDay.objects.filter(clinic=clinic, date=day).first()
    if closed is not None:
        if not closed.reason:
            return t("closed on that day")
        return t("closed: {reason}", reason=closed.reason)
    hours = OpeningHours.objects.filter(clinic=clinic)
    if hours.exists() and not hours.filter(weekday=day.weekday()).exists():
        return t(_CLOSED_ON[day.weekday()])
    return ""


_CLOSED_ON = (
    msg("closed on Mondays"),
    msg("closed on Tuesdays"),
    msg("closed on Wednesdays"),
    msg("closed on Thursdays"),
    msg("closed on Fridays"),
    msg("closed on Saturdays"),
    msg("closed on Sundays"),
)
