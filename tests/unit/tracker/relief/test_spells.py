import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from tests.unit.tracker.relief.frames import (
    NOTHING_BORROWED,
    PAIN,
    clinic,
    day,
    diary_of,
    find,
    infusions_of,
    scores_from,
)
from tracker import relief

NAN, INF = np.nan, np.inf


# Baseline 10, so onset is 7 or less, loss more than 8; x is 10, a dot no log.
@pytest.mark.parametrize(
    ("after", "next_on", "as_of", "status", "onset", "lower", "upper"),
    [
        pytest.param("4444 999", None, None, "lost", 1, 4, 5, id="lost"),
        pytest.param("4444 99", None, None, "holding", 1, 4, INF, id="two-bad-days"),
        pytest.param("4444 994 99", None, None, "holding", 1, 7, INF, id="interrupted"),
        pytest.param("7777 888", None, None, "holding", 1, 7, INF, id="at-thresholds"),
        pytest.param("9977 999", None, None, "lost", 3, 4, 5, id="late-onset"),
        pytest.param("999977 999", None, None, "lost", 5, 6, 7, id="bad-before-onset"),
        pytest.param(
            "44 999 4444", None, None, "lost", 1, 2, 3, id="recovery-after-loss"
        ),
        pytest.param("4444 .9.9.9", None, None, "lost", 1, 4, 6, id="wide-interval"),
        pytest.param("44..8.9.99", None, None, "lost", 1, 5, 7, id="between-keeps"),
        pytest.param(
            "4444 9.......99 9",
            None,
            None,
            "lost",
            1,
            4,
            13,
            id="hole-restarts-the-run",
        ),
        pytest.param(
            "4444 9......99", None, None, "lost", 1, 4, 5, id="seven-days-still-a-run"
        ),
        pytest.param(
            "4 9 44 xxx", None, None, "lost", 3, 4, 5, id="one-good-day-no-onset"
        ),
        pytest.param(
            "4.......4 9", None, None, "holding", 1, 9, INF, id="onset-over-hole"
        ),
        pytest.param(
            "99999 9999 4 4", None, None, "holding", 10, 11, INF, id="onset-on-day-10"
        ),
        pytest.param(
            "99999 99999 44",
            None,
            None,
            "no_response",
            NAN,
            NAN,
            NAN,
            id="onset-too-late",
        ),
        pytest.param(
            "4444", 10, None, "cut_by_infusion", 1, 4, INF, id="next-infusion"
        ),
        pytest.param(
            "4444 99", 8, None, "cut_by_infusion", 1, 4, INF, id="pending-at-next"
        ),
        pytest.param(
            "4444 99.9",
            8,
            20,
            "cut_by_infusion",
            1,
            4,
            INF,
            id="next-series-not-counted",
        ),
        pytest.param(
            "4444", 18, None, "cut_by_infusion", 1, 4, INF, id="14-days-silent"
        ),
        pytest.param(
            "4444", 19, None, "cut_by_silence", 1, 4, INF, id="15-days-silent"
        ),
        pytest.param("4444", None, 18, "holding", 1, 4, INF, id="14-days-to-as-of"),
        pytest.param(
            "4444", None, 19, "cut_by_silence", 1, 4, INF, id="15-days-to-as-of"
        ),
        pytest.param(
            "44 ................... 44",
            None,
            None,
            "holding",
            1,
            23,
            INF,
            id="hole-inside",
        ),
        pytest.param("44 999", None, 60, "lost", 1, 2, 3, id="lost-then-silent"),
        pytest.param(
            "99999 99999", None, None, "no_response", NAN, NAN, NAN, id="none"
        ),
        pytest.param(
            "999999", 9, None, "no_response", NAN, NAN, NAN, id="none-till-next"
        ),
    ],
)
def test_status_and_interval(after, next_on, as_of, status, onset, lower, upper):
    criteria = relief.Criteria(item="pain", merge_gap=2)
    spell = find(after, next_on=next_on, as_of=as_of, criteria=criteria).iloc[0]

    assert spell["status"] == status
    assert spell["reason"] == ""
    np.testing.assert_equal(
        [spell["onset"], spell["lower"], spell["upper"]], [onset, lower, upper]
    )


