"""The stored spells follow the record, and only the record."""

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from tests.factories import NOW, give_infusion, make_patient, save_entry
from tracker import relief
from tracker.frames import diary_frame, infusion_frame, spell_frame
from tracker.management.commands.worker import Worker
from tracker.models import ClinicBaseline, ReliefMark, ReliefSpell
from tracker.relief_refresh import (
    criteria_for,
    estimate_baselines,
    mark_all,
    refresh_marked,
    refresh_patient,
)
from tracker.relief_words import OUTLOOK_STATES, STATUSES

TREATED_ON = NOW.date() - timedelta(days=40)


@pytest.fixture
def treated(ana, nurse_nora):
    """Mood 2 before, 8 for 24 days after the infusion, then 2 again."""
    give_infusion(ana, nurse_nora, TREATED_ON)
    for ago in range(1, 15):
        save_entry(ana, TREATED_ON - timedelta(days=ago), mood=2)
    for day in range(1, 35):
        save_entry(ana, TREATED_ON + timedelta(days=day), mood=8 if day < 25 else 2)
    return ana


def test_refresh_stores_the_spells_with_their_stamp(treated):
    refresh_patient(treated, now=NOW)

    spell = ReliefSpell.objects.get()
    assert (spell.status, spell.onset, spell.lower, spell.upper) == ("lost", 1, 24, 25)
    assert (spell.baseline, spell.baseline_days) == (8.0, 14)
    assert spell.criteria_version == criteria_for(treated).version


def test_stored_spells_are_what_the_library_finds(treated, nurse_nora):
    give_infusion(treated, nurse_nora, TREATED_ON + timedelta(days=36), phase="booster")
    refresh_patient(treated, now=NOW)

    stored = spell_frame([treated.pk])
    found = relief.find_spells(
        diary_frame([treated.pk]),
        infusion_frame([treated.pk]),
        criteria_for(treated),
        as_of=pd.Timestamp(NOW.date()),
        population=relief.Population(),
    )
    for column in stored.columns:
        assert str(list(stored[column])) == str(list(found[column])), column


def test_saving_marks_and_the_worker_clears(treated):
    assert ReliefMark.objects.get(patient=treated).marks > 40

    Worker().clear()

    assert not ReliefMark.objects.exists()
    assert ReliefSpell.objects.filter(patient=treated).count() == 1


def test_mark_made_while_computing_is_not_lost(treated, monkeypatch):
    from tracker import relief_refresh

    def refresh_and_be_overtaken(patient, *, now):
        save_entry(patient, TREATED_ON + timedelta(days=35), mood=3)

    monkeypatch.setattr(relief_refresh, "refresh_patient", refresh_and_be_overtaken)

    refresh_marked(now=NOW)

    assert ReliefMark.objects.filter(patient=treated).exists()


def test_another_patients_entries_move_nothing(treated, clinic, nurse_nora):
    refresh_patient(treated, now=NOW)
    before = ReliefSpell.objects.values_list("baseline", "lower", "upper").get()
    for number in range(6):
        other = make_patient(f"Other {number}", clinic)
        give_infusion(other, nurse_nora, TREATED_ON)
        for ago in range(1, 10):
            save_entry(other, TREATED_ON - timedelta(days=ago), mood=number % 3)

    refresh_patient(treated, now=NOW)

    assert ReliefSpell.objects.values_list("baseline", "lower", "upper").get() == before


def test_clinics_figures_are_versioned_and_used_from_then_on(
    treated, clinic, nurse_nora
):
    for number in range(6):
        other = make_patient(f"Other {number}", clinic)
        give_infusion(other, nurse_nora, TREATED_ON)
        for ago in range(1, 10):
            save_entry(other, TREATED_ON - timedelta(days=ago), mood=(number + ago) % 4)

    estimate_baselines(clinic, now=NOW)
    estimate_baselines(clinic, now=NOW)
    refresh_patient(treated, now=NOW)

    assert list(ClinicBaseline.objects.values_list("version", flat=True)) == [2, 1]
    assert ReliefSpell.objects.get(patient=treated).baseline_version == 2


def test_few_patients_give_no_figures(treated, clinic):
    assert estimate_baselines(clinic, now=NOW) == []


def test_cancelled_infusion_takes_its_spell_away(treated, nurse_nora):
    from tracker.actions import cancel_infusion

    refresh_patient(treated, now=NOW)
    cancel_infusion(nurse_nora, treated.infusions.get(), reason="not given", now=NOW)

    refresh_marked(now=NOW)

    assert not ReliefSpell.objects.exists()


def test_later_zone_moves_no_spell(treated):
    refresh_patient(treated, now=NOW)
    before = ReliefSpell.objects.values_list("last_infusion", "lower", "upper").get()
    treated.time_zone = "Pacific/Kiritimati"
    treated.save()

    refresh_patient(treated, now=datetime(2026, 11, 24, 12, tzinfo=UTC))

    after = ReliefSpell.objects.values_list("last_infusion", "lower", "upper").get()
    assert after == before


def test_new_day_marks_who_is_active_or_was_treated(treated, ben, clinic):
    make_patient("Gone", clinic, state="discharged")
    treated.state = "discharged"
    treated.save()
    ReliefMark.objects.all().delete()

    # The treated one for what is said of relief, the active one for silence.
    assert mark_all(now=NOW) == 2
    marked = {mark.patient for mark in ReliefMark.objects.all()}
    assert marked == {treated, ben}


def test_statuses_have_words():
    import inspect

    from tracker.relief import rule, spells

    source = inspect.getsource(rule) + inspect.getsource(spells)
    for status, word in STATUSES:
        assert f'"{status}"' in source
        assert word


def test_states_of_an_outlook_have_the_words_of_the_library():
    assert dict(OUTLOOK_STATES) == relief.STATE_WORDS
