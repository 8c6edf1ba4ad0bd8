"""When a patient needs somebody, and why: pure rules over what is known.

The figures are this project's own, to be judged by a clinic; none is a clinical
standard. They are named here once and stamped on everything they find.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from math import ceil
from typing import Any

VERSION = "triage-1"

RED_FLAG, LOST, FADING, EXPECTED, SILENCE = (
    "red_flag",
    "lost",
    "fading",
    "expected",
    "silence",
)
# Smaller comes first.
URGENCY: Mapping[str, int] = {
    RED_FLAG: 0,
    LOST: 10,
    FADING: 20,
    EXPECTED: 30,
    SILENCE: 40,
}
# A red flag is looked for so far back; once found it stays until somebody saw it.
RED_FLAG_DAYS = 30
# Loss is expected when it is likelier than not ...
LIKELY = 0.5
# ... before what is booked, or within so many days where nothing is.
DAYS_AHEAD = 14
# A silence is long when it is longer than nearly all of the person's own, ...
HABIT_SHARE = 0.9
HABIT_TIMES = 1.5
# ... never before so many days, and always after so many.
SHORTEST_SILENCE = 3
LONGEST_SILENCE = 14
HABIT_DAYS = 120


@dataclass(frozen=True)
class Flag:
    """A red-flag side effect as it was reported for a day."""

    date: date
    words: tuple[str, ...]


@dataclass(frozen=True)
class Relief:
    """The newest spell; days count from the last infusion of its series."""

    status: str
    last_infusion: date
    lower: int | None = None
    upper: int | None = None
    pending: int = 0


@dataclass(frozen=True)
class Facts:
    """What the rules look at, of one patient on one diary day.

    `survival` holds the chance that relief is lost after day 0, 1, ... since the
    last infusion, or nothing where there is no outlook to be trusted. `logged` holds
    the days logged lately, oldest first, and `waiting_since` the first day on which
    a log could have been expected.
    """

    today: date
    flags: Sequence[Flag] = ()
    relief: Relief | None = None
    survival: Sequence[float] = ()
    booked_on: date | None = None
    logged: Sequence[date] = ()
    waiting_since: date | None = None


@dataclass(frozen=True)
class Found:
    """A reason to look: `key` names the episode, `detail` what its sentence needs."""

    kind: str
    key: str
    since: date
    detail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def urgency(self) -> int:
        return URGENCY[self.kind]


def find(facts: Facts) -> list[Found]:
    """Every reason there is now, the most urgent first."""
    found = [
        *(_flag(flag) for flag in facts.flags),
        _lost(facts),
        _fading(facts),
        _expected(facts),
        _silence(facts),
    ]
    return sorted(
        (one for one in found if one is not None),
        key=lambda one: (one.urgency, one.since),
    )


def _flag(flag: Flag) -> Found:
    return Found(
        RED_FLAG,
        flag.date.isoformat(),
        flag.date,
        {"date": flag.date.isoformat(), "what": list(flag.words)},
    )


def _lost(facts: Facts) -> Found | None:
    spell = facts.relief
    if spell is None or spell.status != "lost" or spell.upper is None:
        return None
    since = spell.last_infusion + timedelta(days=spell.upper)
    detail = {"lower": spell.lower, "upper": spell.upper}
    return Found(LOST, spell.last_infusion.isoformat(), since, detail)


def _fading(facts: Facts) -> Found | None:
    spell = facts.relief
    if spell is None or spell.status != "holding" or not spell.pending:
        return None
    since = spell.last_infusion + timedelta(days=(spell.lower or 0) + 1)
    return Found(
        FADING,
        f"{spell.last_infusion} {spell.lower}",
        since,
        {"pending": spell.pending, "lower": spell.lower},
    )


def _expected(facts: Facts) -> Found | None:
    """Relief holds, and will probably not hold until the next infusion."""
    spell = facts.relief
    if spell is None or spell.status != "holding" or not facts.survival:
        return None
    until = facts.booked_on or facts.today + timedelta(days=DAYS_AHEAD)
    if until < facts.today:
        return None
    chance = 1 - _survives(facts, spell, until)
    if chance < LIKELY:
        return None
    booked = facts.booked_on and facts.booked_on.isoformat()
    return Found(
        EXPECTED,
        f"{spell.last_infusion} {booked or 'unbooked'}",
        facts.today,
        {"chance": round(chance, 2), "until": until.isoformat(), "booked": booked},
    )


def _survives(facts: Facts, spell: Relief, until: date) -> float:
    day = (until - spell.last_infusion).days
    return float(facts.survival[min(max(day, 0), len(facts.survival) - 1)])


def _silence(facts: Facts) -> Found | None:
    last = facts.logged[-1] if facts.logged else None
    begin = last or facts.waiting_since
    if begin is None:
        return None
    days = (facts.today - begin).days
    habit = usual_gap(facts.logged)
    if days <= longest_usual(habit):
        return None
    return Found(
        SILENCE,
        begin.isoformat() if last else "never",
        begin + timedelta(days=1),
        {"last": last and last.isoformat(), "habit": habit},
    )


def usual_gap(logged: Sequence[date]) -> int | None:
    """Days between logs that nine in ten of the person's own do not exceed.

    None with fewer than eight gaps: there is no habit to compare with yet.
    """
    gaps = sorted((later - earlier).days for earlier, later in pairwise(logged))
    if len(gaps) < 8:
        return None
    return gaps[ceil(HABIT_SHARE * len(gaps)) - 1]


def longest_usual(habit: int | None) -> int:
    """The longest silence that is still nothing to ask about."""
    if habit is None:
        return LONGEST_SILENCE // 2
    allowed = ceil(HABIT_TIMES * habit)
    return min(max(allowed, SHORTEST_SILENCE), LONGEST_SILENCE)
