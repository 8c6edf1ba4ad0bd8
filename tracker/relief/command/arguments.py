"""What the command is asked to do."""

import argparse
import dataclasses
import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracker.relief.command.problems import BadInput
from tracker.relief.criteria import HIGHER_IS, PRESETS, Criteria
from tracker.relief.outlook import BookingRule
from tracker.relief.survival import Weights

FORMATS = {"csv": ("csv",), "json": ("json",), "both": ("csv", "json")}

DESCRIPTION = (
    "How long relief lasts after each series of infusions, from a diary and a list of "
    "infusions. Prints each patient's outlook and writes spells, forecasts, curves and "
    "a report that opens in any browser without a network."
)


@dataclass(frozen=True)
class Request:
    """The command's arguments, checked."""

    diary: Path
    infusions: Path
    criteria: Criteria
    rule: BookingRule
    as_of: datetime.date | None
    weights: Weights
    out: Path
    formats: tuple[str, ...]
    report: bool
    quiet: bool
    force: bool


def parse(arguments: Sequence[str] | None = None) -> Request:
    """The request in these words, or those of the command line.

    Raises
    ------
    BadInput
        A choice breaks its rule.
    SystemExit
        A word is not understood, or help was asked for.
    """
    given = _parser().parse_args(arguments)
    try:
        criteria = _criteria(given)
        rule = BookingRule(
            cost_early=given.cost_early,
            cost_late=given.cost_late,
            min_interval_days=given.min_interval,
        )
    except ValueError as problem:
        raise BadInput(str(problem)) from None
    return Request(
        diary=given.diary,
        infusions=given.infusions,
        criteria=criteria,
        rule=rule,
        as_of=given.as_of,
        weights=given.weights,
        out=given.out or given.diary.parent / f"relief-{given.item}",
        formats=FORMATS[given.format],
        report=not given.no_report,
        quiet=given.quiet,
        force=given.force,
    )


def _criteria(given: argparse.Namespace) -> Criteria:
    criteria = Criteria.for_item(given.item, given.preset)
    if given.higher_is is None:
        return criteria
    return dataclasses.replace(criteria, higher_is=given.higher_is)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tracker.relief", description=DESCRIPTION
    )
    add: Any = parser.add_argument
    add("diary", type=Path, help="CSV: patient_id, date, one column an item")
    add("infusions", type=Path, help="CSV: patient_id, date; where known end_date, "
        "course, agent, route, dose_mg, mg_per_kg, unfinished")  # fmt: skip
    add("--item", required=True, choices=sorted(HIGHER_IS), help="what relief is of")
    add("--preset", choices=sorted(PRESETS), help="when relief begins and is lost")
    add("--higher-is", choices=("better", "worse"), help="what a higher score means")
    add("--as-of", type=_day, metavar="DATE", help="leave out what came after this day")
    add("--weights", choices=("infusion", "patient"), default="infusion",
        help="whether each spell counts once in the curves, or each patient")  # fmt: skip
    usual = BookingRule()
    add("--cost-early", type=float, default=usual.cost_early, metavar="COST",
        help="cost of a booster given too early (%(default)s)")  # fmt: skip
    add("--cost-late", type=float, default=usual.cost_late, metavar="COST",
        help="cost of one given too late (%(default)s)")  # fmt: skip
    add("--min-interval", type=int, default=usual.min_interval_days, metavar="DAYS",
        help="no window begins sooner after an infusion (%(default)s)")  # fmt: skip
    add("--out", type=Path, metavar="FOLDER",
        help="where results go (relief-ITEM beside the diary)")  # fmt: skip
    add("--format", choices=sorted(FORMATS), default="both", help="kinds of tables")
    add("--no-report", action="store_true", help="write no HTML report")
    add("--quiet", action="store_true", help="show no progress")
    add("--force", action="store_true", help="write over earlier results")
    return parser


def _day(text: str) -> datetime.date:
    try:
        return datetime.datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"must be a date as 2026-03-01, was {text!r}"
        ) from None
