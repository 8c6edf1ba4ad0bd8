"""Made-up courses of treatment with a known truth. Pure: numbers in, numbers out.

Relief after a series fades as h(d) = a exp(-(d / k)^p), with k chosen so that
h falls to 20 % of the baseline on day T, the true duration. What is logged is
the burden B (1 - h) plus noise that remembers the day before, rounded to whole
points, with days missing in runs and more often on bad days. Boosters are given
because relief is fading, on a schedule, or ahead of fading.

Medians and spreads follow published figures only in their order of magnitude:
Murrough 2013 (Biol Psychiatry 74:250), Feder 2021 (Am J Psychiatry), Sigtermans
2009 (Pain 145:304), Salloum 2019 (J Affect Disord 260:131).
"""

from dataclasses import dataclass, field

import numpy as np

LOSS_LEVEL = 0.20
INDUCTION_DAYS = (0, 2, 4, 7, 9, 11)
HORIZON_DAYS = 400


@dataclass(frozen=True)
class Profile:
    """What is typical of a condition."""

    condition: str
    outcome: str
    weight: float
    median_days: float
    route: str = "iv"


PROFILES = (
    Profile("depression", "mood", 0.52, 18),
    Profile("ptsd", "anxiety", 0.14, 28),
    Profile("anxiety", "anxiety", 0.10, 10),
    Profile("chronic_pain", "pain", 0.16, 18),
    Profile("crps", "pain", 0.08, 60),
)
POLICIES = ("fading", "schedule", "ahead")
HIGHER_IS_BETTER = {"mood", "sleep_quality", "energy"}
ITEMS = ("mood", "anxiety", "pain", "sleep_quality", "energy")


@dataclass(frozen=True)
class Given:
    """One infusion, days counted from the first one of all."""

    day: int
    phase: str
    mg_per_kg: float
    last_day: int
    series: int


@dataclass(frozen=True)
class Truth:
    """How long the relief after one series truly lasted; None: did not end."""

    last_day: int
    responded: bool
    days: float | None


@dataclass(frozen=True)
class LoggedDay:
    day: int
    scores: dict[str, int | None]
    sleep_hours: float | None
    days_late: int
    asked_side_effects: bool
    side_effects: tuple[tuple[str, int], ...]
    note: int | None


@dataclass
class Course:
    """Everything that happened to one made-up patient."""

    profile: Profile
    policy: str
    responder: bool
    weight_kg: float
    infusions: list[Given] = field(default_factory=list)
    truths: list[Truth] = field(default_factory=list)
    days: list[LoggedDay] = field(default_factory=list)


@dataclass(frozen=True)
class Wishes:
    """What a member of the cast must be like; None leaves it to chance."""

    profile: Profile | None = None
    policy: str | None = None
    responder: bool | None = None
    baseline_days: int | None = None
    stops_logging: bool | None = None
    duration_days: float | None = None
    trend: float | None = None
    booster_days: tuple[int, ...] | None = None
    silent_days_at_end: int = 0
    logging: float | None = None
    multi_day: bool = False


