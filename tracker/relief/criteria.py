"""What counts as relief, and when it counts as lost."""

import dataclasses
import hashlib
import json
import math
import numbers
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, Self, get_args

from tracker.relief.composite import Part, read_parts

Direction = Literal["better", "worse"]
Combine = Literal["mean", "worst"]

LOWEST_SCORE = 0.0
HIGHEST_SCORE = 10.0
COMPOSITE = "composite"

# What a higher score means, for each outcome that relief may be judged by.
HIGHER_IS: Mapping[str, Direction] = MappingProxyType(
    {
        "mood": "better",
        "anxiety": "worse",
        "pain": "worse",
        "sleep_quality": "better",
        "energy": "better",
        "phq9": "worse",
    }
)

# Relief of a daily score begins at `on` of the baseline and is lost below `off`.
# 30 and 50 % are the moderate and the substantial change of IMMPACT, 10 to 20 % the
# least (Dworkin et al. 2008, J Pain 9:105); 4 of 10 is the least pain at entry of
# pain trials. A response of the PHQ-9 is half the sum before treatment, kept as long
# as it holds (McInnes et al. 2022, J Affect Disord 301:486); 10 of 27 is moderate
# depression (Kroenke et al. 2001, J Gen Intern Med 16:606).
PRESETS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "everyday": {"on": 0.30, "off": 0.20},
        "trial": {"on": 0.50, "off": 0.25},
        "pain": {"on": 0.30, "off": 0.20, "floor": 4.0},
        "phq9": {
            "on": 0.50,
            "off": 0.50,
            "k_on": 1,
            "k_off": 2,
            "onset_window": 21,
            "max_gap": 35,
            "silence_days": 35,
            "floor": 10.0,
            "response_logs": 1,
            "response_day": 7,
            "scale_max": 27.0,
            "every_days": 7,
        },
    }
)
# Presets made for one outcome alone; the PHQ-9 knows no other.
_ONLY_FOR = MappingProxyType({"pain": "pain", "phq9": "phq9"})

# Changes whenever the rule itself changes, whatever the criteria say.
RULE = "relief-1"

_COUNTS = (
    "k_on",
    "k_off",
    "onset_window",
    "max_gap",
    "baseline_window",
    "response_logs",
    "response_day",
    "every_days",
)
_DAYS = ("merge_gap", "series_span", "silence_days")
_AMOUNTS = ("on", "off", "floor", "baseline_inflation", "scale_max")
_LONGEST_DAYS = 3_650


