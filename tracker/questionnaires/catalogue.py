"""The instruments that come with Respite."""

from collections.abc import Mapping
from types import MappingProxyType

from tracker.questionnaires.gad import GAD7
from tracker.questionnaires.instrument import Instrument
from tracker.questionnaires.pcl5 import PCL5
from tracker.questionnaires.peg import PEG
from tracker.questionnaires.phq import PHQ2, PHQ9

INSTRUMENTS: Mapping[str, Instrument] = MappingProxyType(
    {each.id: each for each in (PHQ9, PHQ2, GAD7, PCL5, PEG)}
)


def find(instrument: Instrument | str) -> Instrument:
    """The instrument of that id; an instrument is its own answer.

    Raises
    ------
    ValueError
        No such instrument comes with Respite; names those that do.
    """
    if isinstance(instrument, Instrument):
        return instrument
    if instrument not in INSTRUMENTS:
        raise ValueError(
            f"instrument must be one of {', '.join(INSTRUMENTS)}, or one that was "
            f"loaded, not {instrument!r}"
        )
    return INSTRUMENTS[instrument]
