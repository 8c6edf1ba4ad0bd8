"""Trials made up after published ones give back the published figures.

Each trial takes how long relief lasts from a curve that fits its paper, and its
infusions, days of rating and rule of relapse from the paper as far as it tells them.
From the ratings alone `find_spells` and the curves must find

- the figure that holds for the curve, from thousands of patients, and
- the published figure, to within what chance does in trials of the paper's size.

Assumed throughout, as no paper gives ratings patient by patient: a responder's score
falls by 70 % of baseline and stays there until relief ends on one day, then is back to
5 %; a rating strays from that by 0.4 points of 10 (one standard deviation); nobody
misses a rating; relief lasts log-normally, except for the share that the papers say is
still well at the end. Spreads are chosen, not published. The sources are abstracts or
excerpts, not whole papers.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from tests.unit.tracker.relief.frames import DAY_ZERO, NOTHING_BORROWED
from tracker import relief
from tracker.relief.groups import restricted_mean
from tracker.relief.interval import spells_npmle

PATIENTS = 3_000
SINGLE, SIX_IN_TWELVE_DAYS = (0,), (-11, -9, -7, -4, -2, 0)
BASELINE_DAYS = (-3, -2, -1)
BETTER, WORSE, SPREAD = 0.70, 0.05, 0.4


@dataclass(frozen=True)
class Trial:
    """Responders' days of relief (log-normal), and how the paper looked at them.

    `visits` are days of rating from the last infusion, the first of them that of
    response; a loss counts when `confirmed_by` visits in turn say so.
    """

    responders: int
    infusions: tuple[int, ...]
    visits: tuple[int, ...]
    median: float
    log_sd: float
    lasting: float = 0.0
    confirmed_by: int = 1
    off: float = 0.5

    @property
    def criteria(self):
        return relief.Criteria(
            "mood", on=0.5, off=self.off, k_on=1, k_off=self.confirmed_by
        )

    def spells(self, seed):
        """Of `PATIENTS` patients, from their ratings alone."""
        rng = np.random.default_rng(seed)
        days = self.median * np.exp(self.log_sd * rng.normal(size=PATIENTS))
        # Who was rated a responder had relief on that day.
        days = np.maximum(days, self.visits[0] + 0.5)
        days[rng.random(PATIENTS) < self.lasting] = np.inf
        first = self.infusions[0]
        rated = np.array([*(first + d for d in BASELINE_DAYS), *self.visits])
        gain = np.where(rated < days[:, None], BETTER, WORSE)
        gain[:, : len(BASELINE_DAYS)] = 0
        baseline = rng.uniform(6, 8, (PATIENTS, 1))
        burden = baseline * (1 - gain) + SPREAD * rng.normal(size=gain.shape)
        patient = np.arange(PATIENTS)
        diary = pd.DataFrame(
            {
                "patient_id": np.repeat(patient, len(rated)),
                "date": DAY_ZERO + pd.to_timedelta(np.tile(rated, PATIENTS), unit="D"),
                "mood": 10 - np.clip(burden, 0, 10).ravel(),
            }
        )
        given = np.tile(self.infusions, PATIENTS)
        infusions = pd.DataFrame(
            {
                "patient_id": np.repeat(patient, len(self.infusions)),
                "date": DAY_ZERO + pd.to_timedelta(given, unit="D"),
            }
        )
        return relief.find_spells(
            diary, infusions, self.criteria, population=NOTHING_BORROWED
        )

    def figures(self, figure, seed):
        """The figure of all patients, and those of trials of the paper's size."""
        spells = self.spells(seed)
        trial = spells["patient_id"].to_numpy() // self.responders
        whole = range(PATIENTS // self.responders)
        return figure(spells), np.array([figure(spells[trial == n]) for n in whole])


def share_left(day):
    def figure(spells):
        curve = relief.kaplan_meier(spells).set_index("day")["survival"]
        return curve.loc[:day].iloc[-1]

    return figure


def mean_to_28(spells):
    return restricted_mean(relief.kaplan_meier(spells), 28).estimate


def median_between_visits(spells):
    """Where the two edges of the interval estimate cross a half, on average.

    With days between the ratings, the day of the first bad one is late.
    """
    low, high = spells_npmle(spells).survival(np.arange(120))
    return (np.argmax(low <= 0.5) + np.argmax(high <= 0.5)) / 2


# Ratings each day for four weeks after a single 0.5 mg/kg; relapse when the gain fell
# below a quarter on two days in turn (assumed; the excerpt gives no rule). One rating
# more, so that a loss on day 28 can be confirmed. 13 days and 1.15 are a compromise
# between both figures: 25 % hold to day 28, and whole days to it have a mean of 15.4.
IBRAHIM = Trial(
    responders=26, infusions=SINGLE, visits=tuple(range(1, 30)), median=13.0,
    log_sd=1.15, confirmed_by=2, off=0.25,
)  # fmt: skip
# Six infusions in twelve days, rated twice a week to day 83 (and once more, to
# confirm); relapse at two visits in turn (assumed). A quarter was well at the end; the
# others' median of 14 days makes the median of all 18.
MURROUGH = Trial(
    responders=17, infusions=SIX_IN_TWELVE_DAYS,
    visits=(1, *(day for week in range(0, 91, 7) for day in (week + 3, week + 7))),
    median=14.0, log_sd=0.6, lasting=0.24, confirmed_by=2,
)  # fmt: skip
WEEKLY = (1, *range(7, 57, 7))
# Rated weekly for eight weeks; relapse at one rating.
ALBOTT_PTSD = Trial(12, SIX_IN_TWELVE_DAYS, WEEKLY, median=41.0, log_sd=0.8)
ALBOTT_MOOD = Trial(14, SIX_IN_TWELVE_DAYS, WEEKLY, median=20.0, log_sd=0.7)
FEDER = Trial(10, SIX_IN_TWELVE_DAYS, WEEKLY, median=27.5, log_sd=0.8)
# One infusion of 0.1, 0.5 or 1.0 mg/kg, rated on these days; 27 responders, taken to
# be nine in each arm. Medians are those that make 80, 50 and 30 % relapse by day 14.
SALLOUM_VISITS = (3, 5, 7, 14, 30)
SALLOUM = {
    dose: Trial(9, SINGLE, SALLOUM_VISITS, median=median, log_sd=1.1)
    for dose, median in ((0.1, 5.55), (0.5, 14.0), (1.0, 24.9))
}
# Community clinics: 288 of 537 responded; questionnaires weekly (assumed).
MCINNES = Trial(
    288, SIX_IN_TWELVE_DAYS, (1, *range(7, 92, 7)), median=75.0, log_sd=1.18
)


@pytest.mark.parametrize(
    ("trial", "figure", "published", "truth", "close"),
    [
        # Ibrahim et al. 2012, Neuropsychopharmacology 37:1526.
        pytest.param(IBRAHIM, share_left(28), 0.27, 0.25, 0.03, id="ibrahim-28-days"),
        pytest.param(IBRAHIM, mean_to_28, 13.2, 15.4, 0.5, id="ibrahim-mean"),
        # Murrough et al. 2013, Biol Psychiatry 74:250.
        pytest.param(
            MURROUGH, median_between_visits, 18, 18, 2.5, id="murrough-median"
        ),
        pytest.param(MURROUGH, share_left(83), 0.25, 0.24, 0.03, id="murrough-83-days"),
        # Albott et al. 2018, J Clin Psychiatry.
        pytest.param(ALBOTT_PTSD, median_between_visits, 41, 41, 4, id="albott-ptsd"),
        pytest.param(ALBOTT_MOOD, median_between_visits, 20, 20, 4, id="albott-mood"),
        # Feder et al. 2021, Am J Psychiatry.
        pytest.param(FEDER, median_between_visits, 27.5, 27.5, 4, id="feder"),
        # Salloum et al. 2019, J Affect Disord 260:131.
        pytest.param(SALLOUM[0.1], share_left(14), 0.2, 0.2, 0.03, id="salloum-0.1"),
        pytest.param(SALLOUM[0.5], share_left(14), 0.5, 0.5, 0.03, id="salloum-0.5"),
        pytest.param(SALLOUM[1.0], share_left(14), 0.7, 0.7, 0.03, id="salloum-1.0"),
        # McInnes et al. 2022, J Affect Disord 301:486.
        pytest.param(MCINNES, share_left(28), 0.8, 0.8, 0.03, id="mcinnes-4-weeks"),
        pytest.param(MCINNES, share_left(56), 0.6, 0.6, 0.03, id="mcinnes-8-weeks"),
    ],
)
def test_published_figure(trial, figure, published, truth, close):
    whole, of_size = trial.figures(figure, seed=1)
    low, high = np.quantile(of_size[~np.isnan(of_size)], [0.025, 0.975])

    assert whole == pytest.approx(truth, abs=close)
    assert low <= published <= high
