"""Bounds of an infusion's record: hard ones refuse, soft ones ask for a reason.

The bounds catch slips of the pen. They are proposals of the project, not
clinical limits.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from tracker.language import msg, t
from tracker.problems import Invalid, Problem
from tracker.vocabulary import Agent, Route

SHORT_SESSION = timedelta(hours=2)
LONGEST = timedelta(days=7)


@dataclass(frozen=True)
class Bounds:
    """`hard` refuses outside it; `soft` wants a reason outside it."""

    unit: str
    soft: tuple[Decimal, Decimal]
    hard: tuple[Decimal, Decimal]


def _bounds(unit: str, soft: tuple[str, str], hard: tuple[str, str]) -> Bounds:
    return Bounds(
        unit,
        (Decimal(soft[0]), Decimal(soft[1])),
        (Decimal(hard[0]), Decimal(hard[1])),
    )


DOSE_MG = _bounds("mg", ("10", "250"), ("0.01", "5000"))
WEIGHT_KG = _bounds("kg", ("40", "160"), ("20", "350"))
MG_PER_KG_SHORT = _bounds("mg/kg", ("0.1", "1.0"), ("0.001", "3"))
MG_PER_KG_LONG = _bounds("mg/kg", ("0.15", "7"), ("0.001", "70"))
ESKETAMINE_NASAL_MG = (Decimal(28), Decimal(56), Decimal(84))
# Of mg/kg times kg against the entered mg.
SOFT_MISMATCH = Decimal("0.05")
HARD_MISMATCH = Decimal("0.20")


_POSSIBLE = msg("The {name} is {value}; {low} to {high} {unit} is possible.")
_USUAL = msg("The {name} is {value}; {low} to {high} {unit} is usual.")
_FIELDS = {
    "dose_mg": msg("dose mg"),
    "weight_kg": msg("weight kg"),
    "dose_mg_per_kg": msg("dose mg per kg"),
}


def check(values: Mapping[str, Any], *, reason: str) -> None:
    """Refuse an impossible record, or an unusual one that gives no reason.

    Raises
    ------
    Invalid
        With every field at fault, its rule and its value.
    """
    problems = list(_impossible(values))
    if not problems and not reason.strip():
        problems = list(_unusual(values))
    if problems:
        raise Invalid(problems)


def _impossible(values: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _duration(values)
    for field, bounds in _bounded(values):
        value = values.get(field)
        if value is not None and not bounds.hard[0] <= value <= bounds.hard[1]:
            yield _outside(field, value, bounds.hard, bounds.unit)
    yield from _nasal_steps(values)
    yield from _mismatch(values, HARD_MISMATCH)


def _unusual(values: Mapping[str, Any]) -> Iterator[Problem]:
    for field, bounds in _bounded(values):
        value = values.get(field)
        if value is not None and not bounds.soft[0] <= value <= bounds.soft[1]:
            yield _ask_why(_outside(field, value, bounds.soft, bounds.unit, _USUAL))
    for problem in _mismatch(values, SOFT_MISMATCH):
        yield _ask_why(problem)


def _bounded(values: Mapping[str, Any]) -> list[tuple[str, Bounds]]:
    ended = values.get("ended_at")
    long = ended is not None and ended - values["started_at"] > SHORT_SESSION
    return [
        ("dose_mg", DOSE_MG),
        ("weight_kg", WEIGHT_KG),
        ("dose_mg_per_kg", MG_PER_KG_LONG if long else MG_PER_KG_SHORT),
    ]


def _duration(values: Mapping[str, Any]) -> Iterator[Problem]:
    started, ended = values["started_at"], values.get("ended_at")
    if ended is None:
        return
    lasted = ended - started
    if not timedelta(minutes=1) <= lasted <= LONGEST:
        rule = "1 minute to 7 days after the start"
        said = t("The infusion must end 1 minute to 7 days after the start.")
        yield Problem("ended_at", rule, ended.isoformat(), said)


def _nasal_steps(values: Mapping[str, Any]) -> Iterator[Problem]:
    nasal = values["agent"] == Agent.ESKETAMINE and values["route"] == Route.INTRANASAL
    dose = values.get("dose_mg")
    if nasal and dose is not None and dose not in ESKETAMINE_NASAL_MG:
        rule = "28, 56 or 84 mg for nasal esketamine"
        said = t(
            "The dose is {dose} mg; 28, 56 or 84 mg for nasal esketamine.", dose=dose
        )
        yield Problem("dose_mg", rule, str(dose), said)


def _mismatch(values: Mapping[str, Any], allowed: Decimal) -> Iterator[Problem]:
    dose, weight = values.get("dose_mg"), values.get("weight_kg")
    per_kg = values.get("dose_mg_per_kg")
    if dose is None or weight is None or per_kg is None:
        return
    computed = weight * per_kg
    if abs(computed - dose) > allowed * dose:
        rule = f"dose_mg within {allowed:.0%} of weight_kg times dose_mg_per_kg"
        yield Problem(
            "dose_mg_per_kg",
            rule,
            str(per_kg),
            t(
                "{weight} kg times {per_kg} mg/kg is {computed} mg, but {dose} mg is "
                "entered.",
                weight=weight,
                per_kg=per_kg,
                computed=f"{computed.normalize():f}",
                dose=dose,
            ),
        )


def _outside(
    field: str,
    value: Decimal,
    span: tuple[Decimal, Decimal],
    unit: str,
    text: str = _POSSIBLE,
) -> Problem:
    rule = f"{span[0]} to {span[1]} {unit}"
    said = t(
        text,
        name=t(_FIELDS[field]),
        value=value,
        low=span[0],
        high=span[1],
        unit=unit,
    )
    return Problem(field, rule, str(value), said)


def _ask_why(problem: Problem) -> Problem:
    return Problem(
        problem.field,
        f"{problem.rule}, or a reason",
        problem.value,
        f"{problem.message} {t('If it is right, give a reason.')}",
    )
