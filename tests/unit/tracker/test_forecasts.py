"""Outlooks are kept with what they stood on, made void by changes, and scored."""

from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone

from tests.factories import NOW, give_infusion, make_patient, save_entry
from tracker import actions, audit, forecasts
from tracker.frames import diary_frame, infusion_frame
from tracker.models import ClinicModel, ReliefForecast, ReliefSpell
from tracker.problems import NotFound
from tracker.relief_models import fit_models, refit_old_models
from tracker.relief_refresh import refresh_patient, start_new_day

TODAY = NOW.date()
TREATED_ON = TODAY - timedelta(days=12)


def log(patient, day, mood):
    save_entry(patient, TREATED_ON + timedelta(days=day), mood=mood)


@pytest.fixture
def treated(ana, nurse_nora):
    """Mood 2 before and 8 since the infusion twelve days ago."""
    give_infusion(ana, nurse_nora, TREATED_ON)
    for day in [*range(-14, 0), *range(1, 13)]:
        log(ana, day, 2 if day < 0 else 8)
    return ana


def days_later(days):
    return NOW + timedelta(days=days)


def test_the_outlook_is_kept_with_what_it_stood_on(treated):
    refresh_patient(treated, now=NOW)

    forecast = ReliefForecast.objects.get()
    shown = forecasts.show(forecast)
    assert (forecast.as_of, forecast.state) == (TODAY, "in relief")
    assert len(forecast.fingerprint) == 64
    assert (shown.day, shown.last_relief_day, shown.days_logged) == (12, 12, 12)
    assert shown.survival[12] == pytest.approx(1)
    assert next(q.day for q in shown.quantiles if q.share == 0.5) > 12
    assert shown.window is not None
    assert TODAY < shown.window.start <= shown.window.best <= shown.window.end


def test_one_outlook_a_day_and_the_last_one_counts(treated):
    refresh_patient(treated, now=NOW)
    first = ReliefForecast.objects.get()
    log(treated, 12, 3)
    refresh_patient(treated, now=NOW)

    second = ReliefForecast.objects.get()
    assert second.pk == first.pk
    assert second.state == "pending loss"
    assert second.fingerprint != first.fingerprint
    assert second.void_since is None


def test_a_new_day_leaves_earlier_outlooks_standing(treated):
    refresh_patient(treated, now=NOW)
    log(treated, 13, 8)
    refresh_patient(treated, now=days_later(1))

    assert ReliefForecast.objects.filter(void_since=None).count() == 2
    assert forecasts.newest_forecast(treated).as_of == TODAY + timedelta(days=1)


def changed_day(patient, nurse):
    log(patient, 5, 3)


def cancelled(patient, nurse):
    infusion = patient.infusions.get()
    actions.cancel_infusion(nurse, infusion, reason="not given", now=NOW)


def moved(patient, nurse):
    infusion = patient.infusions.get()
    earlier = infusion.started_at - timedelta(days=1)
    values = {"started_at": earlier, "ended_at": earlier + timedelta(minutes=40)}
    actions.correct_infusion(nurse, infusion, values, reason="misread", now=NOW)


@pytest.mark.parametrize("change", [changed_day, cancelled, moved])
def test_a_changed_record_makes_outlooks_void(treated, nurse_nora, change):
    refresh_patient(treated, now=NOW)
    change(treated, nurse_nora)
    refresh_patient(treated, now=days_later(1))

    old = ReliefForecast.objects.get(as_of=TODAY)
    assert old.void_since == days_later(1)
    assert old.void_reason == "The record it stood on was changed"
    newest = forecasts.newest_forecast(treated)
    assert newest is None or newest.as_of > TODAY


def test_a_change_to_another_item_leaves_it_standing(treated):
    refresh_patient(treated, now=NOW)
    save_entry(treated, TREATED_ON + timedelta(days=5), mood=8, pain=3)
    refresh_patient(treated, now=days_later(1))

    assert not ReliefForecast.objects.exclude(void_since=None).exists()


