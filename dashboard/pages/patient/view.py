"""What one look at a patient stands on: the record, the criteria and what follows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

import pandas as pd

from tracker import clinic_results, forecasts, relief
from tracker.access import patient_for
from tracker.frames import (
    as_spell_frame,
    diary_frame,
    infusion_frame,
    side_effect_frame,
    spell_frame,
)
from tracker.language import t
from tracker.models import Patient, ReliefSpell, User
from tracker.problems import NotFound
from tracker.relief_models import criteria_for, population_of, stored_baseline
from tracker.relief_refresh import spells_as_of


@dataclass(frozen=True)
class View:
    """One patient, judged by one set of criteria; every card draws from it.

    By the clinic's own criteria the stored spells and outlook are shown, by others
    they are computed for this look alone.
    """

    patient: Patient
    criteria: relief.Criteria
    today: date
    diary: pd.DataFrame
    infusions: pd.DataFrame
    spells: pd.DataFrame
    stored: Sequence[ReliefSpell]
    outlook: forecasts.Outlook | None

    @property
    def is_the_clinics(self) -> bool:
        return self.criteria == criteria_for(self.patient)

    @property
    def item(self) -> str:
        return self.criteria.item

    @cached_property
    def side_effects(self) -> pd.DataFrame:
        return side_effect_frame([self.patient.pk])


def patient_named(user: User, key: object) -> Patient:
    """The patient a page names, if `user` may see them.

    Raises
    ------
    NotFound
        The key is none, or the patient is out of sight.
    """
    try:
        return patient_for(user, UUID(str(key)))
    except ValueError:
        raise NotFound(t("There is no such patient.")) from None


def look(
    patient: Patient, criteria: relief.Criteria | None = None, *, now: datetime
) -> View:
    """The patient by the clinic's criteria, or by `criteria`."""
    own = criteria_for(patient)
    today = patient.diary_date(now)
    diary, infusions = diary_frame([patient.pk]), infusion_frame([patient.pk])
    if criteria is None or criteria == own:
        stored = list(ReliefSpell.objects.filter(patient=patient).order_by("series"))
        spells, newest = spell_frame([patient.pk]), forecasts.newest_forecast(patient)
    else:
        stored = spells_as_of(
            patient, diary, infusions, today=today, now=now, criteria=criteria
        )
        spells = as_spell_frame(stored)
        newest = forecasts.outlook_by(
            patient, diary, infusions, criteria, today=today, now=now
        )
    return View(
        patient=patient,
        criteria=criteria or own,
        today=today,
        diary=diary,
        infusions=infusions,
        spells=spells,
        stored=stored,
        outlook=None if newest is None else forecasts.show(newest),
    )


# More patients than these are not judged anew while somebody waits for a page.
MOST_JUDGED = 300


def clinic_curves(view: View) -> clinic_results.Frames | None:
    """Plain curves of the clinic's patients with the same outcome and criteria.

    None where other criteria than the clinic's would judge too many patients anew.
    """
    if view.is_the_clinics:
        clinic, kind = view.patient.clinic, clinic_results.CURVES
        return clinic_results.result_of(clinic, view.item, kind).frames
    spells = clinic_spells(view)
    return None if spells is None else clinic_results.plain_curves(spells)


def clinic_spells(view: View) -> pd.DataFrame | None:
    """Spells of the clinic's patients judged anew, by the criteria looked at.

    None where there are too many of them.
    """
    treated = list(
        Patient.objects.filter(
            clinic=view.patient.clinic_id,
            primary_outcome=view.item,
            infusions__isnull=False,
        )
        .distinct()
        .values_list("pk", flat=True)
    )
    if len(treated) > MOST_JUDGED:
        return None
    return relief.find_spells(
        diary_frame(treated),
        infusion_frame(treated),
        view.criteria,
        as_of=pd.Timestamp(view.today),
        population=population_of(stored_baseline(view.patient.clinic_id, view.item)),
    )
