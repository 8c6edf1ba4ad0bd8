"""Outcomes made of several items of one day."""

import math
import numbers
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Part:
    """One item of a composite; its direction is the item's own.

    Raises
    ------
    ValueError
        The weight is not a finite number above 0.
    """

    item: str
    weight: float = 1.0

    def __post_init__(self) -> None:
        weight = self.weight
        real = isinstance(weight, numbers.Real) and not isinstance(weight, bool)
        if not real or not math.isfinite(weight) or weight <= 0:
            raise ValueError(f"weight of {self.item} must be above 0, was {weight!r}")
        object.__setattr__(self, "weight", float(weight))


def read_parts(parts: Iterable[Part | Mapping[str, Any]]) -> tuple[Part, ...]:
    """Parts as they are, or as `dataclasses.asdict` wrote them.

    Raises
    ------
    ValueError
        There is one alone, or an item stands twice.
    """
    read = tuple(part if isinstance(part, Part) else Part(**part) for part in parts)
    names = [part.item for part in read]
    if len(read) == 1:
        raise ValueError(f"parts must be two or more, was {names[0]!r} alone")
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"parts must name an item once, was {name!r} twice")
    return read
