"""What is shown of a clinic's patients together: computed once, read by every page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

import pandas as pd
from django.db.models import Max, Min
from django.utils import timezone

from tracker import relief
from tracker.frame_json import frame_from_json, frame_to_json
from tracker.frames import infusion_frame, side_effect_frame, spell_frame
from tracker.models import Clinic, ClinicResult, Patient, ReliefSpell
from tracker.vocabulary import Outcome

# Groups a clinic's patients are compared by, and what `relief.compare` calls them.
GROUPINGS = ("phase", "nth_booster", "dose_band", "route", "agent", "condition")
HORIZON_DAYS = 60
# Fewer patients could be told apart.
FEWEST = 5
# Raised when what is stored is written otherwise; older rows are computed anew.
FORMAT = 2
CURVES, PATIENTS = "curves", "patients"

Frames = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class Result:
    """Frames of one kind by name, and when they were computed."""

    frames: Frames
    computed_at: datetime


def compared_by(grouping: str) -> str:
    """The kind of result that compares the groups of a grouping."""
    return f"by:{grouping}"


def result_of(clinic: Clinic, item: str, kind: str) -> Result:
    """The stored result, or one computed now where none is stored by these rules.

    Raises
    ------
    KeyError
        There is no such kind.
    """
    compute = _KINDS[kind]
    stored = ClinicResult.objects.filter(clinic=clinic, item=item, kind=kind).first()
    if stored is None or stored.criteria_version != _rules(item):
        return Result(compute(clinic, item), timezone.now())
    frames = {name: frame_from_json(body) for name, body in stored.body.items()}
    return Result(frames, stored.computed_at)


def _rules(item: str) -> str:
    """The criteria, and how results by them are written down."""
    return f"{relief.Criteria.for_item(item).version}/{FORMAT}"


def refresh(clinic: Clinic, item: str, *, now: datetime) -> None:
    """Compute and store every kind of result of one outcome."""
    rows = [
        ClinicResult(
            clinic=clinic,
            item=item,
            kind=kind,
            criteria_version=_rules(item),
            body={
                name: frame_to_json(frame)
                for name, frame in compute(clinic, item).items()
            },
            computed_at=now,
        )
        for kind, compute in _KINDS.items()
    ]
    ClinicResult.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["clinic", "item", "kind"],
        update_fields=["criteria_version", "body", "computed_at"],
    )


def refresh_stale(*, now: datetime) -> int:
    """Renew the results of clinics whose spells are newer; gives how many outcomes.

    Nothing else has to remember that they are old: what was missed is found at the
    next look.
    """
    newest = (
        ReliefSpell.objects.order_by()
        .values_list("patient__clinic", "item")
        .annotate(at=Max("computed_at"))
    )
    current = [_rules(item) for item in Outcome.values]
    oldest = {
        (clinic, item): at
        for clinic, item, at in ClinicResult.objects.filter(
            criteria_version__in=current
        )
        .order_by()
        .values_list("clinic", "item")
        .annotate(at=Min("computed_at"))
    }
    stale = [
        (clinic, item)
        for clinic, item, at in newest
        if item in Outcome.values
        and ((clinic, item) not in oldest or oldest[clinic, item] < at)
    ]
    clinics = Clinic.objects.in_bulk([clinic for clinic, _ in stale])
    for clinic, item in stale:
        refresh(clinics[clinic], item, now=now)
    return len(stale)


def grouping_of(clinic: Clinic, item: str, grouping: str) -> str | pd.Series:
    """What `relief.compare` is to be asked for."""
    if grouping != "condition":
        return grouping
    patients = Patient.objects.filter(clinic=clinic, primary_outcome=item)
    pairs = [
        (patient.pk, label)
        for patient in patients
        for label in patient.condition_labels
    ]
    return pd.Series(
        [label for _, label in pairs], index=[key for key, _ in pairs], dtype=object
    )


def spells_of(clinic: Clinic, item: str) -> pd.DataFrame:
    """Stored spells of the clinic's patients by the present rules."""
    patients = Patient.objects.filter(clinic=clinic, primary_outcome=item)
    spells = spell_frame(patients)
    version = relief.Criteria.for_item(item).version
    return spells[spells["criteria_version"] == version]


def plain_curves(spells: pd.DataFrame) -> Frames:
    """Boosters as censoring, and unconfirmed losses counted as well."""
    return {
        "plain": relief.kaplan_meier(spells),
        "low": relief.kaplan_meier(spells, pending_is_loss=True),
    }


def _curves(clinic: Clinic, item: str) -> Frames:
    return plain_curves(spells_of(clinic, item))


def _patients(clinic: Clinic, item: str) -> Frames:
    spells = spells_of(clinic, item)
    patients = Patient.objects.filter(clinic=clinic, primary_outcome=item)
    reports, infusions = side_effect_frame(patients), infusion_frame(patients)
    return {
        "wait": pd.DataFrame([relief.fading_to_infusion(spells, FEWEST)._asdict()]),
        "logging": pd.DataFrame([relief.logging_rate(spells, FEWEST)._asdict()]),
        "effects": relief.by_window(reports, infusions),
    }


def _compared(grouping: str) -> Callable[[Clinic, str], Frames]:
    def compute(clinic: Clinic, item: str) -> Frames:
        spells, by = spells_of(clinic, item), grouping_of(clinic, item, grouping)
        return {
            "table": relief.compare(
                spells, by, min_patients=FEWEST, horizon=HORIZON_DAYS
            ),
            "curves": relief.group_curves(spells, by, FEWEST),
            "responses": relief.response_rates(spells, by, FEWEST),
        }

    return compute


_KINDS = MappingProxyType(
    {CURVES: _curves, PATIENTS: _patients}
    | {compared_by(grouping): _compared(grouping) for grouping in GROUPINGS}
)