@dataclass(frozen=True)
class Criteria:
    """The rule by which relief is declared, held and lost.

    Improvement is the fall of the burden as a share of the patient's own
    baseline, `(baseline - burden) / baseline`; the burden is the score where
    higher is worse, and 10 minus the score where higher is better.

    Parameters
    ----------
    item : str
        Column of the diary: mood, anxiety, pain, sleep_quality, energy or phq9;
        composite where `parts` are given.
    higher_is : "better" or "worse", optional
        What a higher score means; None is what it means in the item as Respite asks
        it. A composite is made of burdens: higher is worse.
    on, off : float, share of the baseline, 0 < off <= on < 1
        Relief begins at an improvement of at least `on` and is lost below
        `off`; between them a spell that has begun goes on.
    k_on, k_off : int, logged days
        Consecutive logged days that confirm an onset, and a loss.
    onset_window : int, days
        The first day of an onset lies in 1 to `onset_window`.
    max_gap : int, days
        Two neighbouring logs of one loss are at most this far apart.
    merge_gap, series_span : int, days
        An infusion joins a series at most `merge_gap` days after the one
        before it and `series_span` days after the first.
    baseline_window : int, days
        Days before the first infusion ever that make the baseline.
    silence_days : int, days
        Without a log for longer than this, nothing more is known.
    floor : float, points of burden
        Below this baseline a share is less than a point: not assessable.
    response_logs, response_day : int
        A missing onset counts as no response when the onset window holds at
        least `response_logs` logged days, one of them on day `response_day`
        or later.
    baseline_inflation : float, at least 1
        Factor on the variance of a baseline mean, as neighbouring days are
        alike.
    scale_max : float, points
        Scores lie between 0 and this.
    every_days : int, days
        Usual days between two scores: 1 for a diary.
    parts : tuple of Part
        The items of a composite, with their weights; empty for a single item. A day
        counts only when all of them are there.
    combine : "mean" or "worst"
        Whether a composite is the weighted mean of its parts' burdens, or the largest
        of them.

    Raises
    ------
    ValueError
        A field breaks its rule; the message names the rule and the value.

    Notes
    -----
    30 % and 50 % are the moderate and substantial changes of IMMPACT (Dworkin
    et al. 2008, J Pain 9:105). `on` above `off`, and three days to confirm a
    loss, keep single bad days from ending a spell.
    """

    item: str = "mood"
    higher_is: Direction | None = None
    on: float = 0.30
    off: float = 0.20
    k_on: int = 2
    k_off: int = 3
    onset_window: int = 10
    max_gap: int = 7
    merge_gap: int = 7
    series_span: int = 21
    baseline_window: int = 28
    silence_days: int = 14
    floor: float = 3.0
    response_logs: int = 6
    response_day: int = 5
    baseline_inflation: float = 1.6
    scale_max: float = HIGHEST_SCORE
    every_days: int = 1
    parts: tuple[Part, ...] = ()
    combine: Combine = "mean"

    def __post_init__(self) -> None:
        object.__setattr__(self, "parts", read_parts(self.parts))
        _check_item(self.item, composite=bool(self.parts))
        self._settle_direction()
        # One spelling of a value gives one version: 3 and 3.0 are the same floor.
        for name in _COUNTS:
            object.__setattr__(self, name, _whole(name, getattr(self, name), least=1))
        for name in _DAYS:
            object.__setattr__(self, name, _whole(name, getattr(self, name), least=0))
        for name in _AMOUNTS:
            object.__setattr__(self, name, _finite(name, getattr(self, name)))
        self._check_thresholds()
        self._check_response()
        self._check_parts()

    def _settle_direction(self) -> None:
        """One spelling of a direction: the item's own is written out."""
        direction = self.higher_is
        if direction is None:
            direction = "worse" if self.parts else HIGHER_IS[self.item]
            object.__setattr__(self, "higher_is", direction)
        if direction not in get_args(Direction):
            raise ValueError(f"higher_is must be better or worse, was {direction!r}")

    def _check_parts(self) -> None:
        if self.combine not in get_args(Combine):
            raise ValueError(f"combine must be mean or worst, was {self.combine!r}")
        for part in self.parts:
            _check_item(part.item, composite=False)
            if part.item == "phq9":
                raise ValueError("parts must be daily scores, was 'phq9'")
        if self.parts and self.higher_is != "worse":
            raise ValueError(
                "higher_is must be worse for a composite, which is made of burdens, "
                f"was {self.higher_is!r}"
            )
        if self.parts and self.scale_max != HIGHEST_SCORE:
            raise ValueError(
                f"scale_max must be 10 for a composite, was {self.scale_max!r}"
            )

    def _check_thresholds(self) -> None:
        if not 0 < self.off <= self.on < 1:
            raise ValueError(
                f"0 < off <= on < 1 must hold, was off={self.off!r}, on={self.on!r}"
            )
        if self.scale_max <= 0:
            raise ValueError(f"scale_max must be above 0, was {self.scale_max!r}")
        if not 0 < self.floor <= self.scale_max:
            raise ValueError(
                f"floor must lie in (0, {self.scale_max:g}], was {self.floor!r}"
            )
        if self.baseline_inflation < 1:
            raise ValueError(
                f"baseline_inflation must be 1 or more, was {self.baseline_inflation!r}"
            )

    def _check_response(self) -> None:
        for name in ("response_logs", "response_day"):
            if getattr(self, name) > self.onset_window:
                raise ValueError(
                    f"{name} must be at most onset_window={self.onset_window}, "
                    f"was {getattr(self, name)!r}"
                )

    @classmethod
    def for_item(cls, item: str, preset: str | None = None) -> Self:
        """Criteria of one item, in its own direction.

        Parameters
        ----------
        item : str
            mood, anxiety, pain, sleep_quality, energy or phq9.
        preset : str, optional
            everyday (begins at 30 %, lost below 20 %), trial (50 %, 25 %), pain
            (everyday, from a baseline of 4 on) or phq9; None is phq9 for the
            PHQ-9 and everyday for all else.

        Raises
        ------
        ValueError
            The item or the preset is not known, or they do not fit.
        """
        _check_item(item, composite=False)
        if preset is None:
            preset = "phq9" if item == "phq9" else "everyday"
        return cls(item=item, **_preset(preset, item))

    @classmethod
    def composite(
        cls,
        weights: Mapping[str, float],
        combine: Combine = "mean",
        preset: str = "everyday",
    ) -> Self:
        """Criteria of several items taken together, each in its own direction.

        Parameters
        ----------
        weights : mapping of item to weight
            Two items or more; weights count in a mean alone.
        combine : "mean" or "worst"
        preset : str
            everyday or trial.

        Raises
        ------
        ValueError
            An item, weight or preset breaks its rule.

        Notes
        -----
        Burdens are combined, never raw scores: mood 2 and pain 8 are both bad days,
        and would cancel.
        """
        parts = tuple(Part(item, weight) for item, weight in weights.items())
        return cls(
            item=COMPOSITE, parts=parts, combine=combine, **_preset(preset, COMPOSITE)
        )

    @property
    def higher_is_better(self) -> bool:
        """Whether a higher score is a better day."""
        return self.higher_is == "better"

    @property
    def columns(self) -> tuple[str, ...]:
        """The diary's columns that are read."""
        return tuple(part.item for part in self.parts) or (self.item,)

    @property
    def version(self) -> str:
        """Short name of this exact rule, the same in every process."""
        fields = json.dumps(dataclasses.asdict(self), sort_keys=True)
        return f"{RULE}:{hashlib.sha256(fields.encode()).hexdigest()[:12]}"


