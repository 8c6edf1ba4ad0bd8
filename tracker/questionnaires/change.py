"""What a change of a total means, against what is published."""

from dataclasses import dataclass
from typing import Literal

from tracker.questionnaires.catalogue import find
from tracker.questionnaires.instrument import Instrument
from tracker.questionnaires.rules import Source
from tracker.questionnaires.scoring import DECIMALS, check_total

Course = Literal["better", "worse", "same"]

# Totals are kept to two decimals: half of 5.33 is 2.67 then. Possible totals lie
# further apart than this in every instrument.
_CLOSE_ENOUGH = 0.01


@dataclass(frozen=True)
class Change:
    """From an earlier total to a later one.

    Parameters
    ----------
    points : float
        Later minus earlier, on the scale of the instrument.
    course : "better", "worse" or "same"
        What it means for the patient.
    share : float, optional
        Improvement as a share of what could be improved; negative is worse; None
        where nothing could be.
    reaches_mcid : bool, optional
        For the better or for the worse; None where no such change is published.
    response, remission : bool, optional
        None where not published, or a share has no meaning.
    unverified : tuple of Source
        Sources of these answers that a clinician has still to confirm.
    words : tuple of str
        Plain sentences; they inform and make no diagnosis.
    """

    points: float
    course: Course
    share: float | None
    reaches_mcid: bool | None
    response: bool | None
    remission: bool | None
    unverified: tuple[Source, ...]
    words: tuple[str, ...]


def change(instrument: Instrument | str, earlier: float, later: float) -> Change:
    """Compare two totals of one instrument.

    Parameters
    ----------
    instrument : Instrument or str
        Or the id of one that comes with Respite.
    earlier, later : float
        Totals of the same version. For a response `earlier` is the one before the
        series, not the one before this infusion (McInnes et al. 2022, J Affect
        Disord 301:486).

    Returns
    -------
    Change

    Raises
    ------
    ValueError
        Unknown instrument; it gives no total; a total is missing or out of bounds.
    """
    found = find(instrument)
    before = check_total(found, "the earlier total", earlier)
    after = check_total(found, "the later total", later)
    gain = before - after if found.higher_is == "worse" else after - before
    room = _room(found, before)
    answers = (
        _reaches_mcid(found, gain),
        _responds(found, room, gain),
        _remits(found, after),
    )
    rules = (found.mcid, found.response, found.remission)
    pairs = zip(rules, answers, strict=True)
    used = [rule.source for rule, answer in pairs if rule and answer is not None]
    return Change(
        points=round(after - before, DECIMALS),
        course=_course(gain),
        share=gain / room if room else None,
        reaches_mcid=answers[0],
        response=answers[1],
        remission=answers[2],
        unverified=tuple(source for source in used if not source.verified),
        words=_words(found, gain, answers),
    )


def _course(gain: float) -> Course:
    if abs(gain) < _CLOSE_ENOUGH:
        return "same"
    return "better" if gain > 0 else "worse"


def _room(instrument: Instrument, earlier: float) -> float:
    """How far the earlier total could still improve."""
    assert instrument.bounds is not None  # check_total has refused it
    lowest, highest = instrument.bounds
    return earlier - lowest if instrument.higher_is == "worse" else highest - earlier


def _reaches_mcid(instrument: Instrument, gain: float) -> bool | None:
    mcid = instrument.mcid
    return None if mcid is None else abs(gain) > mcid.points - _CLOSE_ENOUGH


def _responds(instrument: Instrument, room: float, gain: float) -> bool | None:
    if instrument.response is None or room == 0:
        return None
    needed = instrument.response.share * room
    return gain > needed - _CLOSE_ENOUGH


def _remits(instrument: Instrument, later: float) -> bool | None:
    if instrument.remission is None:
        return None
    limit = instrument.remission.limit
    return later <= limit if instrument.higher_is == "worse" else later >= limit


def _words(
    instrument: Instrument,
    gain: float,
    answers: tuple[bool | None, bool | None, bool | None],
) -> tuple[str, ...]:
    reaches, responds, remits = answers
    course = _course(gain)
    words = [_course_words(instrument, gain)]
    mcid = instrument.mcid
    if course != "same" and mcid is not None:
        reached = "That reaches" if reaches else "That is less than"
        words.append(
            f"{reached} the {_points(mcid.points)} that patients usually notice."
        )
    elif course != "same":
        words.append("How many points patients notice is not published.")
    if responds and instrument.response is not None:
        share = f"{instrument.response.share:.0%}"
        words.append(f"It is an improvement of at least {share}.")
    if remits:
        words.append("The later total is in the range counted as few or no symptoms.")
    return tuple(words)


def _course_words(instrument: Instrument, gain: float) -> str:
    course = _course(gain)
    if course == "same":
        return f"{instrument.name} has not changed."
    return f"{instrument.name} is {course} by {_points(abs(gain))}."


def _points(amount: float) -> str:
    said = f"{round(amount, 1):g}"
    return f"{said} point" if said == "1" else f"{said} points"
