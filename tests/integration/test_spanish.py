"""The dashboard in Spanish: whole pages, who chooses, and what stays as typed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from dashboard.pages import caseload, cohort, decide, decided, report
from dashboard.pages import patient as patient_page
from dashboard.pages import record as record_page
from tests.dashboard_calls import show
from tests.factories import give_infusion, make_patient, save_entry
from tracker import forecasts, language
from tracker.models import Decision
from tracker.problems import Refused
from tracker.relief_refresh import refresh_patient

# Both are keys of the catalogue.
NAME, NOTE = "Nobody", "Every note has been read."


@pytest.fixture
def spanish():
    with language.speaking("es"):
        yield


@pytest.fixture
def treated(clinic, nurse_nora):
    patient = make_patient(NAME, clinic)
    start = timezone.now().date() - timedelta(days=30)
    for ago in range(1, 10):
        save_entry(patient, start - timedelta(days=ago), mood=2)
    give_infusion(patient, nurse_nora, start)
    for day in range(1, 28):
        save_entry(
            patient,
            start + timedelta(days=day),
            mood=8,
            note=NOTE if day == 27 else "",
            side_effects=(("nausea", 2),) if day == 1 else None,
        )
    refresh_patient(patient, now=timezone.now())
    return patient


def texts_of(part) -> list[str]:
    """Every text of a layout, in order."""
    if isinstance(part, str):
        return [part]
    if isinstance(part, list | tuple):
        return [text for one in part for text in texts_of(one)]
    children = getattr(part, "children", None)
    return [] if children is None else texts_of(children)


def test_caseload_speaks_spanish(treated, dr_cole, spanish):
    now = timezone.now()
    page = caseload.page_of(dr_cole, now=now)
    said = " ".join(
        texts_of(caseload.layout(dr_cole, now=now))
        + texts_of(caseload.table(page, now=now))
        + texts_of(caseload.head(caseload.waiting(dr_cole, now=now), now=now))
    )

    for text in ("Pacientes a su cargo", "Última infusión", "El alivio se mantiene"):
        assert text in said
    for text in ("Caseload", "Last infusion", "Relief is holding", "days ago"):
        assert text not in said


def test_patient_page_speaks_spanish(treated, dr_cole, spanish):
    now = timezone.now()
    layout = patient_page.layout(dr_cole, treated.pk, now=now, dark=False)
    view = patient_page.look(treated, now=now)
    said = " ".join(texts_of(layout) + texts_of(patient_page.history(view, dark=False)))

    for text in (
        "Previsión del refuerzo",
        "después de la 1.ª infusión",
        "Cuánto ha durado el alivio",
        "moderado: Náuseas",
        "Valor basal",
        "2,0 de 10",
        "Esto informa; no es una recomendación de infundir. Usted decide.",
    ):
        assert text in said
    for text in (
        "Booster",
        "Relief",
        "Timeline",
        "This stands on",
        "You decide",
        "Day ",
    ):
        assert text not in said


def test_report_and_cohort_speak_spanish(treated, dr_cole, spanish):
    chosen = f"{treated.clinic_id}:mood"
    palette = cohort.tokens.palette(dark=False)
    said = " ".join(
        texts_of(report.layout(dr_cole, treated.pk, now=timezone.now()))
        + texts_of(cohort.layout(dr_cole))
        + texts_of(cohort.whole(dr_cole, chosen, "phase", palette))
    )

    for text in ("Impreso el", "Los pacientes de la clínica", "Números en riesgo"):
        assert text in said
    for text in ("Printed", "The clinic's patients", "Numbers at risk", "Groups were"):
        assert text not in said


def test_names_and_notes_stay_as_typed(treated, dr_cole, spanish):
    now = timezone.now()
    view = patient_page.look(treated, now=now)
    head = patient_page.layout(dr_cole, treated.pk, now=now, dark=False)

    assert NAME in texts_of(head)
    assert NOTE in texts_of(patient_page.history(view, dark=False))
    assert NOTE in texts_of(caseload.notes.section(dr_cole, now=now))


def test_what_a_decision_keeps_is_english_and_shown_in_spanish(treated, dr_cole):
    now = timezone.now()
    forecast = forecasts.newest_forecast(treated)
    with language.speaking("es"):
        given = {"kind": "stop", "reason": "Mood"}
        key = "018f0000-0000-7000-8000-000000000001"
        made = decide.record(dr_cole, str(treated.pk), key, given, now=now)
        shown = texts_of(decided.listed(treated, now=now))

    kept = Decision.objects.get(pk=made.pk).evidence
    assert forecast is not None
    assert kept["outlook"]["sentences"] == forecasts.show(forecast).sentences
    assert "Suspender las infusiones." in shown
    assert "Mood" in shown
    assert not any("Relief" in text for text in shown)


def test_form_says_in_spanish_what_is_wrong(treated, dr_cole, spanish):
    with pytest.raises(Refused) as caught:
        record_page.record(
            dr_cole, str(treated.pk), {"dose_mg": "many"}, now=timezone.now()
        )

    said = {problem.field: problem.message for problem in caught.value.problems}
    assert said["dose_mg"] == "many no es un número mayor que 0."
    assert said["started_at"] == "Indique la fecha y la hora."


@pytest.mark.parametrize(
    ("cookie", "accepted", "tag"),
    [("", "es-MX,es;q=0.9,en;q=0.5", "es"), ("es", "en", "es"), ("en", "es", "en")],
)
def test_each_visit_hears_its_own_language(
    treated, dr_cole, session_for, cookie, accepted, tag
):
    client = session_for(dr_cole)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = accepted
    if cookie:
        client.cookies["respite_language"] = cookie
    title = {"es": "Cronología", "en": "Timeline"}[tag]
    motto = {"es": "usted decide", "en": "you decide"}[tag]

    assert f'<html lang="{tag}">' in client.get("/dashboard/").content.decode()
    assert motto in client.get("/dashboard/_dash-layout").content.decode()
    shown = show(client, f"/dashboard/patient/{treated.pk}").json()
    assert title in str(shown)
    assert language.current() == "en"


def test_api_goes_on_in_english(treated, dr_cole, session_for):
    client = session_for(dr_cole)
    client.cookies["respite_language"] = "es"

    answer = client.get(
        f"/api/v1/relief/?patient={treated.pk}",
        headers={"Accept-Language": "es"},
    )

    assert answer.status_code == 200
    assert "alivio" not in answer.content.decode()