@pytest.mark.parametrize(
    ("after", "before", "next_on", "as_of", "reason"),
    [
        pytest.param("", "xxxx", None, 0, "awaiting_onset", id="infused-today"),
        pytest.param("999", "xxxx", None, None, "awaiting_onset", id="day-3"),
        pytest.param(
            "99999 999", "xxxx", None, None, "awaiting_onset", id="8-bad-days"
        ),
        pytest.param("4", "xxxx", None, None, "awaiting_onset", id="one-good-day"),
        pytest.param(
            "99999 9999 4",
            "xxxx",
            None,
            20,
            "awaiting_onset",
            id="unconfirmed-on-day-10",
        ),
        pytest.param("99999", "xxxx", None, 10, "too_few_days", id="five-logs"),
        pytest.param(
            "..........4444", "xxxx", None, None, "too_few_days", id="late-logs"
        ),
        pytest.param("4........", "xxxx", None, 30, "too_few_days", id="one-log"),
        pytest.param("", "xxxx", None, 10, "no_logs", id="nothing-logged"),
        pytest.param("44444", "2222", None, None, "floor", id="below-floor"),
        pytest.param("44444", "", None, None, "no_baseline", id="nothing-before"),
        pytest.param("44", "xxxx", 3, None, "next_infusion", id="next-on-day-3"),
        pytest.param("", "xxxx", 1, None, "next_infusion", id="next-on-day-1"),
        pytest.param("9999", "xxxx", 5, None, "too_few_days", id="next-on-day-5"),
    ],
)
def test_not_assessable_says_why(after, before, next_on, as_of, reason):
    criteria = relief.Criteria(item="pain", merge_gap=0)
    found = find(after, before=before, next_on=next_on, as_of=as_of, criteria=criteria)
    spell = found.iloc[0]

    assert (spell["status"], spell["reason"]) == ("not_assessable", reason)
    assert spell[["onset", "lower", "upper", "confirmable"]].isna().all()


def test_an_unconfirmed_onset_at_the_end_of_a_silent_record_is_none():
    spell = find("99999 9999 4", as_of=30).iloc[0]

    assert spell["status"] == "no_response"


@pytest.mark.parametrize(
    ("after", "confirmable", "pending"),
    [
        pytest.param("44444", 3, 0, id="third-last-log"),
        pytest.param("44.4..4", 2, 0, id="third-last-log-with-holes"),
        pytest.param("44444 99", 5, 2, id="pending"),
        pytest.param("44444 9", 4, 1, id="one-pending"),
        pytest.param("444 9 ........ 9 ........ 9", 3, 3, id="pending-over-holes"),
        pytest.param("44", 0, 0, id="fewer-logs-than-a-loss-takes"),
        pytest.param("44 999", NAN, 0, id="lost"),
    ],
)
def test_a_spell_is_censored_where_a_loss_could_still_be_confirmed(
    after, confirmable, pending
):
    spell = find(after).iloc[0]

    np.testing.assert_equal(spell["confirmable"], confirmable)
    assert spell["pending"] == pending


def test_a_loss_knows_the_day_it_was_confirmed():
    spell = find("444 9.9..9").iloc[0]

    assert (spell["lower"], spell["upper"], spell["loss_confirmed"]) == (3, 4, 9)
    assert spell["best"] == pytest.approx(0.6, abs=1e-15)
    assert (spell["last_log"], spell["days_logged"], spell["days_expected"]) == (
        9,
        6,
        9,
    )


def test_day_zero_and_days_inside_a_series_belong_to_no_spell():
    scores = scores_from("xxxx", -4) | scores_from("1111 1", 0) | scores_from("999", 6)
    found = relief.find_spells(
        diary_of(scores), infusions_of([0, 3, 5]), PAIN, population=NOTHING_BORROWED
    )

    assert found["series"].tolist() == [1]
    assert found["last_infusion"].tolist() == [day(5)]
    assert found["days_logged"].tolist() == [3]
    assert found["baseline"].tolist() == [10]


def test_best_and_onset_are_shares_of_the_baseline():
    spell = find("223", before="4444").iloc[0]

    assert spell["baseline"] == 4
    assert spell["best"] == pytest.approx(0.5, abs=1e-15)


