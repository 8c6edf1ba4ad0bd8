"""A clinic's spreadsheet, from a dry run to a second run that changes nothing."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tracker.models import AuditEvent, DiaryEntry, Revision

SHEET = """Historia;Fecha;Ánimo;Ansiedad;Dolor;Calidad del sueño;Horas de sueño;Notas;Efectos
A-1;25/03/2026;7,0;3;;6;7,5;Bien;ninguno
A-1;26/03/2026;;;4;;;;náusea moderada
A-1;27/03/2026;5;;;;;"Dos
líneas";nausea:2; headache
"""
# The last row's side effects hold the separator and so need quotation marks.
GOOD = SHEET.replace("náusea moderada", "").replace(
    "nausea:2; headache", '"nausea:2; headache"'
)


@pytest.fixture
def sheet(tmp_path):
    def write(text: str | bytes) -> str:
        path = tmp_path / "diary.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    return write


@pytest.fixture
def ana_with_number(ana):
    ana.reference = "A-1"
    ana.save()
    return ana


def run(path: str, user, *options: str) -> str:
    out = StringIO()
    call_command("import_diary", path, "--by", user.email, *options, stdout=out)
    return out.getvalue()


def test_dry_run_stores_nothing_and_says_what_it_would_do(
    ana_with_number, nurse_nora, sheet
):
    said = run(sheet(GOOD), nurse_nora)

    assert "3 days to add, 0 to change, 0 already there, 0 rows refused" in said
    assert not DiaryEntry.objects.exists()


def test_applied_sheet_is_stored_as_imported(ana_with_number, nurse_nora, sheet):
    run(sheet(GOOD), nurse_nora, "--apply")

    first, second, third = DiaryEntry.objects.order_by("date")
    assert (first.mood, first.pain, first.sleep_hours) == (7, None, 7.5)
    assert (first.side_effects, second.side_effects) == ([], None)
    assert third.note == "Dos\nlíneas"
    assert third.side_effects == [
        {"code": "headache", "severity": 1},
        {"code": "nausea", "severity": 2},
    ]
    assert {entry.source for entry in (first, second, third)} == {"import"}
    assert first.written_by == nurse_nora
    assert AuditEvent.objects.filter(action="write", subject="diary").count() == 3


def test_second_run_changes_nothing_and_says_so(ana_with_number, nurse_nora, sheet):
    run(sheet(GOOD), nurse_nora, "--apply")
    revisions = Revision.objects.count()

    said = run(sheet(GOOD), nurse_nora, "--apply")

    assert "3 already there" in said
    assert "nothing was changed" in said
    assert Revision.objects.count() == revisions


BAD_ROWS = {
    "A-1;25/03/2026;7,5;": "whole number",
    "A-1;25/03/2026;eleven;": "not a number",
    "A-1;31/02/2026;5;": "not a date",
    "A-1;25/03/2999;5;": "still to come",
    "A-1;25/03/1901;5;": "too far back",
    "A-9;25/03/2026;5;": "There is no patient",
    "A-1;25/03/2026;;": "Nothing is filled in",
    "A-1;25/03/2026;5;joy:2": "vocabulary",
    "A-1;25/03/2026;5;nausea:9": "Severity",
}


@pytest.mark.parametrize(("row", "why"), BAD_ROWS.items(), ids=BAD_ROWS.values())
def test_bad_row_is_named_and_the_good_ones_go_through(
    ana_with_number, nurse_nora, sheet, row, why
):
    text = f"patient;date;mood;side effects\n{row}\nA-1;26/03/2026;5;\n"

    said = run(sheet(text), nurse_nora, "--apply")

    assert "Row 2" in said
    assert why in said
    assert DiaryEntry.objects.get().date.day == 26


def test_strict_stores_nothing_when_a_row_is_refused(
    ana_with_number, nurse_nora, sheet
):
    text = "patient;date;mood\nA-1;25/03/2026;11\nA-1;26/03/2026;5\n"

    with pytest.raises(CommandError, match="nothing stored"):
        run(sheet(text), nurse_nora, "--apply", "--strict")
    assert not DiaryEntry.objects.exists()


def test_same_day_twice_in_the_file_names_both_rows(ana_with_number, nurse_nora, sheet):
    text = "patient;date;mood\nA-1;25/03/2026;5\nA-1;25/03/2026;6\n"

    assert "Row 3, date: Row 2 holds the same day" in run(sheet(text), nurse_nora)


def test_unknown_column_is_refused_with_what_to_do(ana_with_number, nurse_nora, sheet):
    text = "patient;date;mood;weather\nA-1;25/03/2026;5;rain\n"

    with pytest.raises(CommandError, match=r"weather.*--map"):
        run(sheet(text), nurse_nora)
    assert "1 days to add" in run(sheet(text), nurse_nora, "--ignore-unknown")


def test_sheet_of_one_patient_needs_no_patient_column(ana, nurse_nora, sheet):
    said = run(
        sheet("Day,How it was\n2026-03-25,5\n"),
        nurse_nora,
        f"--patient={ana.pk}",
        "--map=How it was=mood",
        "--apply",
    )

    assert "1 days stored" in said
    assert DiaryEntry.objects.get().mood == 5


def test_clinician_of_another_clinic_reaches_nobody_here(
    ana_with_number, dr_dane, sheet
):
    said = run(sheet(GOOD), dr_dane, "--apply")

    assert "3 rows refused" in said
    assert not DiaryEntry.objects.exists()


def test_administrator_cannot_import(ana_with_number, admin_abe, sheet):
    with pytest.raises(CommandError, match="treats nobody"):
        run(sheet(GOOD), admin_abe)
