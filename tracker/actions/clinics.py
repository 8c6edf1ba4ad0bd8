"""What a clinic decides for itself."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from tracker import audit
from tracker.diary_store import mark_for_relief
from tracker.language import msg, number, t
from tracker.models import Clinic, Patient, User
from tracker.problems import Invalid, Problem, not_as_needed, one
from tracker.vocabulary import PatientSees

# A cost beyond these is a slip of the pen, not a judgement.
COSTS = (0.1, 100.0)
LONGEST_INTERVAL_DAYS = 180
BOOSTER_RULE = ("booster_cost_early", "booster_cost_late", "booster_min_interval_days")


def change_booster_rule(
    author: User, clinic: Clinic, values: Mapping[str, float | int], *, now: datetime
) -> Clinic:
    """What an early and a late booster cost, and how close two may lie.

    Outlooks are made again by the new rule.

    Raises
    ------
    Invalid
        A value lies outside its bounds; nothing is changed.
    """
    problems = [
        problem for name, value in values.items() for problem in _wrong(name, value)
    ]
    if problems:
        raise Invalid(problems)
    with transaction.atomic():
        clinic = Clinic.objects.select_for_update().get(pk=clinic.pk)
        for name, value in values.items():
            setattr(clinic, name, value)
        clinic.save(update_fields=list(values))
        audit.record(
            audit.Action.WRITE,
            "booster rule",
            actor_id=author.pk,
            subject_id=clinic.pk,
            detail=", ".join(f"{name}={value:g}" for name, value in values.items()),
        )
        treated = Patient.objects.filter(clinic=clinic, infusions__isnull=False)
        for patient_id in treated.values_list("pk", flat=True).distinct():
            mark_for_relief(patient_id, now)
    return clinic


def change_patient_view(author: User, clinic: Clinic, shown: str) -> None:
    """What patients see of relief estimates on their phones.

    Raises
    ------
    Invalid
        `shown` is none of the choices.
    """
    if shown not in PatientSees.values:
        rule = f"one of {', '.join(PatientSees.values)}"
        raise one("patients_see", rule, shown, not_as_needed(shown, rule))
    with transaction.atomic():
        Clinic.objects.filter(pk=clinic.pk).update(patients_see=shown)
        audit.record(
            audit.Action.WRITE,
            "patient view",
            actor_id=author.pk,
            subject_id=clinic.pk,
            detail=shown,
        )


def _wrong(name: str, value: float) -> list[Problem]:
    if name == "booster_min_interval_days":
        low, high, unit = 0.0, float(LONGEST_INTERVAL_DAYS), " days"
    else:
        low, high, unit = *COSTS, ""
    if low <= value <= high:
        return []
    rule = f"{low:g} to {high:g}{unit}"
    text = _DAYS_POSSIBLE if unit else _POSSIBLE
    said = t(text, value=number(value), low=number(low), high=number(high))
    return [Problem(name, rule, value, said)]


_POSSIBLE = msg("{value} is given; {low} to {high} is possible.")
_DAYS_POSSIBLE = msg("{value} is given; {low} to {high} days is possible.")
