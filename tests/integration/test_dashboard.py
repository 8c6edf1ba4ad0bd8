"""Who gets the dashboard, and what it costs."""

import json
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard import caseload, words
from dashboard.pages import patient as patient_page
from dashboard.pages import record
from dashboard.pages.patient.days import days_card
from dashboard.pages.patient.view import look
from tests.dashboard_calls import page_call, show
from tests.factories import NOW, make_patient, make_staff, save_entry
from tracker import forecasts
from tracker.models import AuditEvent, Infusion, Membership
from tracker.problems import NotFound, Refused
from tracker.relief_refresh import refresh_patient

PATHS = (
    "",
    "forecasts",
    "cohort",
    "patient/018f0000-0000-7000-8000-000000000000",
    "_dash-layout",
    "_dash-dependencies",
    "assets/style.css",
    "_reload-hash",
    "anything/else",
)


@pytest.mark.parametrize("path", PATHS)
def test_signed_out_is_sent_to_sign_in_or_refused(client, db, path):
    answer = client.get(f"/dashboard/{path}")

    if path.startswith(("_", "assets")):
        assert answer.status_code == 401
    else:
        assert answer.status_code == 302
        assert answer["Location"].startswith("/sign-in?next=%2Fdashboard%2F")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("who", ["ana", "admin_abe", "stranger", "former"])
def test_people_who_treat_nobody_get_nothing(request, session_for, clinic, who, path):
    if who == "former":
        person = make_staff("Fay", clinic, "nurse")
        Membership.objects.filter(user=person).update(ended_at=timezone.now())
    else:
        person = request.getfixturevalue(who)
        person = getattr(person, "user", person)
    client = session_for(person)

    assert client.get(f"/dashboard/{path}").status_code == 404


def test_patient_gets_no_callback(ana, session_for):
    client = session_for(ana.user)
    client.get("/api/v1/session/")

    answer = client.post(
        "/dashboard/_dash-update-component",
        page_call("/dashboard/"),
        content_type="application/json",
        headers={"X-CSRFToken": client.cookies["csrftoken"].value},
    )

    assert answer.status_code == 404


def test_callback_without_csrf_token_is_refused(dr_cole, session_for):
    answer = session_for(dr_cole).post(
        "/dashboard/_dash-update-component",
        page_call("/dashboard/"),
        content_type="application/json",
    )

    assert answer.status_code == 403


def test_clinician_sees_the_patient_and_it_is_audited(treated, dr_cole, session_for):
    answer = show(session_for(dr_cole), f"/dashboard/patient/{treated.pk}")

    assert answer.status_code == 200
    assert "Relief is holding" in answer.content.decode()
    history = str(patient_page.history(look(treated, now=timezone.now()), dark=False))
    assert "a private thought" in history
    assert "moderate: Nausea" in answer.content.decode()
    read = AuditEvent.objects.get(subject="patient page")
    assert (read.actor_id, read.patient_id) == (dr_cole.pk, treated.pk)
    assert answer["Cache-Control"] == "private, no-store"


def test_clinician_of_another_clinic_sees_no_such_patient(
    treated, dr_dane, session_for
):
    answer = show(session_for(dr_dane), f"/dashboard/patient/{treated.pk}")

    text = answer.content.decode()
    assert "No such patient among yours" in text
    assert "Ana" not in text
    with pytest.raises(NotFound):
        patient_page.layout(dr_dane, treated.pk, now=NOW, dark=False)
    with pytest.raises(NotFound):
        record.record(dr_dane, str(treated.pk), {}, now=NOW)


def test_page_and_api_show_one_and_the_same_outlook(
    treated, dr_cole, session_for, client_for
):
    page = show(session_for(dr_cole), f"/dashboard/patient/{treated.pk}")
    served = client_for(dr_cole).get(f"/api/v1/relief/?patient={treated.pk}").json()

    text = page.content.decode()
    sentences = served["outlook"]["sentences"]
    assert sentences
    for sentence in sentences:
        assert sentence in text
    stored = forecasts.show(forecasts.newest_forecast(treated))
    assert stored.sentences == sentences


def test_change_over_time_is_refused_with_its_numbers(treated, dr_cole):
    page = str(patient_page.history(look(treated, now=NOW), dark=False))

    assert "1 series brought relief, and 3 are needed" in page
    assert "No series so far shows which symptom returns first" in page
    assert "Nobody has asked for side effects in a series whose relief was lost" in page


def test_last_days_name_the_effects_and_say_which_days_are_missing(ana):
    today = timezone.now().date()
    effects = (("blurred-vision", 1),)
    save_entry(ana, today - timedelta(days=5), mood=6, side_effects=effects)
    save_entry(ana, today - timedelta(days=3), mood=5, side_effects=())

    shown = str(days_card(ana, today))

    assert "Blurring of visual image (mild)" in shown
    assert "blurred-vision" not in shown
    # The 4th and the two days before today; today can still be logged.
    assert shown.count("not logged") == 3


def test_withdrawn_outlook_is_told_to_who_has_seen_it(treated, dr_cole, nurse_nora):
    patient_page.layout(dr_cole, treated.pk, now=timezone.now(), dark=False)
    changed_on = timezone.now().date() - timedelta(days=20)
    save_entry(treated, changed_on, mood=3)
    later = timezone.now() + timedelta(days=1)
    refresh_patient(treated, now=later)

    told = str(patient_page.layout(dr_cole, treated.pk, now=later, dark=False))
    untold = str(patient_page.layout(nurse_nora, treated.pk, now=later, dark=False))
    assert "that you have seen was withdrawn" in told
    assert "withdrawn" not in untold


