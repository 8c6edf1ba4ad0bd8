"""The command from its request to its written results."""

from dataclasses import dataclass

import pandas as pd

from tracker.relief.command import summary
from tracker.relief.command.arguments import Request
from tracker.relief.command.progress import Say, stages
from tracker.relief.command.read import read_diary, read_infusions
from tracker.relief.command.report import report
from tracker.relief.command.write import refuse_earlier, tables, write
from tracker.relief.completed import relief_distribution
from tracker.relief.model import ReliefModel
from tracker.relief.outlook import make_outlook
from tracker.relief.spells import find_spells
from tracker.relief.survival import bounds, kaplan_meier

STAGES = 5


@dataclass(frozen=True)
class Result:
    """Everything the tables and the report show.

    `model`, `corrected` and `outlook` are None where the item is not scored daily:
    the model knows daily scores alone.
    """

    request: Request
    diary: pd.DataFrame
    infusions: pd.DataFrame
    spells: pd.DataFrame
    curve: pd.DataFrame
    band: pd.DataFrame
    model: ReliefModel | None
    corrected: pd.DataFrame | None
    outlook: pd.DataFrame | None

    @property
    def as_of(self) -> pd.Timestamp | None:
        """Last day looked at; None when both files are empty."""
        if self.request.as_of is not None:
            return pd.Timestamp(self.request.as_of)
        last = pd.concat(
            [self.diary["date"], self.infusions["date"], *self._ends()]
        ).max()
        return None if pd.isna(last) else last

    def _ends(self) -> list[pd.Series]:
        known = "end_date" in self.infusions
        return [self.infusions["end_date"]] if known else []


def run(request: Request) -> str:
    """Read, estimate and write; what to print.

    Raises
    ------
    BadInput
        A file cannot be used, or results are there already.
    """
    names = [f"{name}.{kind}" for name in _names(request) for kind in request.formats]
    refuse_earlier(request, [*names, *(["report.html"] if request.report else [])])
    with stages(STAGES, quiet=request.quiet) as say:
        result = estimate(request, say)
        say("Writing")
        files = tables(result)
        if request.report:
            files["report.html"] = report(result)
        write(request, files)
    return summary.text(result, sorted(files))


def _names(request: Request) -> tuple[str, ...]:
    daily = request.criteria.every_days == 1
    return ("spells", "curves", "forecasts") if daily else ("spells", "curves")


def estimate(request: Request, say: Say) -> Result:
    """The same functions on the files that the application calls on its records."""
    criteria, as_of, weights = request.criteria, request.as_of, request.weights
    say("Reading")
    diary = read_diary(request.diary, criteria)
    infusions = read_infusions(request.infusions)
    say("Finding spells")
    spells = find_spells(diary, infusions, criteria, as_of)
    curve = kaplan_meier(spells, weights)
    band = bounds(spells, weights)
    model = corrected = outlook = None
    if criteria.every_days == 1:
        say("Fitting the model")
        model = ReliefModel.fit(diary, infusions, criteria, as_of)
        say("Forecasting")
        corrected = relief_distribution(model, diary, infusions, as_of, weights)
        outlook = make_outlook(model, diary, infusions, as_of, request.rule)
    return Result(
        request, diary, infusions, spells, curve, band, model, corrected, outlook
    )
