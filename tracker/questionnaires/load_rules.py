"""The scoring of an instrument, read from a parsed document."""

from tracker.questionnaires.checks import refuse
from tracker.questionnaires.fields import Fields, check_number, check_whole
from tracker.questionnaires.rules import (
    Band,
    Cluster,
    Group,
    Mcid,
    Remission,
    Response,
    Scoring,
    Source,
)


def read_source(fields: Fields, key: str = "source") -> Source:
    """Where a number comes from; `verified` must be said, never supposed."""
    path = fields.where(key)
    source = Fields.of(fields.raw(key), path, allowed="citation verified note")
    return Source(
        citation=source.string("citation"),
        verified=source.flag("verified"),
        note=source.string("note", ""),
    )


def read_scoring(fields: Fields) -> Scoring:
    """The field `scoring`."""
    allowed = "method max_missing missing_source groups times table"
    scoring = Fields.of(fields.raw("scoring"), "scoring", allowed=allowed)
    missing = scoring.whole("max_missing", 0)
    sourced = missing or scoring.raw("missing_source", None) is not None
    return Scoring(
        method=scoring.choice("method", ("sum", "mean", "none")),
        max_missing=missing,
        missing_source=read_source(scoring, "missing_source") if sourced else None,
        groups=_read_groups(scoring),
        times=scoring.whole("times", 1),
        table=_read_table(scoring),
    )


def _read_groups(scoring: Fields) -> tuple[Group, ...]:
    groups = []
    for place, value in enumerate(scoring.items("groups", ()), start=1):
        path = f"scoring.groups.{place}"
        group = Fields.of(value, path, allowed="id items least")
        groups.append(
            Group(
                id=group.string("id"),
                items=group.strings("items"),
                least=group.whole("least", 1),
            )
        )
    return tuple(groups)


def _read_table(scoring: Fields) -> tuple[tuple[int, float], ...]:
    table = []
    for place, row in enumerate(scoring.items("table", ()), start=1):
        path = f"scoring.table.{place}"
        if not isinstance(row, list | tuple) or len(row) != 2:
            refuse(path, "be a pair of raw sum and total", row)
        raw, total = row
        check_whole(path, raw)
        check_number(path, total)
        table.append((raw, total))
    return tuple(table)


def read_bands(fields: Fields) -> tuple[Band, ...]:
    """The field `bands`."""
    bands = []
    for place, value in enumerate(fields.items("bands", ()), start=1):
        band = Fields.of(value, f"bands.{place}", allowed="at_least code words")
        bands.append(
            Band(
                at_least=band.number("at_least"),
                code=band.string("code"),
                words=band.string("words"),
            )
        )
    return tuple(bands)


def read_clusters(fields: Fields) -> tuple[Cluster, ...]:
    """The field `clusters`."""
    clusters = []
    allowed = "id name items rated_at_least needed"
    for place, value in enumerate(fields.items("clusters", ()), start=1):
        cluster = Fields.of(value, f"clusters.{place}", allowed=allowed)
        clusters.append(
            Cluster(
                id=cluster.string("id"),
                name=cluster.string("name"),
                items=cluster.strings("items"),
                rated_at_least=cluster.whole("rated_at_least"),
                needed=cluster.whole("needed"),
            )
        )
    return tuple(clusters)


def read_mcid(fields: Fields) -> Mcid | None:
    """The field `mcid`."""
    rule = _rule(fields, "mcid", "points")
    return None if rule is None else Mcid(rule.number("points"), read_source(rule))


def read_response(fields: Fields) -> Response | None:
    """The field `response`."""
    rule = _rule(fields, "response", "share")
    return None if rule is None else Response(rule.number("share"), read_source(rule))


def read_remission(fields: Fields) -> Remission | None:
    """The field `remission`."""
    rule = _rule(fields, "remission", "limit")
    return None if rule is None else Remission(rule.number("limit"), read_source(rule))


def _rule(fields: Fields, key: str, number: str) -> Fields | None:
    value = fields.raw(key, None)
    if value is None:
        return None
    return Fields.of(value, key, allowed=f"{number} source")
