"""A clinic's own single item, from 0 to 10."""

from collections.abc import Mapping

from tracker.questionnaires.instrument import Instrument, Item, Option
from tracker.questionnaires.rules import Direction, Flag, Mcid, Scoring, Source
from tracker.questionnaires.text import Text

HIGHEST = 10


def own_item(
    id: str,
    *,
    version: str,
    title: Mapping[str, str],
    question: Mapping[str, str],
    lowest: Mapping[str, str],
    highest: Mapping[str, str],
    higher_is: Direction,
    instructions: Mapping[str, str] | None = None,
    recall_days: int = 1,
    min_interval_days: int | None = None,
    mcid_points: float | None = None,
    mcid_source: Source | None = None,
    flags: tuple[Flag, ...] = (),
) -> Instrument:
    """An instrument of one item from 0 to 10, in the clinic's own words.

    Parameters
    ----------
    id, version : str
        As in `Instrument`.
    title, question, lowest, highest : mapping of str to str
        Texts by language; `lowest` and `highest` say what 0 and 10 mean.
    higher_is : "worse" or "better"
    instructions : mapping, optional
        Read before the question; the title where there are none.
    recall_days, min_interval_days : int, days
        How far back it asks, and the least time between fillings (the recall
        period where not given).
    mcid_points : float, optional
        The least change that matters, in points.
    mcid_source : Source, optional
        Of it; without one it counts as the clinic's own choice, not verified.
    flags : tuple of Flag

    Returns
    -------
    Instrument
        Its total is the answer.

    Raises
    ------
    ValueError
        As `Instrument`: names the field, the rule and the value.
    """
    own = Source("The clinic's own", verified=False)
    item = Item(
        id="1",
        text=Text.from_mapping(question),
        options=tuple(Option(value) for value in range(HIGHEST + 1)),
        anchors=(Text.from_mapping(lowest), Text.from_mapping(highest)),
        flags=flags,
    )
    return Instrument(
        id=id,
        version=version,
        title=Text.from_mapping(title),
        instructions=Text.from_mapping(instructions or title),
        items=(item,),
        recall_days=recall_days,
        min_interval_days=(
            recall_days if min_interval_days is None else min_interval_days
        ),
        scoring=Scoring(),
        licence="The clinic's own words.",
        source=own,
        higher_is=higher_is,
        mcid=None if mcid_points is None else Mcid(mcid_points, mcid_source or own),
        notes=("An item of the clinic's own: no published bands or norms.",),
    )
