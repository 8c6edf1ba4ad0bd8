import pytest

from tracker.imports.tables import Unreadable, read_table

ROWS = [{"date": "2026-01-02", "note": "a, b\nc"}, {"date": "2026-01-03", "note": "ñ"}]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(
            'date,note\n2026-01-02,"a, b\nc"\n2026-01-03,ñ\n'.encode(), id="utf-8"
        ),
        pytest.param(
            b"\xef\xbb\xbf"
            + 'date;note\n2026-01-02;"a, b\nc"\n2026-01-03;ñ\n'.encode(),
            id="byte-order-mark-and-semicolons",
        ),
        pytest.param(
            'date\tnote\r\n2026-01-02\t"a, b\nc"\r\n\r\n2026-01-03\tñ\r\n'.encode(
                "utf-16"
            ),
            id="utf-16-and-tabs",
        ),
        pytest.param(
            'date;note\n2026-01-02;"a, b\nc"\n;;\n2026-01-03;ñ'.replace(
                ";;", ";"
            ).encode("cp1252"),
            id="windows-and-blank-lines",
        ),
    ],
)
def test_same_rows_whatever_the_dialect(content):
    table = read_table(content)

    assert [row.cells for row in table.rows] == ROWS


def test_row_numbers_are_the_spreadsheets():
    table = read_table(b"date,mood\n\n2026-01-02,5\n")

    assert [row.number for row in table.rows] == [3]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        pytest.param(b"", "no rows", id="empty"),
        pytest.param(b"date,mood\n", "no rows", id="header-only"),
        pytest.param(b"date,mood,mood\n1,2,3\n", "twice", id="column-twice"),
        pytest.param(b"date,mood\n2026-01-02,5,6\n", "Row 2", id="too-many-cells"),
        pytest.param(b"date,mood\na\x00,5\n", "NUL", id="nul"),
        pytest.param(b'date,note\n2026-01-02,"open', "quotation", id="open-quote"),
        pytest.param(b"x" * 20_000_001, "20 MB", id="too-large"),
    ],
)
def test_unreadable_file_says_why(content, word):
    with pytest.raises(Unreadable, match=word):
        read_table(content)