def test_what_happened_scores_the_outlook(treated):
    refresh_patient(treated, now=NOW)
    for day in range(13, 30):
        log(treated, day, 8 if day < 20 else 2)
    refresh_patient(treated, now=days_later(18))

    forecast = ReliefForecast.objects.get(as_of=TODAY)
    survival = np.array(forecast.survival)
    assert (forecast.truth_lower, forecast.truth_upper) == (19, 20)
    assert forecast.pit_low == pytest.approx(1 - survival[19])
    assert forecast.pit_high == pytest.approx(1 - survival[20])
    chance = survival[19] - survival[20]
    assert forecast.log_score == pytest.approx(-np.log(max(chance, 1e-4)))


def test_relief_cut_by_a_booster_scores_up_to_where_loss_could_be_seen(
    treated, nurse_nora
):
    refresh_patient(treated, now=NOW)
    for day in range(13, 20):
        log(treated, day, 8)
    give_infusion(treated, nurse_nora, TREATED_ON + timedelta(days=20), phase="booster")
    refresh_patient(treated, now=days_later(9))

    forecast = ReliefForecast.objects.get(as_of=TODAY)
    spell = ReliefSpell.objects.get(series=1)
    assert spell.status == "cut_by_infusion"
    assert (forecast.truth_lower, forecast.truth_upper) == (spell.confirmable, None)
    assert forecast.pit_high == 1


def test_an_outlook_on_a_changed_record_is_not_scored(treated):
    refresh_patient(treated, now=NOW)
    log(treated, 5, 3)
    for day in range(13, 30):
        log(treated, day, 8 if day < 20 else 2)
    refresh_patient(treated, now=days_later(18))

    forecast = ReliefForecast.objects.get(as_of=TODAY)
    assert forecast.void_since is not None
    assert forecast.scored_at is None


def test_who_has_left_gets_no_new_outlook(treated):
    refresh_patient(treated, now=NOW)
    treated.state = "deceased"
    treated.save()
    refresh_patient(treated, now=days_later(1))

    assert ReliefForecast.objects.count() == 1
    assert forecasts.newest_forecast(treated) is None


def test_another_patients_record_moves_no_outlook(treated, clinic, nurse_nora):
    refresh_patient(treated, now=NOW)
    before = ReliefForecast.objects.get().survival
    other = make_patient("Other", clinic)
    give_infusion(other, nurse_nora, TREATED_ON)
    log(other, 1, 9)
    refresh_patient(treated, now=NOW)

    assert ReliefForecast.objects.get(patient=treated).survival == before


def test_refreshing_costs_the_same_however_many_outlooks_wait(
    treated, django_assert_max_num_queries
):
    for day in range(6):
        refresh_patient(treated, now=days_later(day))
    with django_assert_max_num_queries(34):
        refresh_patient(treated, now=days_later(6))


# Who relied on it is told.


def test_who_saw_a_withdrawn_outlook_is_told(treated, dr_cole, nurse_nora, dr_dane):
    seen_at = timezone.now()
    refresh_patient(treated, now=seen_at - timedelta(minutes=5))
    audit.record_read(
        "patient page", actor_id=dr_cole.pk, patient_id=treated.pk, own=False
    )
    log(treated, 5, 3)
    later = timezone.now() + timedelta(days=1)
    refresh_patient(treated, now=later)

    since = seen_at - timedelta(days=30)
    told = forecasts.withdrawn_from(dr_cole, treated, since=since)
    assert len(told) == 1
    assert "you have seen was withdrawn" in forecasts.withdrawn_words(told)
    assert forecasts.withdrawn_from(nurse_nora, treated, since=since) == []
    with pytest.raises(NotFound):
        forecasts.withdrawn_from(dr_dane, treated, since=since)


