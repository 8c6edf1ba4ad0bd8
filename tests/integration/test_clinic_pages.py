"""Pages about a whole clinic: forecasts, its rule, and its patients together."""

from datetime import timedelta

import pytest
from django.utils import timezone

from dashboard.pages import booster_rule, cohort
from tests.dashboard_calls import show
from tracker import forecasts
from tracker.models import AuditEvent, Patient, ReliefMark
from tracker.problems import NotFound, Refused
from tracker.relief_refresh import refresh_patient


def test_forecasts_page_names_only_the_clinics_of_who_asks(
    treated, zoe, dr_cole, dr_dane, session_for
):
    own = show(session_for(dr_cole), "/dashboard/forecasts").content.decode()
    other = show(session_for(dr_dane), "/dashboard/forecasts").content.decode()

    assert "Harbour Clinic" in own
    assert "Hill Clinic" not in own
    assert "Hill Clinic" in other
    assert AuditEvent.objects.filter(subject="scorecards").count() == 2


@pytest.mark.parametrize("by", cohort.GROUPS)
def test_groups_are_compared_for_the_clinics_own_staff(
    treated, clinic, dr_cole, dr_dane, by
):
    chosen = f"{clinic.pk}:mood"

    table = cohort.compared(dr_cole, chosen, by).frames["table"]
    assert set(table["reason"]) <= {"too_few_patients"}
    with pytest.raises(NotFound):
        cohort.compared(dr_dane, chosen, by)


@pytest.mark.parametrize(
    ("chosen", "by"),
    [("", "phase"), ("nonsense:mood", "phase"), ("{clinic}:joy", "phase"),
     ("{clinic}:mood", "secret")],
)  # fmt: skip
def test_made_up_comparisons_are_refused(clinic, dr_cole, chosen, by):
    with pytest.raises(NotFound):
        cohort.compared(dr_cole, chosen.format(clinic=clinic.pk), by)


def test_clinician_changes_the_booster_rule_and_outlooks_follow(
    treated, clinic, dr_cole
):
    given = {
        "booster_cost_early": "1",
        "booster_cost_late": "1,5",
        "booster_min_interval_days": "40",
    }
    said = booster_rule.save(dr_cole, str(clinic.pk), given)
    assert ReliefMark.objects.filter(patient=treated).exists()
    treated = Patient.objects.get(pk=treated.pk)
    refresh_patient(treated, now=timezone.now())

    clinic.refresh_from_db()
    assert "Saved" in said
    assert (clinic.booster_cost_late, clinic.booster_min_interval_days) == (1.5, 40)
    assert AuditEvent.objects.get(subject="booster rule").actor_id == dr_cole.pk
    window = forecasts.show(forecasts.newest_forecast(treated)).window
    earliest = treated.infusions.get().started_on + timedelta(days=40)
    assert window is not None
    assert window.start >= earliest


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("booster_cost_early", "0"),
        ("booster_cost_late", "much"),
        ("booster_cost_late", "inf"),
        ("booster_cost_late", "nan"),
        ("booster_min_interval_days", "7.5"),
        ("booster_min_interval_days", "181"),
        ("booster_min_interval_days", ""),
    ],
)
def test_a_bad_booster_rule_changes_nothing(clinic, dr_cole, name, text):
    given = {
        "booster_cost_early": "2",
        "booster_cost_late": "2",
        "booster_min_interval_days": "9",
    }
    with pytest.raises(Refused) as caught:
        booster_rule.save(dr_cole, str(clinic.pk), given | {name: text})

    assert [problem.field for problem in caught.value.problems] == [name]
    clinic.refresh_from_db()
    assert clinic.booster_cost_early == 1


def test_the_rule_is_not_a_nurses_or_another_clinics(clinic, nurse_nora, dr_dane):
    for person in (nurse_nora, dr_dane):
        with pytest.raises(NotFound):
            booster_rule.save(person, str(clinic.pk), {})


@pytest.mark.parametrize("by", cohort.GROUPS)
def test_cohort_of_few_patients_shows_no_number_of_theirs(treated, dr_cole, by):
    from dashboard import tokens

    chosen = f"{treated.clinic_id}:mood"
    shown = str(cohort.whole(dr_cole, chosen, by, tokens.palette(dark=False)))

    assert "Too few patients to say how long they wait" in shown
    assert "No group has enough patients to be shown" in shown
    assert "Nausea" not in shown


def test_cohort_of_another_clinic_is_none(treated, dr_dane):
    from dashboard import tokens

    with pytest.raises(NotFound):
        cohort.whole(
            dr_dane,
            f"{treated.clinic_id}:mood",
            "phase",
            tokens.palette(dark=False),
        )
