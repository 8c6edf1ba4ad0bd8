"""Scores of clusters, and a rule over their symptoms."""

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.questionnaires.instrument import Instrument
from tracker.questionnaires.rules import Cluster


@dataclass(frozen=True)
class ClusterScore:
    """One cluster of an answered instrument.

    Parameters
    ----------
    id, name : str
    total : int, optional
        None where an item of the cluster is unanswered.
    rated, needed : int, symptoms
        Answered high enough to count, and asked for by the provisional rule.
    met : bool, optional
        None where unanswered items could decide it.
    """

    id: str
    name: str
    total: int | None
    rated: int
    needed: int
    met: bool | None


@dataclass(frozen=True)
class Provisional:
    """Whether the symptoms have the pattern of a provisional rule.

    Parameters
    ----------
    met : bool, optional
        None where unanswered items could decide it.
    words : str
        For information: it says that it is no diagnosis.
    """

    met: bool | None
    words: str


def score_clusters(
    instrument: Instrument, answers: Mapping[str, int | None]
) -> tuple[ClusterScore, ...]:
    """The clusters of `instrument`, in its order; `answers` by item id."""
    return tuple(_score(cluster, answers) for cluster in instrument.clusters)


def _score(cluster: Cluster, answers: Mapping[str, int | None]) -> ClusterScore:
    given = [answers[item] for item in cluster.items]
    known = [answer for answer in given if answer is not None]
    rated = sum(answer >= cluster.rated_at_least for answer in known)
    open_items = len(given) - len(known)
    met: bool | None = None
    if rated >= cluster.needed:
        met = True
    elif rated + open_items < cluster.needed:
        met = False
    return ClusterScore(
        id=cluster.id,
        name=cluster.name,
        total=None if open_items else sum(known),
        rated=rated,
        needed=cluster.needed,
        met=met,
    )


def judge_pattern(
    instrument: Instrument, clusters: tuple[ClusterScore, ...]
) -> Provisional | None:
    """Whether every cluster has the symptoms it needs; None without such a rule."""
    if not instrument.provisional:
        return None
    each = [cluster.met for cluster in clusters]
    if False in each:
        return Provisional(False, f"Not {instrument.provisional}.")
    if None in each:
        words = "Unanswered items decide whether this is"
        return Provisional(None, f"{words} {instrument.provisional}.")
    return Provisional(
        True,
        f"This is {instrument.provisional}. It is no diagnosis: only an interview can "
        "make one.",
    )
