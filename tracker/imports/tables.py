"""From a file of any spreadsheet's dialect to rows of text."""

import csv
import io
from dataclasses import dataclass

MAX_BYTES = 20_000_000
SEPARATORS = ",;\t|"


class Unreadable(Exception):
    """The file as a whole cannot be taken; the text says what to do."""


@dataclass(frozen=True)
class Row:
    """One line of the table; `number` is what the spreadsheet shows."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    columns: list[str]
    rows: list[Row]


def read_table(content: bytes) -> Table:
    """The rows of `content`, blank lines left out.

    Raises
    ------
    Unreadable
        Too large, empty, not text, or without a header.
    """
    if len(content) > MAX_BYTES:
        raise Unreadable(
            f"The file has {len(content) / 1e6:.0f} MB; 20 MB can be taken at once. "
            "Split it by year or by patient."
        )
    text = decode(content)
    if "\x00" in text:
        raise Unreadable("The file holds NUL characters; save it again as CSV (UTF-8).")
    lines = _lines(text) if text.strip() else []
    filled = [
        (number, [cell.strip() for cell in line])
        for number, line in enumerate(lines, 1)
        if any(cell.strip() for cell in line)
    ]
    if len(filled) < 2:
        raise Unreadable("The file has no rows below its header.")
    (_, columns), *rest = filled
    if len(set(columns)) != len(columns):
        twice = sorted({name for name in columns if columns.count(name) > 1})
        raise Unreadable(
            f"These columns stand twice in the header: {', '.join(twice)}."
        )
    return Table(
        columns, [Row(number, _cells(number, columns, line)) for number, line in rest]
    )


def _lines(text: str) -> list[list[str]]:
    source = io.StringIO(text, newline="")
    try:
        return list(csv.reader(source, delimiter=separator(text), strict=True))
    except csv.Error as error:
        raise Unreadable(
            f"The file is broken off or its quotation marks do not match: {error}."
        ) from None


def _cells(number: int, columns: list[str], line: list[str]) -> dict[str, str]:
    if any(line[len(columns) :]):
        raise Unreadable(
            f"Row {number} has more cells than the header has columns. "
            "A text with the separator in it needs quotation marks."
        )
    padded = line + [""] * (len(columns) - len(line))
    return dict(zip(columns, padded, strict=False))


def decode(content: bytes) -> str:
    """UTF-8 with or without a byte-order mark, UTF-16 with one, else Windows."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        raise Unreadable(
            "The file is no text this can read; save it again as CSV (UTF-8)."
        ) from None


def separator(text: str) -> str:
    """What stands between the header's cells."""
    header = text.lstrip().splitlines()[0]
    counts = {mark: header.count(mark) for mark in SEPARATORS}
    best = max(counts, key=lambda mark: counts[mark])
    return best if counts[best] else ","
