"""How sentences about relief are said: in English, or as whoever asks says them.

The analytics know no other language. A caller that does passes its own `Speech`.
"""

from datetime import date
from typing import Protocol


class Speech(Protocol):
    """Texts, numbers and dates in one language; `tracker.language` is one."""

    def t(self, text: str, /, **values: object) -> str:
        """`text`, with each `{name}` filled in from `values`."""
        ...

    def tn(self, one: str, many: str, number: int, /, **values: object) -> str:
        """`one` or `many`, by `number`, which fills `{n}`."""
        ...

    def number(self, value: float, places: int | None = None) -> str:
        """A number with `places` decimals, or as few as it needs."""
        ...

    def day_month(self, day: date, today: date | None = None) -> str:
        """A date, with the year when it is not that of `today`."""
        ...


class English:
    """The language of the source."""

    def t(self, text: str, /, **values: object) -> str:
        """`text`, with each `{name}` filled in from `values`."""
        return text.format_map(values) if values else text

    def tn(self, one: str, many: str, number: int, /, **values: object) -> str:
        """`one` or `many`, by `number`, which fills `{n}`."""
        return self.t(one if number == 1 else many, n=number, **values)

    def number(self, value: float, places: int | None = None) -> str:
        """A number with `places` decimals, or as few as it needs."""
        return f"{value:g}" if places is None else f"{value:.{places}f}"

    def day_month(self, day: date, today: date | None = None) -> str:
        """21 Nov, with the year when it is not that of `today`."""
        said = f"{day.day} {day:%b}"
        return said if today and today.year == day.year else f"{said} {day.year}"


ENGLISH = English()