def test_several_withdrawn_outlooks_are_one_sentence():
    made = [ReliefForecast(as_of=TODAY, void_since=NOW) for _ in range(3)]

    assert forecasts.withdrawn_words([]) == ""
    assert forecasts.withdrawn_words(made) == (
        "3 outlooks that you have seen, the last of 24 Nov 2026, were withdrawn: "
        "the record behind was changed on 24 Nov 2026."
    )


# The clinic's model.


def test_the_clinics_model_is_used_from_its_fit_on(treated, clinic):
    refresh_patient(treated, now=NOW)
    assert ReliefForecast.objects.get().model_version is None

    fit_models(clinic, today=TODAY, now=NOW)
    refresh_patient(treated, now=NOW)

    assert ReliefForecast.objects.get().model_version == 1


def test_a_model_is_fitted_anew_when_a_week_old(treated, clinic):
    assert refit_old_models(today=TODAY, now=NOW) == 1
    assert refit_old_models(today=TODAY, now=days_later(6)) == 0
    assert refit_old_models(today=TODAY, now=days_later(8)) == 1
    assert list(ClinicModel.objects.values_list("version", flat=True)) == [2, 1]


def past_forecasts(clinic, place):
    """Forty scored outlooks of ten patients, their truths all at one place."""
    for number in range(10):
        patient = make_patient(f"Past {number}", clinic)
        for day in range(4):
            ReliefForecast.objects.create(
                patient=patient,
                item="mood",
                as_of=TODAY - timedelta(days=100 + day),
                state="in relief",
                outlook={},
                criteria_version="",
                fingerprint="",
                issued_at=NOW,
                scored_at=NOW,
                pit_low=place,
                pit_high=place + 1e-6,
                log_score=3.0,
                boosted_fading=number < 5,
            )


def test_forecasts_that_did_badly_here_take_the_window_away(treated, clinic):
    fit_models(clinic, today=TODAY, now=NOW)
    past_forecasts(clinic, 0.01)
    forecasts.judge_models(clinic)
    refresh_patient(treated, now=NOW)

    shown = forecasts.show(forecasts.newest_forecast(treated))
    assert ClinicModel.objects.get().calibrated is False
    assert (shown.window, shown.reason) == (None, "not_calibrated")
    assert (
        "Earlier forecasts in this clinic were not close enough" in (shown.sentences[0])
    )
    assert shown.survival is not None


@pytest.mark.parametrize(
    ("place", "verdict"), [(0.5, True), (None, None)], ids=["good", "too-few"]
)
def test_good_or_unknown_forecasts_keep_the_window(treated, clinic, place, verdict):
    fit_models(clinic, today=TODAY, now=NOW)
    if place is not None:
        past_forecasts(clinic, place)
    start_new_day(TODAY, now=NOW)
    refresh_patient(treated, now=NOW)

    assert ClinicModel.objects.first().calibrated is verdict
    assert forecasts.show(forecasts.newest_forecast(treated)).window is not None


def test_scorecards_split_by_how_boosters_are_given(clinic):
    past_forecasts(clinic, 0.5)

    cards = forecasts.scorecards(clinic, "mood")
    assert cards["all"].n_forecasts == 40
    assert cards["all"].coverage[80] == pytest.approx(1)
    assert cards["boosters ahead of fading"].n_forecasts == 20
    assert cards["boosters on fading"].n_patients == 5
    assert cards["boosters on fading"].reason == "too_few_forecasts"


def test_what_earlier_days_would_have_said_knows_nothing_later(treated, clinic):
    day = TODAY - timedelta(days=4)
    forecasts.look_back(clinic, [day], now=NOW)

    forecast = ReliefForecast.objects.get()
    diary, infusions = diary_frame([treated.pk]), infusion_frame([treated.pk])
    known = diary["date"] <= str(day)
    prints = forecasts.fingerprints(diary[known], infusions, "mood", [day])
    assert (forecast.as_of, forecast.looked_back) == (day, True)
    assert forecast.fingerprint == prints[day]
    assert forecasts.show(forecast).days_logged == 8