def test_the_direction_of_the_item_decides():
    scores = scores_from("xxxx", -4) | scores_from("4444 999", 1)
    diary, infusions = diary_of(scores), infusions_of([0])
    pain = relief.find_spells(diary, infusions, PAIN)
    mood = relief.find_spells(diary, infusions, relief.Criteria.for_item("mood"))

    different = ["criteria_version"]
    pd.testing.assert_frame_equal(
        pain.drop(columns=different), mood.drop(columns=different)
    )
    assert pain["status"].tolist() == ["lost"]


def test_the_trial_preset_asks_for_more():
    strict = relief.Criteria.for_item("pain", "trial")

    assert find("666666 6666", criteria=strict)["status"].tolist() == ["no_response"]
    assert find("5555 888", criteria=strict)["status"].tolist() == ["lost"]


def test_patients_with_infusions_and_no_logs_and_the_reverse():
    diary = diary_of(scores_from("xxxx", -4), patient="ben")
    found = relief.find_spells(diary, infusions_of([-9]), PAIN)

    assert found["patient_id"].tolist() == ["ana"]
    assert found["baseline_source"].tolist() == ["none"]
    assert found["reason"].tolist() == ["no_baseline"]


def test_nothing_after_as_of_is_seen():
    scores = scores_from("xxxx", -4) | scores_from("4444 999", 1)
    diary, infusions = diary_of(scores), infusions_of([0, 12])
    early = relief.find_spells(
        diary, infusions, PAIN, as_of=day(5), population=NOTHING_BORROWED
    )
    cut = relief.find_spells(
        diary[diary["date"] <= day(5)],
        infusions[:1],
        PAIN,
        as_of=day(5),
        population=NOTHING_BORROWED,
    )

    pd.testing.assert_frame_equal(early, cut)
    assert early["status"].tolist() == ["holding"]


def test_as_of_may_differ_by_patient():
    scores = scores_from("xxxx", -4) | scores_from("4444 999", 1)
    diary = pd.concat([diary_of(scores, "ana"), diary_of(scores, "ben")])
    infusions = pd.concat([infusions_of([0], "ana"), infusions_of([0], "ben")])
    as_of = pd.Series({"ben": day(5), "ana": day(7)})

    found = relief.find_spells(diary, infusions, PAIN, as_of=as_of)

    assert found["status"].tolist() == ["lost", "holding"]
    assert found["days_expected"].tolist() == [7, 5]
    as_dates = as_of.map(lambda at: at.date()).astype(object)
    pd.testing.assert_frame_equal(
        found, relief.find_spells(diary, infusions, PAIN, as_of=as_dates)
    )


def test_as_of_before_the_first_infusion_leaves_no_spell():
    found = relief.find_spells(
        diary_of(scores_from("xxxx", -4)), infusions_of([0]), PAIN, as_of=day(-1)
    )

    assert found.empty


def test_a_confirmed_loss_is_never_taken_back_by_later_days():
    scores = scores_from("xxxx", -4) | scores_from("4444 999 44 9999 4444444", 1)
    diary, infusions = diary_of(scores), infusions_of([0])
    intervals = {
        tuple(
            relief.find_spells(
                diary, infusions, PAIN, as_of=day(last), population=NOTHING_BORROWED
            )
            .loc[0, ["onset", "lower", "upper", "loss_confirmed"]]
            .tolist()
        )
        for last in range(7, 30)
    }

    assert intervals == {(1, 4, 5, 7)}


def test_a_spell_stays_when_another_patient_logs():
    diary, infusions = clinic(3)
    population = relief.estimate_population(diary, infusions, PAIN)
    last = max(diary["date"].max(), infusions["date"].max())
    together = relief.find_spells(diary, infusions, PAIN, last, population)
    for patient, alone in together.groupby("patient_id"):
        mine = relief.find_spells(
            diary[diary["patient_id"] == patient],
            infusions[infusions["patient_id"] == patient],
            PAIN,
            last,
            population,
        )
        pd.testing.assert_frame_equal(mine, alone.reset_index(drop=True))


