"""Other criteria for one look: every number follows, and nothing is stored."""

from datetime import timedelta

import pytest
from django.utils import timezone

from dashboard.pages import patient as page
from dashboard.pages import report as report_page
from dashboard.pages.patient.criteria import criteria_from, search_of
from dashboard.pages.patient.view import clinic_spells, look
from tests.factories import give_infusion, save_entry
from tracker import relief
from tracker.models import ReliefForecast, ReliefSpell
from tracker.problems import Invalid
from tracker.relief_refresh import refresh_patient

STRICT = "?item=mood&on=60&off=55"


@pytest.fixture
def treated(ana, nurse_nora):
    """Mood 2 before, 7 for twenty days after, then 5: lost by strict criteria alone."""
    start = ana.diary_date(timezone.now()) - timedelta(days=30)
    for ago in range(1, 15):
        save_entry(ana, start - timedelta(days=ago), mood=2, pain=6)
    give_infusion(ana, nurse_nora, start)
    for day in range(1, 31):
        save_entry(ana, start + timedelta(days=day), mood=7 if day <= 20 else 5, pain=6)
    refresh_patient(ana, now=timezone.now())
    return ana


def shown(user, patient, search=""):
    now = timezone.now()
    return str(page.layout(user, patient.pk, search, now=now, dark=False))


def test_clinics_own_criteria_show_what_is_stored(treated):
    view = look(treated, now=timezone.now())

    assert view.is_the_clinics
    assert list(view.stored) == list(ReliefSpell.objects.all())


def test_every_number_follows_other_criteria(treated, dr_cole):
    strict = criteria_from(treated, STRICT)
    view = look(treated, strict, now=timezone.now())

    assert [spell.status for spell in view.stored] == ["lost"]
    assert view.spells["status"].tolist() == ["lost"]
    assert view.outlook is not None
    assert view.outlook.reason == "lost"
    assert view.outlook.criteria_version == strict.version
    assert set(clinic_spells(view)["status"]) == {"lost"}
    text = shown(dr_cole, treated, STRICT)
    assert "Not the clinic's criteria" in text
    assert "Relief was lost" in text


def test_report_and_the_way_back_keep_the_criteria(treated, dr_cole):
    query = search_of(treated, criteria_from(treated, STRICT))
    assert f"{treated.pk}/report{query}'" in shown(dr_cole, treated, STRICT)
    assert f"{treated.pk}/report'" in shown(dr_cole, treated)

    report = str(report_page.layout(dr_cole, treated.pk, query, now=timezone.now()))
    assert f"/patient/{treated.pk}{query}'" in report
    assert "Not the clinic's criteria" in report
    assert "Relief was lost" in report


def test_looking_stores_nothing(treated, dr_cole):
    before = list(ReliefSpell.objects.values()), list(ReliefForecast.objects.values())
    shown(dr_cole, treated, STRICT)

    after = list(ReliefSpell.objects.values()), list(ReliefForecast.objects.values())
    assert after == before


def test_another_outcome_is_judged_by_its_own_baseline(treated, dr_cole):
    view = look(treated, criteria_from(treated, "?item=pain"), now=timezone.now())

    assert [spell.status for spell in view.stored] == ["no_response"]
    assert "Pain" in shown(dr_cole, treated, "?item=pain")


def test_address_names_the_criteria_and_is_empty_for_the_clinics(treated):
    own = relief.Criteria.for_item("mood")
    strict = criteria_from(treated, STRICT)

    assert search_of(treated, own) == ""
    assert criteria_from(treated, search_of(treated, strict)) == strict
    assert criteria_from(treated, "") == own


@pytest.mark.parametrize(
    ("search", "field"),
    [
        ("?item=phq9", "item"),
        ("?item=hope", "item"),
        ("?on=high", "on"),
        ("?on=20&off=30", "on"),
        ("?on=500", "on"),
        ("?k_off=0", "k_off"),
        ("?k_off=1.5", "k_off"),
        ("?baseline_window=-1", "baseline_window"),
    ],
)
def test_bad_criteria_are_named_and_the_clinics_are_used(
    treated, dr_cole, search, field
):
    with pytest.raises(Invalid) as refused:
        criteria_from(treated, search)
    assert refused.value.problems[0].field == field

    text = shown(dr_cole, treated, search)
    assert "criteria in the address are not used" in text
    assert "Relief is holding" in text


def test_a_large_clinic_is_not_judged_anew_and_says_so(treated, dr_cole, monkeypatch):
    monkeypatch.setattr("dashboard.pages.patient.view.MOST_JUDGED", 0)

    strict = look(treated, criteria_from(treated, STRICT), now=timezone.now())
    own = look(treated, now=timezone.now())
    assert "their curve is not drawn" in str(page.history(strict, dark=False))
    assert "their curve is not drawn" not in str(page.history(own, dark=False))
