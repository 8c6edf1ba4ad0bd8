"""Results as CSV and JSON files: all of them, or none."""

import json
import math
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from tracker.relief.command.arguments import Request
from tracker.relief.command.problems import BadInput
from tracker.relief.model import MODEL

if TYPE_CHECKING:
    from tracker.relief.command.run import Result


def refuse_earlier(request: Request, names: Iterable[str]) -> None:
    """Stop before the work begins when results are there already.

    Raises
    ------
    BadInput
        A file would be written over, or the folder is none.
    """
    if request.out.exists() and not request.out.is_dir():
        raise BadInput(f"--out: must be a folder, was {str(request.out)!r}")
    there = [name for name in names if (request.out / name).exists()]
    if there and not request.force:
        raise BadInput(
            f"--out: must hold no earlier results unless --force is given, "
            f"was {str(request.out)!r} with {', '.join(there)}"
        )


def tables(result: "Result") -> dict[str, str]:
    """Text of each table by its file's name."""
    frames = {"spells": result.spells, "curves": curves(result)}
    if result.outlook is not None:
        frames["forecasts"] = result.outlook
    files = {}
    for name, frame in frames.items():
        if "csv" in result.request.formats:
            files[f"{name}.csv"] = frame.to_csv(index=False, lineterminator="\n")
        if "json" in result.request.formats:
            files[f"{name}.json"] = _json(result, name, frame)
    return files


def curves(result: "Result") -> pd.DataFrame:
    """Kaplan-Meier with its two bounds and the corrected curve, by day."""
    frame = result.curve.merge(result.band, on="day", how="outer")
    if result.corrected is not None:
        corrected = result.corrected.rename(
            columns=lambda name: name if name == "day" else f"corrected_{name}"
        )
        frame = frame.merge(corrected, on="day", how="outer")
    return frame.sort_values("day", ignore_index=True)


def _json(result: "Result", name: str, frame: pd.DataFrame) -> str:
    criteria = result.request.criteria
    document: dict[str, Any] = {
        "criteria_version": criteria.version,
        "criteria": asdict(criteria),
        "as_of": None if result.as_of is None else f"{result.as_of:%Y-%m-%d}",
        name: [
            {column: _plain(value) for column, value in row.items()}
            for row in frame.to_dict("records")
        ],
    }
    if name == "forecasts":
        document |= {"model": MODEL, "booking_rule": asdict(result.request.rule)}
        for row, survival in zip(
            document[name], frame.attrs["survival"].tolist(), strict=True
        ):
            row["survival"] = [_plain(value) for value in survival]
    return json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _plain(value: Any) -> Any:
    """A cell as JSON knows it: null for what is missing, "inf" for never seen."""
    if value is None or value is pd.NaT:
        return None
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else "inf"
    return value


def write(request: Request, files: Mapping[str, str]) -> None:
    """Write beside the folder first, then move: nobody sees half a result.

    Raises
    ------
    BadInput
        The folder cannot be written to.
    """
    try:
        _write(request.out, files)
    except OSError as problem:
        raise BadInput(
            f"--out: must be a folder that can be written to, "
            f"was {str(request.out)!r}: {problem.strerror}"
        ) from None


def _write(out: Path, files: Mapping[str, str]) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    waiting = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        for name, text in files.items():
            (waiting / name).write_text(text, encoding="utf-8", newline="\n")
        out.mkdir(exist_ok=True)
        for name in files:
            os.replace(waiting / name, out / name)  # noqa: PTH105 - replaces on Windows too
    finally:
        shutil.rmtree(waiting)