def test_patient_page_costs_the_same_however_long_the_record(
    treated, dr_cole, django_assert_max_num_queries
):
    with django_assert_max_num_queries(52):
        patient_page.layout(dr_cole, treated.pk, now=timezone.now(), dark=False)


def test_history_of_a_patient_costs_the_same_however_long_the_record(
    treated, django_assert_max_num_queries
):
    with django_assert_max_num_queries(25):
        patient_page.history(look(treated, now=timezone.now()), dark=False)


def test_part_that_fails_leaves_the_rest_and_tells_no_value(
    treated, dr_cole, monkeypatch, caplog
):
    def fail(view):
        raise ValueError("scored 7 of 10")

    monkeypatch.setattr("dashboard.pages.parts.RAISES", False)
    monkeypatch.setattr(patient_page, "change_card", fail)

    page = str(patient_page.history(look(treated, now=NOW), dark=False))

    assert "This part could not be drawn" in page
    assert "Cycles overlaid" in page
    assert "Change over time could not be drawn: ValueError" in caplog.text
    assert "scored 7 of 10" not in caplog.text + page


def test_caseload_says_the_outlook_in_a_few_words(treated, dr_cole, session_for):
    line = caseload.page_of(dr_cole, now=timezone.now()).lines[0]
    brief = forecasts.show_briefly(line.forecast)

    said = words.outlook_brief(brief, timezone.now().date())
    assert said.startswith("likely to ") or said in {
        "may have ended", "no end in sight"
    }  # fmt: skip


def test_caseload_holds_only_the_clinics_patients(treated, ben, zoe, dr_cole):
    names = [
        line.patient.name
        for line in caseload.page_of(dr_cole, now=timezone.now()).lines
    ]

    assert sorted(names) == ["Ana", "Ben"]


def test_caseload_costs_the_same_whatever_its_size(clinic, dr_cole):
    for number in range(12):
        make_patient(f"Patient {number}", clinic)

    with CaptureQueriesContext(connection) as queries:
        assert len(caseload.page_of(dr_cole, now=timezone.now()).lines) == 12

    assert len(queries) <= 11


def test_policy_names_hashes_and_a_nonce_and_nothing_unsafe(dr_cole, session_for):
    answer = session_for(dr_cole).get("/dashboard/")

    policy = answer["Content-Security-Policy"]
    script = next(part for part in policy.split(";") if "script-src" in part)
    assert "'sha256-" in script
    assert "unsafe" not in script
    nonce = script.split("'nonce-")[1].split("'")[0]
    assert answer.content.count(f'nonce="{nonce}"'.encode()) == 2


@pytest.mark.parametrize(
    "path",
    ["_dash-component-suites/../../settings.py", "_dash-component-suites/os/path.py"],
)
def test_made_up_component_is_404(dr_cole, session_for, path):
    assert session_for(dr_cole).get(f"/dashboard/{path}").status_code == 404


def test_unknown_callback_is_404(dr_cole, session_for):
    client = session_for(dr_cole)
    client.get("/dashboard/")

    answer = client.post(
        "/dashboard/_dash-update-component",
        json.dumps(page_call("/dashboard/") | {"output": "no.such"}),
        content_type="application/json",
        headers={"X-CSRFToken": client.cookies["csrftoken"].value},
    )

    assert answer.status_code == 404


def test_nurse_records_an_infusion_and_errors_stand_at_their_fields(ana, nurse_nora):
    given = {
        "started_at": "2026-11-20T10:00",
        "ended_at": "2026-11-20T10:40",
        "agent": "ketamine",
        "route": "iv",
        "phase": "booster",
        "dose_mg": "35,0",
        "weight_kg": "70",
        "dose_mg_per_kg": "0.5",
        "reason": "",
    }

    with pytest.raises(Refused) as caught:
        record.record(nurse_nora, str(ana.pk), given | {"weight_kg": "700"}, now=NOW)
    said = record.record(nurse_nora, str(ana.pk), given, now=NOW)

    assert {problem.field for problem in caught.value.problems} >= {"weight_kg"}
    assert "Recorded" in said
    infusion = Infusion.objects.get()
    assert infusion.started_at.hour == 9  # ten o'clock in Madrid
    assert infusion.recorded_by == nurse_nora


def test_phone_workers_load_neither_dash_nor_pandas():
    code = (
        "import django, sys; django.setup(); import tracker.urls, api.urls, "
        "dashboard.urls, tracker.wsgi; "
        "print([m for m in ('dash', 'pandas', 'scipy', 'plotly', 'numpy') "
        "if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"DJANGO_SETTINGS_MODULE": "tracker.settings", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("who", ["ana", "admin_abe", "former", "deactivated", None])
def test_no_callback_answers_who_treats_nobody(
    request, session_for, client, clinic, treated, who
):
    from dashboard.bridge import app

    if who in {"former", "deactivated"}:
        person = make_staff("Fay", clinic, "nurse")
        browser = session_for(person)
        Membership.objects.filter(user=person).update(ended_at=timezone.now())
        if who == "deactivated":
            person.is_active = False
            person.save()
    elif who is None:
        browser = client
    else:
        found = request.getfixturevalue(who)
        browser = session_for(getattr(found, "user", found))
    browser.get("/api/v1/session/")
    token = browser.cookies["csrftoken"].value if "csrftoken" in browser.cookies else ""
    callbacks = list(app().callback_map)
    assert len(callbacks) > 20

    for output in callbacks:
        answer = browser.post(
            "/dashboard/_dash-update-component",
            {"output": output, "outputs": [], "inputs": [], "changedPropIds": []},
            content_type="application/json",
            headers={"X-CSRFToken": token},
        )
        assert answer.status_code in {401, 403, 404}, output
        assert treated.name not in answer.content.decode()
