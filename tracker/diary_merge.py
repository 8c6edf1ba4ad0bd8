"""What becomes of a day that two devices changed: a merge by item, or a question.

Pure: three versions of one day go in, one comes out, or the items that clash.
"""

from dataclasses import dataclass

from tracker.diary_day import DayContent
from tracker.vocabulary import SCORES

ITEMS = (*SCORES, "sleep_hours", "note", "side_effects")
_BLANK = DayContent()


@dataclass(frozen=True)
class Merge:
    """`content` is what both changes give together, unless `clashes` names items
    that both changed, each to something else: then nobody but the writer can say.
    """

    content: DayContent
    clashes: tuple[str, ...] = ()


def merge(base: DayContent | None, stored: DayContent, sent: DayContent) -> Merge:
    """Bring `sent` and `stored` together, both of which began from `base`.

    Parameters
    ----------
    base
        The version the sender had seen; None when it had seen none, or one that
        is not known here (any more): then every filled item counts as changed.
    """
    begun = base or _BLANK
    values, clashes = {}, []
    for item in ITEMS:
        old, here, there = (getattr(day, item) for day in (begun, stored, sent))
        if here == there or there == old:
            values[item] = here
        elif here == old:
            values[item] = there
        else:
            clashes.append(item)
            values[item] = here
    return Merge(DayContent(**values), tuple(clashes))