def test_importing_the_package_loads_no_web_framework():
    code = (
        "import sys, tracker.relief\n"
        "heavy = {'django', 'rest_framework', 'dash', 'plotly'}\n"
        "print(sorted(heavy & {name.split('.')[0] for name in sys.modules}))"
    )
    loaded = subprocess.run(  # our own interpreter, our own code
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert loaded.stdout.strip() == "[]"


def test_a_composite_counts_a_day_only_when_all_its_items_are_there():
    scores = scores_from("xxxx", -4) | scores_from("4444 999", 1)
    diary = diary_of(scores)
    both = relief.Criteria.composite({"mood": 1, "pain": 1})
    blank = diary.assign(mood=diary["mood"].where(diary["date"] != day(2)))

    whole = relief.find_spells(diary, infusions_of([0]), both).iloc[0]
    part = relief.find_spells(blank, infusions_of([0]), both).iloc[0]

    assert (whole["baseline"], whole["status"], whole["days_logged"]) == (10, "lost", 7)
    assert part["days_logged"] == 6


def test_parts_pull_in_the_direction_of_their_burden():
    # Mood 2 and pain 8 are both bad days; raw scores would cancel.
    scores = scores_from("8888", -4) | scores_from("22 888", 1)
    both = relief.Criteria.composite({"mood": 1, "pain": 1})

    spell = relief.find_spells(diary_of(scores), infusions_of([0]), both).iloc[0]

    assert spell["baseline"] == 8
    assert (spell["status"], spell["lower"], spell["upper"]) == ("lost", 2, 3)


def test_the_worst_item_decides_where_the_clinic_says_so():
    scores = scores_from("8888", -4) | scores_from("2222222", 1)
    diary = diary_of(scores).assign(anxiety=8.0)
    worst = relief.Criteria.composite({"pain": 1, "anxiety": 1}, "worst")
    mean = relief.Criteria.composite({"pain": 1, "anxiety": 1})

    assert relief.find_spells(diary, infusions_of([0]), worst)["onset"].isna().all()
    assert relief.find_spells(diary, infusions_of([0]), mean)["onset"].notna().all()


def test_late_entries_are_counted_where_the_diary_tells():
    scores = scores_from("xxxx", -4) | scores_from("4444", 1)
    diary = diary_of(scores)
    late = diary.assign(late=diary["date"].isin([day(1), day(-1)]))

    assert relief.find_spells(late, infusions_of([0]), PAIN)["late_share"][0] == 0.25
    assert np.isnan(relief.find_spells(diary, infusions_of([0]), PAIN)["late_share"][0])


def test_the_baseline_comes_with_its_spread():
    scores = scores_from("x8x8", -4) | scores_from("4444", 1)
    spell = relief.find_spells(diary_of(scores), infusions_of([0]), PAIN).iloc[0]
    alone = relief.find_spells(diary_of({-1: 8.0}), infusions_of([0]), PAIN).iloc[0]

    assert spell["baseline_sd"] == pytest.approx(np.std([10, 8, 10, 8], ddof=1))
    assert np.isnan(alone["baseline_sd"])


@pytest.mark.parametrize(
    ("began", "flagged"),
    [
        pytest.param(-1, [False, False], id="before-the-series"),
        pytest.param(0, [True, False], id="with-the-infusion"),
        pytest.param(19, [True, False], id="last-day-of-the-spell"),
        pytest.param(20, [False, True], id="with-the-next"),
        pytest.param(31, [False, False], id="after-as-of"),
    ],
)
def test_another_treatment_flags_the_spell_it_began_in(began, flagged):
    scores = scores_from("xxxx", -4) | scores_from("4" * 30, 1)
    other = pd.DataFrame({"patient_id": ["ana", "zoe"], "date": [day(began), day(5)]})

    spells = relief.find_spells(
        diary_of(scores), infusions_of([0, 20]), PAIN, day(30), treatments=other
    )

    assert spells["other_treatments"].tolist() == flagged


def test_a_phq9_is_judged_by_its_own_weeks():
    weeks = [-14, -7, 7, 14, 21, 28, 35]
    scores = [18, 20, 8, 7, 9, 12, 13]
    diary = diary_of(dict.fromkeys(weeks, 0.0)).assign(phq9=np.array(scores, float))

    criteria = relief.Criteria.for_item("phq9")
    spell = relief.find_spells(diary, infusions_of([0]), criteria).iloc[0]

    assert (spell["baseline"], spell["status"]) == (19, "lost")
    assert (spell["onset"], spell["lower"], spell["upper"]) == (7, 21, 28)
    assert spell["days_expected"] == 5
