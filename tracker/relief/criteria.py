"""What counts as relief, and when it counts as lost."""

import dataclasses
import hashlib
import json
import math
import numbers
from dataclasses import dataclass
from types import MappingProxyType
from typing import Self

LOWEST_SCORE = 0.0
HIGHEST_SCORE = 10.0

# Whether a higher score is a better day, for each diary item of 0 to 10.
HIGHER_IS_BETTER = MappingProxyType(
    {
        "mood": True,
        "anxiety": False,
        "pain": False,
        "sleep_quality": True,
        "energy": True,
    }
)

# Share of the baseline at which relief begins, and below which it is lost.
PRESETS = MappingProxyType({"everyday": (0.30, 0.20), "trial": (0.50, 0.25)})

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
)
_DAYS = ("merge_gap", "series_span", "silence_days")
_AMOUNTS = ("on", "off", "floor", "baseline_inflation")
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
        Diary item: mood, anxiety, pain, sleep_quality or energy.
    higher_is_better : bool
        Direction of the item; `for_item` knows it.
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
    higher_is_better: bool = True
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

    def __post_init__(self) -> None:
        _check_item(self.item)
        if not isinstance(self.higher_is_better, bool):
            raise ValueError(
                f"higher_is_better must be True or False, was {self.higher_is_better!r}"
            )
        # One spelling of a value gives one version: 3 and 3.0 are the same floor.
        for name in _COUNTS:
            object.__setattr__(self, name, _whole(name, getattr(self, name), least=1))
        for name in _DAYS:
            object.__setattr__(self, name, _whole(name, getattr(self, name), least=0))
        for name in _AMOUNTS:
            object.__setattr__(self, name, _finite(name, getattr(self, name)))
        self._check_thresholds()
        self._check_response()

    def _check_thresholds(self) -> None:
        if not 0 < self.off <= self.on < 1:
            raise ValueError(
                f"0 < off <= on < 1 must hold, was off={self.off!r}, on={self.on!r}"
            )
        if not 0 < self.floor <= HIGHEST_SCORE:
            raise ValueError(f"floor must lie in (0, 10], was {self.floor!r}")
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
    def for_item(cls, item: str, preset: str = "everyday") -> Self:
        """Criteria of one diary item, in its own direction.

        Parameters
        ----------
        item : str
            mood, anxiety, pain, sleep_quality or energy.
        preset : str
            everyday (begins at 30 %, lost below 20 %) or trial (50 %, 25 %).

        Raises
        ------
        ValueError
            The item or the preset is not known.
        """
        _check_item(item)
        if preset not in PRESETS:
            raise ValueError(
                f"preset must be one of {', '.join(PRESETS)}, was {preset!r}"
            )
        on, off = PRESETS[preset]
        return cls(item=item, higher_is_better=HIGHER_IS_BETTER[item], on=on, off=off)

    @property
    def version(self) -> str:
        """Short name of this exact rule, the same in every process."""
        fields = json.dumps(dataclasses.asdict(self), sort_keys=True)
        return f"{RULE}:{hashlib.sha256(fields.encode()).hexdigest()[:12]}"


def _check_item(item: str) -> None:
    if item not in HIGHER_IS_BETTER:
        raise ValueError(
            f"item must be one of {', '.join(HIGHER_IS_BETTER)}, was {item!r}"
        )


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