class Simulation:
    """One patient from their first diary day to `last_day`."""

    def __init__(self, rng: np.random.Generator, last_day: int, wishes: Wishes) -> None:
        self.rng = rng
        self.last_day = last_day
        self.wishes = wishes
        self.profile = wishes.profile or _draw_profile(rng)
        responds = rng.random() < 0.62
        self.course = Course(
            profile=self.profile,
            policy=wishes.policy or str(rng.choice(POLICIES, p=(0.5, 0.32, 0.18))),
            responder=responds if wishes.responder is None else wishes.responder,
            weight_kg=round(float(np.clip(rng.normal(74, 14), 48, 120)), 1),
        )
        self.baseline = float(np.clip(rng.normal(7.0, 0.9), 4.5, 9.2))
        self.amplitude = float(rng.uniform(0.5, 0.88))
        self.shape = float(rng.choice((0.7, 1.0, 1.6, 3.0)))
        self.typical = wishes.duration_days or float(
            self.profile.median_days * np.exp(rng.normal(0, 0.5))
        )
        self.trend = self._draw_trend() if wishes.trend is None else wishes.trend
        self.noise = float(rng.uniform(0.6, 1.1))
        self.memory = 0.35
        self.weekly = float(rng.choice((0, 0, 0, 0.5)))
        drawn = int(
            rng.choice((0, 7, 10, 14, 21, 28), p=(0.08, 0.1, 0.2, 0.3, 0.2, 0.12))
        )
        self.first_day = -(
            drawn if wishes.baseline_days is None else wishes.baseline_days
        )
        self.relief = np.zeros(last_day - self.first_day + 1)
        self.error = self._noise()

    def run(self) -> Course:
        self._give_induction()
        self._give_boosters()
        self._write_diary()
        return self.course

    def _draw_trend(self) -> float:
        """Change of log duration at each booster: most none, some tachyphylaxis."""
        return float(self.rng.choice((0.0, -0.09, 0.06), p=(0.72, 0.18, 0.10)))

    def _noise(self) -> np.ndarray:
        steps = self.rng.normal(0, self.noise, len(self.relief))
        error = np.empty(len(steps))
        before = 0.0
        keep = np.sqrt(1 - self.memory**2)
        for i, step in enumerate(steps):
            before = self.memory * before + keep * step
            error[i] = before
        return error

    def _give_induction(self) -> None:
        dose = 0.5
        if self.wishes.multi_day:
            # Over four days without a break, as for complex regional pain.
            self._give(Given(0, "induction", 4.2, 4, 0))
            self._fade(4)
            return
        for day in INDUCTION_DAYS:
            if day <= self.last_day:
                self._give(Given(day, "induction", dose, day, 0))
        self._fade(min(INDUCTION_DAYS[-1], self.last_day))

    def _give_boosters(self) -> None:
        series = 1
        dose = 0.5
        while True:
            day = self._next_booster(series)
            if day is None or day > self.last_day:
                return
            if self.rng.random() < 0.12:
                dose = min(round(dose + 0.1, 1), 1.0)
            self._give(Given(day, "booster", dose, day, series))
            self._fade(day)
            series += 1

    def _next_booster(self, series: int) -> int | None:
        if self.wishes.booster_days is not None:
            days = self.wishes.booster_days
            return days[series - 1] if series <= len(days) else None
        last = self.course.infusions[-1].last_day
        if not self.course.responder:
            # Some try once more, most stop.
            gives_up = series > 2 or self.rng.random() < 0.55
            return None if gives_up else last + int(self.rng.integers(14, 35))
        if self.rng.random() < 0.03:
            return None
        if self.course.policy == "schedule":
            return last + int(self.rng.choice((21, 28, 28, 35)))
        truth = self.course.truths[-1].days
        lasts = HORIZON_DAYS if truth is None else truth
        if self.course.policy == "ahead":
            return last + max(8, int(lasts * self.rng.uniform(0.65, 0.95)))
        # Fading is felt around the loss, and an appointment takes some days.
        return last + max(8, int(lasts + self.rng.integers(-2, 9)))

    def _give(self, given: Given) -> None:
        self.course.infusions.append(given)
        start = given.day - self.first_day
        # Relief builds up during a series.
        if self.course.responder:
            self.relief[start:] = np.maximum(self.relief[start:], 0.5 * self.amplitude)

    def _fade(self, last: int) -> None:
        """Let relief fade from the end of a series, and keep how long it lasted."""
        number = len(self.course.truths)
        if not self.course.responder:
            self.course.truths.append(Truth(last, False, None))
            return
        duration = float(
            self.typical * np.exp(self.trend * number + self.rng.normal(0, 0.3))
        )
        duration = float(np.clip(duration, 3, HORIZON_DAYS * 2))
        since = np.arange(len(self.relief) - (last - self.first_day))
        scale = duration / np.log(self.amplitude / LOSS_LEVEL) ** (1 / self.shape)
        self.relief[last - self.first_day :] = self.amplitude * np.exp(
            -((since / scale) ** self.shape)
        )
        ends = duration <= HORIZON_DAYS
        self.course.truths.append(Truth(last, True, duration if ends else None))

    def _write_diary(self) -> None:
        logged = self._logged_days()
        for index in np.flatnonzero(logged):
            self.course.days.append(self._day(int(index)))

    def _burden(self, index: int) -> float:
        weekend = self.weekly * float((index % 7) >= 5)
        burden = self.baseline * (1 - self.relief[index]) - weekend
        return float(burden + self.error[index])

    def _logged_days(self) -> np.ndarray:
        """Which days are logged: fewer with time, in runs, fewer when it is bad."""
        count = len(self.relief)
        often = self.wishes.logging or float(self.rng.uniform(0.72, 0.95))
        stops = self.wishes.stops_logging
        if stops is None:
            stops = self.rng.random() < 0.14
        until = int(count * self.rng.uniform(0.35, 0.8)) if stops else count
        until = min(until, count - self.wishes.silent_days_at_end)
        infusion_days = {given.day - self.first_day for given in self.course.infusions}
        logged = np.zeros(count, dtype=bool)
        before = True
        for index in range(until):
            chance = often - 0.10 * min(index / 180, 1)
            chance -= 0.03 * (self._burden(index) - self.baseline / 2)
            chance += 0.06 if before else -0.25
            chance = 0.4 if index in infusion_days else chance
            before = bool(self.rng.random() < np.clip(chance, 0.05, 0.98))
            logged[index] = before
        return logged

    def _day(self, index: int) -> LoggedDay:
        burden = self._burden(index)
        since = self._days_since_infusion(index + self.first_day)
        asked, effects = self._side_effects(since)
        late = 0
        if self.rng.random() < 0.07:
            late = min(int(self.rng.integers(1, 4)), len(self.relief) - 1 - index)
        return LoggedDay(
            day=index + self.first_day,
            scores={item: self._score(item, burden, index) for item in ITEMS},
            sleep_hours=self._sleep_hours(index),
            days_late=late,
            asked_side_effects=asked,
            side_effects=effects,
            note=int(self.rng.integers(0, 10)) if self.rng.random() < 0.06 else None,
        )

    def _score(self, item: str, burden: float, index: int) -> int | None:
        if item != self.profile.outcome:
            if self.rng.random() < 0.04:
                return None
            follows = 0.6 * burden + 0.4 * (self.baseline - 1.5)
            burden = follows + float(self.rng.normal(0, 0.9))
        whole = int(np.clip(round(burden), 0, 10))
        return 10 - whole if item in HIGHER_IS_BETTER else whole

    def _sleep_hours(self, index: int) -> float | None:
        if self.rng.random() < 0.08:
            return None
        hours = 6.2 + 1.2 * self.relief[index] + self.rng.normal(0, 0.9)
        return round(float(np.clip(hours, 2, 11)) * 2) / 2

    def _days_since_infusion(self, day: int) -> int | None:
        past = [
            given.last_day for given in self.course.infusions if given.last_day <= day
        ]
        return None if not past else day - max(past)

    def _side_effects(
        self, since: int | None
    ) -> tuple[bool, tuple[tuple[str, int], ...]]:
        """Asked for three days after an infusion, now and then otherwise."""
        if since is None or since > 3:
            return bool(self.rng.random() < 0.2), ()
        chances = {
            "nausea": 0.22,
            "dizziness": 0.25,
            "drowsy": 0.3,
            "headache": 0.16,
            "derealization": 0.2,
            "vivid-dreams-nightmares": 0.08,
            "blurred-vision": 0.07,
        }
        found = []
        for code, chance in chances.items():
            if self.rng.random() < chance * 0.45**since:
                found.append(
                    (code, int(self.rng.choice((1, 2, 3), p=(0.7, 0.25, 0.05))))
                )
        return True, tuple(found)


def _draw_profile(rng: np.random.Generator) -> Profile:
    weights = np.array([profile.weight for profile in PROFILES])
    return PROFILES[int(rng.choice(len(PROFILES), p=weights / weights.sum()))]


def simulate(rng: np.random.Generator, last_day: int, wishes: Wishes) -> Course:
    """One made-up patient, `last_day` days after their first infusion."""
    return Simulation(rng, last_day, wishes).run()
