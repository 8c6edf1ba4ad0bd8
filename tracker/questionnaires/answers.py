"""Answers to an instrument, checked against its options."""

from collections.abc import Mapping, Sequence

from tracker.questionnaires.instrument import Instrument, Item


def check_answers(
    instrument: Instrument, answers: Sequence[int | None]
) -> dict[str, int | None]:
    """Answers by item id.

    Parameters
    ----------
    instrument : Instrument
    answers : sequence of int or None
        In item order; None is unanswered.

    Raises
    ------
    ValueError
        Too few or too many; not an integer; not one of the item's options. Names
        the item, the rule and the value.
    """
    if isinstance(answers, str | bytes | Mapping) or not isinstance(answers, Sequence):
        raise ValueError(
            f"{instrument.name}: answers must be a list in the order of the items, "
            f"not {answers!r}"
        )
    if len(answers) != len(instrument.items):
        raise ValueError(
            f"{instrument.name}: answers must be {len(instrument.items)}, one for each "
            f"item and None where there is none, not {len(answers)}"
        )
    pairs = zip(instrument.items, answers, strict=True)
    return {item.id: _checked(instrument, item, answer) for item, answer in pairs}


def _checked(instrument: Instrument, item: Item, answer: object) -> int | None:
    if answer is None:
        return None
    where = f"{instrument.name}, item {item.id}: the answer"
    if isinstance(answer, bool) or not isinstance(answer, int):
        raise ValueError(f"{where} must be a whole number, not {answer!r}")
    if answer not in item.values:
        raise ValueError(f"{where} must be {_range_words(item)}, not {answer!r}")
    return answer


def _range_words(item: Item) -> str:
    values = item.values
    if values == tuple(range(values[0], values[-1] + 1)) and len(values) > 2:
        return f"from {values[0]} to {values[-1]}"
    return "one of " + ", ".join(map(str, values))


def asked_items(
    instrument: Instrument, answers: Mapping[str, int | None]
) -> tuple[Item, ...]:
    """Items that these answers lead to; `ask_if` leaves the others out.

    An item stands while the answer it depends on is open.
    """
    asked: list[Item] = []
    for item in instrument.items:
        gate = item.ask_if
        on = None if gate is None else answers[gate.item]
        if gate is None or on is None or on >= gate.at_least:
            asked.append(item)
    return tuple(asked)
