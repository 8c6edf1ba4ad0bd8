"""Questionnaires as data, their scores and when they are due: pure functions.

`score` turns answers into a total, a band and the answers somebody must look at;
`change` compares two totals; `due` says when an instrument is asked, counted from
each infusion; `as_json` is what a phone needs to ask it. PHQ-9, PHQ-2, GAD-7, PCL-5
and PEG come with Respite; `own_item` makes a clinic's own item and `load` an
instrument from a document the clinic holds the licence of. Nothing here reads a
clock, a file or a setting.
"""

from tracker.questionnaires.catalogue import INSTRUMENTS, find
from tracker.questionnaires.change import Change, change
from tracker.questionnaires.clusters import ClusterScore, Provisional
from tracker.questionnaires.instrument import Instrument, Item, Option
from tracker.questionnaires.load import DOCUMENT_FORMAT, load
from tracker.questionnaires.loinc import is_loinc
from tracker.questionnaires.own import own_item
from tracker.questionnaires.rules import (
    AskIf,
    Band,
    Cluster,
    Flag,
    Group,
    Mcid,
    Remission,
    Response,
    Scoring,
    Source,
)
from tracker.questionnaires.schedule import Due, Plan, due
from tracker.questionnaires.scoring import (
    Completeness,
    Raised,
    Score,
    band_of,
    score,
)
from tracker.questionnaires.straddle import Straddle, straddles
from tracker.questionnaires.text import Text
from tracker.questionnaires.wording import FORMAT, Wording, as_json, wording

__all__ = [
    "DOCUMENT_FORMAT",
    "FORMAT",
    "INSTRUMENTS",
    "AskIf",
    "Band",
    "Change",
    "Cluster",
    "ClusterScore",
    "Completeness",
    "Due",
    "Flag",
    "Group",
    "Instrument",
    "Item",
    "Mcid",
    "Option",
    "Plan",
    "Provisional",
    "Raised",
    "Remission",
    "Response",
    "Score",
    "Scoring",
    "Source",
    "Straddle",
    "Text",
    "Wording",
    "as_json",
    "band_of",
    "change",
    "due",
    "find",
    "is_loinc",
    "load",
    "own_item",
    "score",
    "straddles",
    "wording",
]
