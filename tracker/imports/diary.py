"""A clinic's diary table, row by row through the one action that saves days."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from tracker.access import DiaryPatient, diary_patient, patients_visible_to
from tracker.actions import check_window, save_day
from tracker.diary_day import Day, parse_day
from tracker.imports import dates
from tracker.imports.columns import map_columns, plain
from tracker.imports.rows import payload_of
from tracker.imports.tables import Row, Table, Unreadable
from tracker.models import Clinic, DiaryEntry, Patient, SideEffectTerm, User
from tracker.problems import Problem, Refused, one
from tracker.vocabulary import Source


@dataclass(frozen=True)
class Choices:
    """What the person importing has said."""

    clinic: Clinic
    patient: Patient | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    ignore_unknown: bool = False
    date_order: str = ""


@dataclass(frozen=True)
class Ready:
    """A row that can be stored."""

    row: Row
    patient: DiaryPatient
    on: date
    day: Day
    outcome: str


@dataclass
class Plan:
    """What an import would do."""

    ready: list[Ready] = field(default_factory=list)
    refused: list[tuple[int, str, Problem]] = field(default_factory=list)

    def count(self, outcome: str) -> int:
        return sum(1 for ready in self.ready if ready.outcome == outcome)

    @property
    def refused_rows(self) -> int:
        return len({number for number, _, _ in self.refused})


def plan_import(table: Table, user: User, choices: Choices, *, now: datetime) -> Plan:
    """Look at every row without storing anything.

    Raises
    ------
    Unreadable
        The table as a whole cannot be taken.
    """
    mapped = map_columns(table.columns, choices.mapping)
    if mapped.unknown and not choices.ignore_unknown:
        raise Unreadable(
            f"These columns are not known: {', '.join(mapped.unknown)}. Name them with "
            "--map COLUMN=item, or leave them out with --ignore-unknown."
        )
    columns = {item: column for column, item in mapped.items.items()}
    if "patient" not in columns and choices.patient is None:
        raise Unreadable(
            "No column says whose day it is. Add one with the record number or e-mail, "
            "or name the one patient with --patient."
        )
    order = choices.date_order or dates.decide_order(
        row.cells[columns["date"]] for row in table.rows
    )
    reader = _Reader(user, choices, columns, order, now)
    plan = Plan()
    for row in table.rows:
        reader.add(row, plan)
    _say_what_happens(plan)
    return plan


class _Reader:
    """Turns rows into days; knows the clinic's patients and the vocabulary."""

    def __init__(
        self,
        user: User,
        choices: Choices,
        columns: Mapping[str, str],
        order: str,
        now: datetime,
    ) -> None:
        self.user, self.choices, self.columns = user, choices, columns
        self.order, self.now = order, now
        self.patients = self._patients()
        self.terms = _terms()
        self.codes = frozenset(self.terms.values())
        self.known: dict[UUID, DiaryPatient] = {}
        self.first_row: dict[tuple[UUID, date], int] = {}

    def _patients(self) -> dict[str, UUID]:
        """Key of each patient in sight by record number, e-mail and key."""
        rows = patients_visible_to(self.user).filter(clinic=self.choices.clinic)
        found: dict[str, UUID] = {}
        for key, reference, email in rows.values_list("pk", "reference", "user__email"):
            for name in (reference, email, str(key)):
                if name:
                    found[name.casefold()] = key
        return found

    def add(self, row: Row, plan: Plan) -> None:
        try:
            plan.ready.append(self._read(row))
        except Refused as refusal:
            for problem in refusal.problems or (
                Problem("patient", "in sight", None, refusal.message),
            ):
                plan.refused.append((row.number, self._column(problem.field), problem))

    def _column(self, item: str) -> str:
        return self.columns.get(item.split(".")[0], item)

    def _read(self, row: Row) -> Ready:
        patient = self._patient(row)
        on = self._date(row)
        cells = {item: row.cells[column] for item, column in self.columns.items()}
        day = parse_day(payload_of(cells, self.terms), self.codes)
        if day.content.is_blank:
            raise one("date", "at least one item", None, "Nothing is filled in.")
        check_window(patient, on, Source.IMPORT, patient.today(self.now))
        before = self.first_row.setdefault((patient.id, on), row.number)
        if before != row.number:
            raise one(
                "date",
                "one row a patient and day",
                on.isoformat(),
                f"Row {before} holds the same day of the same patient.",
            )
        return Ready(row, patient, on, day, "add")

    def _patient(self, row: Row) -> DiaryPatient:
        if self.choices.patient is not None:
            key: UUID | None = self.choices.patient.pk
        else:
            name = row.cells[self.columns["patient"]]
            key = self.patients.get(name.casefold())
            if key is None:
                raise one(
                    "patient",
                    "a record number or e-mail of this clinic",
                    name[:80],
                    f"There is no patient {name[:80]!r} here.",
                )
        assert key is not None  # one of the two gave it
        if key not in self.known:
            self.known[key] = diary_patient(self.user, key)
        return self.known[key]

    def _date(self, row: Row) -> date:
        cell = row.cells[self.columns["date"]]
        try:
            return dates.parse(cell, self.order)
        except dates.BadDate as error:
            raise one(
                "date", "a date", cell[:80], f"{cell[:80]!r} is {error}."
            ) from None


def _terms() -> dict[str, str]:
    """Code of each side effect by every name it goes by."""
    found: dict[str, str] = {}
    rows = SideEffectTerm.objects.filter(retired=False)
    for code, lay, clinical in rows.values_list("code", "lay", "clinical"):
        for name in (clinical, lay, code, code.replace("-", " ")):
            found[plain(name)] = code
    return found


def _say_what_happens(plan: Plan) -> None:
    """Mark each ready row: would it add a day, change one, or change nothing?"""
    patients = {ready.patient.id for ready in plan.ready}
    stored = {
        (patient, on): content
        for patient, on, content in DiaryEntry.objects.filter(
            patient__in=patients
        ).values_list("patient_id", "date", "content_hash")
    }
    for place, ready in enumerate(plan.ready):
        present = stored.get((ready.patient.id, ready.on))
        if present is None:
            continue
        outcome = "same" if present == ready.day.content_hash else "change"
        plan.ready[place] = Ready(
            ready.row, ready.patient, ready.on, ready.day, outcome
        )


def carry_out(
    plan: Plan, user: User, *, now: datetime, say: Callable[[int], Any]
) -> Iterator[str]:
    """Store what is ready; what is there already is not written again."""
    for done, ready in enumerate(plan.ready, 1):
        if ready.outcome != "same":
            saved = save_day(
                user,
                ready.patient,
                ready.on,
                ready.day,
                source=Source.IMPORT,
                now=now,
            )
            yield saved.outcome
        if done % 500 == 0:
            say(done)
