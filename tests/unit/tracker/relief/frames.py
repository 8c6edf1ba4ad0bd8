"""Small frames for the relief tests, written as strings of daily scores."""

import numpy as np
import pandas as pd

from tracker import relief

DAY_ZERO = pd.Timestamp("2025-03-01")
PAIN = relief.Criteria.for_item("pain")
NOTHING_BORROWED = relief.Population()

DIARY_COLUMNS = ["patient_id", "date", "mood", "pain"]


def scores_from(text, first_day):
    """`8.x` is 8 on the first day, nothing on the next, 10 on the third."""
    return {
        first_day + place: 10.0 if mark == "x" else float(mark)
        for place, mark in enumerate(text.replace(" ", ""))
        if mark != "."
    }


def diary_of(scores, patient="ana"):
    """One patient's diary from {day: pain}; mood is the mirror of pain."""
    days = sorted(scores)
    pain = np.array([scores[day] for day in days], float)
    return pd.DataFrame(
        {
            "patient_id": [patient] * len(days),
            "date": DAY_ZERO + pd.to_timedelta(days, unit="D"),
            "mood": 10 - pain,
            "pain": pain,
        }
    )


def infusions_of(days, patient="ana", **columns):
    return pd.DataFrame(
        {
            "patient_id": [patient] * len(days),
            "date": DAY_ZERO + pd.to_timedelta(list(days), unit="D"),
            **columns,
        }
    )


def day(number):
    return DAY_ZERO + pd.Timedelta(days=number)


def find(after, *, before="x" * 10, next_on=None, as_of=None, criteria=PAIN):
    """Spells of one patient: scores from day 1, and those up to day -1."""
    scores = scores_from(before, -len(before.replace(" ", "")))
    scores |= scores_from(after, 1)
    infusions = [0] if next_on is None else [0, next_on]
    return relief.find_spells(
        diary_of(scores),
        infusions_of(infusions),
        criteria,
        as_of=None if as_of is None else day(as_of),
        population=NOTHING_BORROWED,
    )


def clinic(seed, n_patients=12, n_days=160, items=("pain", "mood")):
    """A made-up clinic full of awkward records, and some infusion columns."""
    rng = np.random.default_rng(seed)
    diary, infusions = [], []
    for patient in range(n_patients):
        infused = np.flatnonzero(rng.random(n_days) < rng.choice([0.02, 0.05, 0.2]))
        infused = infused[infused > rng.integers(0, 40)]
        base = rng.uniform(2, 9)
        logged = np.flatnonzero(rng.random(n_days) < rng.choice([0.3, 0.7, 0.95, 1]))
        if rng.random() < 0.3:
            logged = logged[(logged < 60) | (logged > 85)]
        if rng.random() < 0.2:
            logged = logged[logged < rng.integers(20, n_days)]
        since = np.array(
            [min((d - i for i in infused if i <= d), default=99) for d in logged]
        )
        depth = rng.uniform(0.1, 0.9) * np.exp(-since / rng.uniform(5, 40))
        pain = base * (1 - depth) + rng.normal(0, rng.uniform(0.3, 1.5), len(logged))
        pain = np.clip(np.round(pain * 2) / 2, 0, 10)
        blank = rng.random(len(logged)) < 0.05
        dates = DAY_ZERO + pd.to_timedelta(logged, unit="D")
        diary.append(
            pd.DataFrame(
                {
                    "patient_id": patient,
                    "date": dates,
                    "mood": np.where(blank, np.nan, 10 - pain),
                    "pain": np.where(blank, np.nan, pain),
                }
            )
        )
        infused = np.concatenate((infused, infused[rng.random(len(infused)) < 0.1]))
        start = DAY_ZERO + pd.to_timedelta(infused, unit="D")
        long = rng.random(len(infused)) < 0.1
        end = start + pd.to_timedelta(rng.integers(0, 6, len(infused)), unit="D")
        course = rng.choice([None, None, None, "first", "second"], len(infused))
        infusions.append(
            pd.DataFrame(
                {
                    "patient_id": np.full(len(infused), patient),
                    "date": start,
                    "end_date": pd.Series(end).where(long, pd.NaT),
                    "course": course.astype(object),
                    "agent": rng.choice(["ketamine", "esketamine", None], len(infused)),
                    "route": rng.choice(["iv", "im"], len(infused)),
                    "dose_mg": rng.choice([40.0, 56.0, np.nan], len(infused)),
                    "mg_per_kg": rng.choice([0.5, 0.7], len(infused)),
                }
            )
        )
    diary, infusions = pd.concat(diary), pd.concat(infusions)
    return (
        diary.sample(frac=1, random_state=seed).reset_index(drop=True),
        infusions.sample(frac=1, random_state=seed).reset_index(drop=True),
    )
