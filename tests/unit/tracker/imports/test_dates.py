from datetime import date

import pytest

from tracker.imports.dates import BadDate, decide_order, parse
from tracker.imports.tables import Unreadable


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["03/04/2026", "25/04/2026"], "dmy"),
        (["03/04/2026", "04/25/2026"], "mdy"),
        (["2026-04-03"], "ymd"),
        (["3.4.26", "25.4.26"], "dmy"),
        (["nonsense", "25-4-2026"], "dmy"),
        ([], "ymd"),
    ],
)
def test_order_is_decided_by_the_unambiguous_rows(cells, order):
    assert decide_order(cells) == order


def test_contradicting_dates_are_refused():
    with pytest.raises(Unreadable, match="day first"):
        decide_order(["25/04/2026", "04/25/2026"])


def test_wholly_ambiguous_dates_are_refused():
    with pytest.raises(Unreadable, match="--date-order"):
        decide_order(["03/04/2026", "05/06/2026"])


@pytest.mark.parametrize(
    ("cell", "order", "expected"),
    [
        ("3/4/2026", "dmy", date(2026, 4, 3)),
        ("3/4/2026", "mdy", date(2026, 3, 4)),
        ("29.02.2028", "dmy", date(2028, 2, 29)),
        ("3-4-26", "dmy", date(2026, 4, 3)),
        ("2026/4/3", "ymd", date(2026, 4, 3)),
    ],
)
def test_cell_is_read_in_the_files_order(cell, order, expected):
    assert parse(cell, order) == expected


@pytest.mark.parametrize("cell", ["30/02/2026", "", "yesterday", "1/1/1", "٣/٤/٢٠٢٦"])
def test_no_date_is_refused(cell):
    with pytest.raises(BadDate):
        parse(cell, "dmy")


def test_spreadsheet_serial_gets_a_hint():
    with pytest.raises(BadDate, match="format the column"):
        parse("46115", "dmy")
