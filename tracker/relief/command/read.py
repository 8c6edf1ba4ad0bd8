"""From a CSV file of any spreadsheet's dialect to a frame, with the place of errors."""

import csv
import io
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tracker.imports.columns import ALIASES, plain
from tracker.imports.tables import Unreadable, decode, separator
from tracker.relief.command.problems import BadInput
from tracker.relief.criteria import Criteria

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)", re.ASCII)
_FLAGS = {"": False, "0": False, "no": False, "false": False,
          "1": True, "yes": True, "true": True}  # fmt: skip
_PATIENT = ("patient id", *ALIASES["patient"])
_DAY = ("date", *ALIASES["date"])


class _BadCell(ValueError):
    """One cell breaks a rule; the text says which."""


@dataclass(frozen=True)
class _Column:
    """A column to be read: its names in files, its kind and whether it must be."""

    name: str
    also: tuple[str, ...]
    read: Callable[[str], Any]
    dtype: str
    needed: bool = False


def read_diary(path: Path, criteria: Criteria) -> pd.DataFrame:
    """Logged days as `tracker.relief.find_spells` takes them.

    Raises
    ------
    BadInput
        The file cannot be read, or a cell breaks its rule.
    """
    items = [
        _Column(item, ALIASES.get(item, ()), _score(criteria), "float64", True)
        for item in criteria.columns
    ]
    late = _Column("late", (), _flag, "bool")
    table = _read(path, [*_KEY, *items, late])
    _refuse_twice(path, table)
    return table.frame


def read_infusions(path: Path) -> pd.DataFrame:
    """Infusions as `tracker.relief.find_spells` takes them.

    Raises
    ------
    BadInput
        The file cannot be read, or a cell breaks its rule.
    """
    table = _read(path, [*_KEY, *_OF_INFUSIONS])
    if "end_date" in table.frame:
        early = table.frame["end_date"] < table.frame["date"]
        for row in np.flatnonzero(early)[:1]:
            end = table.frame["end_date"].iloc[row].date()
            where = (path, table.lines[row], "end_date")
            raise _at(*where, f"must not be before the date, was {end}")
    return table.frame


@dataclass(frozen=True)
class _Table:
    frame: pd.DataFrame
    lines: list[int]


def _read(path: Path, columns: Sequence[_Column]) -> _Table:
    try:
        text = decode(path.read_bytes())
        reader = csv.reader(
            io.StringIO(text, newline=""),
            delimiter=separator(text) if text.strip() else ",",
            strict=True,
        )
        return _rows(path, reader, columns)
    except OSError as problem:
        raise BadInput(f"{path}: cannot be read: {problem.strerror}") from None
    except (Unreadable, UnicodeError, csv.Error) as problem:
        raise BadInput(f"{path}: {problem}") from None


def _rows(path: Path, reader: Any, columns: Sequence[_Column]) -> _Table:
    header = next((row for row in reader if any(map(str.strip, row))), None)
    if header is None:
        raise BadInput(f"{path}: must have a header line, the file is empty")
    places = _places(path, header, columns)
    values: dict[str, list[Any]] = {column.name: [] for column, _ in places}
    lines: list[int] = []
    for row in reader:
        if not any(map(str.strip, row)):
            continue
        if any(map(str.strip, row[len(header) :])):
            raise BadInput(
                f"{path}, line {reader.line_num}: must have {len(header)} cells, "
                f"was {len(row)}"
            )
        lines.append(reader.line_num)
        for column, place in places:
            cell = row[place].strip() if place < len(row) else ""
            try:
                values[column.name].append(column.read(cell))
            except _BadCell as problem:
                where = (path, reader.line_num, header[place].strip())
                raise _at(*where, str(problem)) from None
    kinds: dict[Any, Any] = {column.name: column.dtype for column, _ in places}
    frame = pd.DataFrame(values, dtype=object).astype(kinds)
    return _Table(frame, lines)


def _places(
    path: Path, header: Sequence[str], columns: Sequence[_Column]
) -> list[tuple[_Column, int]]:
    names = [plain(cell.strip()) for cell in header]
    places = []
    for column in columns:
        known = {plain(column.name), *column.also}
        found = [place for place, name in enumerate(names) if name in known]
        if len(found) > 1:
            both = " and ".join(repr(header[place]) for place in found)
            raise BadInput(
                f"{path}, line 1, column {column.name}: must stand once, was {both}"
            )
        if not found and column.needed:
            raise BadInput(
                f"{path}, line 1, column {column.name}: must be there, "
                f"was {', '.join(header)}"
            )
        places += [(column, place) for place in found]
    return places


def _refuse_twice(path: Path, table: _Table) -> None:
    key = table.frame[["patient_id", "date"]]
    for row in np.flatnonzero(key.duplicated())[:1]:
        first = np.flatnonzero((key == key.iloc[row]).all(axis=1))[0]
        day = key["date"].iloc[row].date()
        rule = f"must stand once a patient, was {day} on line {table.lines[first]} too"
        raise _at(path, table.lines[row], "date", rule)


def _at(path: Path, line: int, column: str, rule: str) -> BadInput:
    return BadInput(f"{path}, line {line}, column {column}: {rule}")


def _name(cell: str) -> str:
    if not cell:
        raise _BadCell("must name a patient, was blank")
    return cell


def _day(cell: str) -> date:
    try:
        if _DATE.fullmatch(cell):
            return date.fromisoformat(cell)
    except ValueError:
        pass
    raise _BadCell(f"must be a date as 2026-03-01, was {cell[:80]!r}")


def _day_or_blank(cell: str) -> date | None:
    return _day(cell) if cell else None


def _text(cell: str) -> str | None:
    return cell or None


def _number(cell: str) -> float:
    if not cell:
        return math.nan
    if not _NUMBER.fullmatch(cell):
        raise _BadCell(f"must be a number, was {cell[:80]!r}")
    return float(cell.replace(",", "."))


def _amount(cell: str) -> float:
    amount = _number(cell)
    if amount <= 0:
        raise _BadCell(f"must be above 0, was {cell[:80]!r}")
    return amount


def _score(criteria: Criteria) -> Callable[[str], float]:
    def read(cell: str) -> float:
        score = _number(cell)
        if score < 0 or score > criteria.scale_max:
            raise _BadCell(
                f"must lie in 0 to {criteria.scale_max:g}, was {cell[:80]!r}"
            )
        return score

    return read


def _flag(cell: str) -> bool:
    if cell.casefold() not in _FLAGS:
        raise _BadCell(f"must be yes or no, was {cell[:80]!r}")
    return _FLAGS[cell.casefold()]


_KEY = (
    _Column("patient_id", _PATIENT, _name, "object", True),
    _Column("date", _DAY, _day, "datetime64[us]", True),
)
_OF_INFUSIONS = (
    _Column("end_date", (), _day_or_blank, "datetime64[us]"),
    _Column("course", (), _text, "object"),
    _Column("agent", ("drug",), _text, "object"),
    _Column("route", (), _text, "object"),
    _Column("dose_mg", ("dose", "mg"), _amount, "float64"),
    _Column("mg_per_kg", ("mg/kg",), _amount, "float64"),
    _Column("unfinished", (), _flag, "bool"),
)
