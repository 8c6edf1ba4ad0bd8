"""The parts an instrument's scoring is made of, each with where it comes from."""

from dataclasses import dataclass
from typing import Literal

Method = Literal["sum", "mean", "none"]
Direction = Literal["better", "worse"]
Level = Literal["low", "moderate", "high"]


@dataclass(frozen=True)
class Source:
    """Where a number comes from.

    Parameters
    ----------
    citation : str
        Authors, year, place.
    verified : bool
        False where the source was not read, or sources differ: a clinician
        confirms the number before it is relied on, and screens say so.
    note : str
        What differs or is not known, in plain words; may be empty.
    """

    citation: str
    verified: bool = True
    note: str = ""


@dataclass(frozen=True)
class Flag:
    """An answer that somebody must look at, whatever the total.

    Parameters
    ----------
    at_least : int
        The item flags at this value and above.
    level : "low", "moderate" or "high"
        How soon; the clinic's own protocol says what follows.
    words : str
        What the answer says, in plain words.
    """

    at_least: int
    level: Level
    words: str


@dataclass(frozen=True)
class AskIf:
    """An item is asked only where another was answered by at least a value."""

    item: str
    at_least: int


@dataclass(frozen=True)
class Group:
    """Items of which only the highest answer counts, as in the QIDS.

    Parameters
    ----------
    id : str
        Name of the domain.
    items : tuple of str
        Ids of its items.
    least : int
        Answers that are needed before the domain counts as answered.
    """

    id: str
    items: tuple[str, ...]
    least: int = 1


@dataclass(frozen=True)
class Scoring:
    """How answers become a total.

    Parameters
    ----------
    method : "sum", "mean" or "none"
        Over items; a group counts as one. "none" gives flags and no total.
    max_missing : int
        So many items (or groups) may be unanswered; each then counts as the mean
        of the answered ones, and a sum is rounded to a whole number, half up.
    missing_source : Source, optional
        Of that rule.
    groups : tuple of Group
        Items of which only the highest counts; all others count by themselves.
    times : int
        The total is multiplied by it (4 in the WHO-5).
    table : tuple of (int, float)
        Raw sum and the total it stands for (T scores of PROMIS); empty means the
        raw sum is the total.
    """

    method: Method = "sum"
    max_missing: int = 0
    missing_source: Source | None = None
    groups: tuple[Group, ...] = ()
    times: int = 1
    table: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True)
class Band:
    """A range of totals with a name: from `at_least` to below the next band."""

    at_least: float
    code: str
    words: str


@dataclass(frozen=True)
class Cluster:
    """Items that make a score of their own, and a symptom count.

    Parameters
    ----------
    id, name : str
    items : tuple of str
        Ids of the items.
    rated_at_least : int
        An item answered by at least this counts as a symptom.
    needed : int
        Symptoms that the provisional rule asks for in this cluster.
    """

    id: str
    name: str
    items: tuple[str, ...]
    rated_at_least: int
    needed: int


@dataclass(frozen=True)
class Mcid:
    """The least change that matters to a patient, in points of the total."""

    points: float
    source: Source


@dataclass(frozen=True)
class Response:
    """A fall (or rise, where higher is better) that counts as a response.

    Parameters
    ----------
    share : float, 0 < share <= 1
        Of the distance between the earlier total and the best possible one.
    source : Source
    """

    share: float
    source: Source


@dataclass(frozen=True)
class Remission:
    """The total that counts as remission: `limit` itself or better."""

    limit: float
    source: Source
