"""The outlook over HTTP: the one that is stored, for the clinic's staff."""

from datetime import timedelta

import pytest
from django.utils import timezone

from dashboard.pages import clinic as clinic_page
from tests.factories import give_infusion, save_entry
from tracker import forecasts
from tracker.problems import Invalid, NotFound
from tracker.relief_refresh import refresh_patient

PATH = "/api/v1/relief/"


@pytest.fixture
def treated(ana, nurse_nora):
    """In relief on day 10, as of now."""
    now = timezone.now()
    zero = ana.diary_date(now) - timedelta(days=10)
    give_infusion(ana, nurse_nora, zero)
    for day in [*range(-14, 0), *range(1, 11)]:
        save_entry(ana, zero + timedelta(days=day), mood=2 if day < 0 else 8)
    refresh_patient(ana, now=now)
    return ana


def test_staff_read_the_stored_outlook(treated, dr_cole, client_for):
    answer = client_for(dr_cole).get(f"{PATH}?patient={treated.pk}").json()

    stored = forecasts.show(forecasts.newest_forecast(treated))
    outlook = answer["outlook"]
    assert outlook["state"] == "in relief"
    assert outlook["sentences"] == stored.sentences
    assert outlook["window"]["best"] == stored.window.best.isoformat()
    assert len(outlook["survival"]) == 181
    assert [row["share"] for row in outlook["quantiles"]] == [
        0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95
    ]  # fmt: skip
    assert answer["spells"][0]["fingerprint"]
    assert answer["spells"][0]["late_share"] == 0
    assert answer["baseline_sd"] == 0


def test_a_patient_reads_past_durations_and_no_outlook(treated, client_for):
    answer = client_for(treated.user).get(PATH).json()

    assert answer["outlook"] is None
    assert answer["withdrawn"] == ""
    assert len(answer["spells"]) == 1


def test_a_clinic_may_show_its_patients_nothing_or_the_outlook(
    treated, dr_cole, client_for
):
    patient = client_for(treated.user)
    clinic_page.choose_view(dr_cole, str(treated.clinic_id), "nothing")
    hidden = patient.get(PATH).json()
    assert (hidden["spells"], hidden["baseline"], hidden["outlook"]) == ([], None, None)

    clinic_page.choose_view(dr_cole, str(treated.clinic_id), "outlook")

    assert patient.get(PATH).json()["outlook"]["state"] == "in relief"
    staff = client_for(dr_cole).get(f"{PATH}?patient={treated.pk}").json()
    assert (
        staff["outlook"]["quantiles"]
        == patient.get(PATH).json()["outlook"]["quantiles"]
    )


def test_what_patients_see_is_the_clinics_own_choice(
    treated, nurse_nora, dr_dane, dr_cole
):
    for person in (nurse_nora, dr_dane):
        with pytest.raises(NotFound):
            clinic_page.choose_view(person, str(treated.clinic_id), "outlook")
    with pytest.raises(Invalid):
        clinic_page.choose_view(dr_cole, str(treated.clinic_id), "everything")
    treated.clinic.refresh_from_db()
    assert treated.clinic.patients_see == "past"


def test_a_patient_without_infusions_has_no_outlook(ana, dr_cole, client_for):
    answer = client_for(dr_cole).get(f"{PATH}?patient={ana.pk}").json()

    assert (answer["outlook"], answer["spells"]) == (None, [])


def test_reading_relief_costs_a_few_statements(
    treated, dr_cole, client_for, django_assert_max_num_queries
):
    client = client_for(dr_cole)
    with django_assert_max_num_queries(9):
        client.get(f"{PATH}?patient={treated.pk}")


def test_scorecards_say_why_there_are_none_yet(treated, dr_cole, client_for):
    answer = client_for(dr_cole).get(f"{PATH}scorecards/").json()

    row = answer["results"][0]
    assert (row["clinic_name"], row["item"]) == ("Harbour Clinic", "mood")
    whole = row["scorecards"][0]
    assert (whole["group"], whole["reason"]) == ("all", "too_few_forecasts")
    assert whole["log_score"] is None
    assert "Only 0 forecasts" in whole["words"]
