"""Dates as spreadsheets write them; the order is decided once, for the whole file."""

import re
from collections.abc import Iterable
from datetime import date

from tracker.imports.tables import Unreadable

ORDERS = ("dmy", "mdy", "ymd")
_PARTS = re.compile(r"^(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})$", re.ASCII)
_SERIAL = re.compile(r"^\d{5}([.,]\d+)?$", re.ASCII)


class BadDate(ValueError):
    """One cell is no date in the file's order."""


def decide_order(cells: Iterable[str]) -> str:
    """The order of day, month and year that every cell allows.

    Raises
    ------
    Unreadable
        The cells contradict each other, or none tells day from month.
    """
    possible: set[str] | None = None
    for cell in cells:
        fits = {order for order in ORDERS if _parse(cell, order) is not None}
        if fits:
            possible = fits if possible is None else possible & fits
    if possible is None:
        return "ymd"
    if not possible:
        raise Unreadable(
            "Some dates can only be day first, others only month first. "
            "Write them in one way, or choose with --date-order."
        )
    if len(possible) > 1:
        raise Unreadable(
            "No date in the file tells the day from the month. "
            "Say which comes first: --date-order dmy or --date-order mdy."
        )
    return possible.pop()


def parse(cell: str, order: str) -> date:
    """The date in `cell`.

    Raises
    ------
    BadDate
        It is none in this order.
    """
    found = _parse(cell, order)
    if found is not None:
        return found
    if _SERIAL.match(cell):
        raise BadDate(
            "a number a spreadsheet uses for a date; format the column as a date"
        )
    raise BadDate(f"not a date in the order {order}")


def _parse(cell: str, order: str) -> date | None:
    match = _PARTS.match(cell)
    if match is None:
        return None
    first, second, third = match.groups()
    if (len(first) == 4) != (order == "ymd"):
        return None
    parts = dict(zip(order, (first, second, third), strict=True))
    if len(parts["y"]) not in {2, 4}:
        return None
    year = int(parts["y"]) + (2000 if len(parts["y"]) == 2 else 0)
    try:
        return date(year, int(parts["m"]), int(parts["d"]))
    except ValueError:
        return None