def _check_item(item: str, *, composite: bool) -> None:
    if composite:
        if item != COMPOSITE:
            raise ValueError(f"item must be {COMPOSITE} with parts, was {item!r}")
    elif item == "sleep_hours":
        raise ValueError(
            "item must be a score: sleep_hours are shown, and never an outcome"
        )
    elif item not in HIGHER_IS:
        raise ValueError(f"item must be one of {', '.join(HIGHER_IS)}, was {item!r}")


def _preset(preset: str, item: str) -> Mapping[str, Any]:
    if preset not in PRESETS:
        raise ValueError(f"preset must be one of {', '.join(PRESETS)}, was {preset!r}")
    only = _ONLY_FOR.get(preset, item)
    if only != item or (item == "phq9" and preset != "phq9"):
        raise ValueError(f"preset must fit the item {item}, was {preset!r}")
    return PRESETS[preset]


def _whole(name: str, value: object, *, least: int) -> int:
    whole = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    if not whole or not least <= int(value) <= _LONGEST_DAYS:  # type: ignore[call-overload]  # whole says it is an integer
        raise ValueError(
            f"{name} must be a whole number from {least} to {_LONGEST_DAYS}, was {value!r}"
        )
    return int(value)  # type: ignore[call-overload, no-any-return]  # as above


def _finite(name: str, value: object) -> float:
    real = isinstance(value, numbers.Real) and not isinstance(value, bool)
    if not real or not math.isfinite(value):  # type: ignore[arg-type]  # real says so
        raise ValueError(f"{name} must be a finite number, was {value!r}")
    return float(value)  # type: ignore[arg-type]  # as above
