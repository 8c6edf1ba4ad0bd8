"""The rule of relief once more: one patient, one day at a time, no arrays.

Slow and plain on purpose. It shares nothing with the package but `Criteria`
and `Population`.
"""

import math
import statistics

import pandas as pd

EPS = 1e-9


def spells(diary, infusions, criteria, as_of=None, population=None):
    """One dict a series, sorted by patient and series."""
    every = sorted(set(diary["patient_id"]) | set(infusions["patient_id"]))
    last = _last_date(diary, infusions)
    records = []
    for patient in every:
        until = last if as_of is None else _lookup(as_of, patient)
        series = _series(_infusions(infusions, patient, until), criteria)
        if series:
            burden = _burden(diary, patient, until, criteria)
            late = _late(diary, patient)
            records.append((patient, until, late, burden, series))
    if population is None:
        population = _population([r[3:] for r in records], criteria)
    found = []
    for patient, until, late, burden, series in records:
        own = _own_days(burden, series, criteria)
        baseline, days, source = _baseline(burden, series, population, criteria)
        for number, one in enumerate(series):
            later = series[number + 1] if number + 1 < len(series) else None
            spell = _spell(burden, one, later, baseline, until, criteria)
            days_of = spell.pop("logged_on")
            told = [late[date] for date in days_of if date in late]
            spell |= {
                "late_share": sum(told) / len(told) if told else math.nan,
                "baseline_sd": statistics.stdev(own) if len(own) > 1 else math.nan,
                "other_treatments": False,
                "patient_id": patient,
                "series": number + 1,
                "baseline": baseline,
                "baseline_days": days,
                "baseline_source": source,
            }
            found.append(spell)
    return found


def _last_date(diary, infusions):
    dates = list(diary["date"]) + list(infusions["date"])
    if "end_date" in infusions:
        dates += list(infusions["end_date"].dropna())
    return max(dates, default=pd.Timestamp("1970-01-01"))


def _lookup(as_of, patient):
    return as_of[patient] if isinstance(as_of, pd.Series) else pd.Timestamp(as_of)


def _late(diary, patient):
    if "late" not in diary:
        return {}
    own = diary[diary["patient_id"] == patient]
    return dict(zip(own["date"], own["late"], strict=True))


def _burden(diary, patient, until, criteria):
    burden = {}
    for row in diary[diary["patient_id"] == patient].itertuples():
        score = _one_day(row, criteria)
        if row.date <= until and not math.isnan(score):
            burden[row.date] = score
    return burden


def _one_day(row, criteria):
    if not criteria.parts:
        score = getattr(row, criteria.item)
        return criteria.scale_max - score if criteria.higher_is == "better" else score
    burdens = []
    for part in criteria.parts:
        score = getattr(row, part.item)
        better = part.item in ("mood", "energy", "sleep_quality")
        burdens.append(10 - score if better else score)
    if any(math.isnan(burden) for burden in burdens):
        return math.nan
    if criteria.combine == "worst":
        return max(burdens)
    weights = [part.weight for part in criteria.parts]
    pairs = zip(weights, burdens, strict=True)
    return sum(weight * burden for weight, burden in pairs) / sum(weights)


def _infusions(infusions, patient, until):
    rows = []
    for row in infusions[infusions["patient_id"] == patient].to_dict("records"):
        if row["date"] > until:
            continue
        end = row.get("end_date")
        row["end"] = row["date"] if end is None or pd.isna(end) else min(end, until)
        course = row.get("course")
        row["course"] = None if course is None or pd.isna(course) else course
        rows.append(row)
    return sorted(rows, key=lambda row: (row["date"], row["end"]))


def _series(rows, criteria):
    """Lists of infusions."""
    # Groups that a course or a shared day holds together.
    groups = []
    for row in rows:
        held = any(
            earlier["date"] == row["date"]
            or any(
                other["course"] is not None
                and other["course"] == earlier["course"]
                and other["date"] >= row["date"]
                for other in rows
            )
            for group in groups[-1:]
            for earlier in group
        )
        if held:
            groups[-1].append(row)
        else:
            groups.append([row])
    series = []
    ends = None
    for group in groups:
        start = group[0]["date"]
        joins = (
            bool(series)
            and not _named(series[-1])
            and not _named(group)
            and (start - ends).days <= criteria.merge_gap
            and (start - series[-1][0]["date"]).days <= criteria.series_span
        )
        if joins:
            series[-1].extend(group)
        else:
            series.append(list(group))
        ends = max([row["end"] for row in group] + ([ends] if ends else []))
    return series


def _named(group):
    return any(row["course"] is not None for row in group)


def _own_days(burden, series, criteria):
    first = series[0][0]["date"]
    window = range(1, criteria.baseline_window + 1)
    days = [first - pd.Timedelta(days=back) for back in window]
    return [burden[date] for date in sorted(days) if date in burden]


def _population(records, criteria):
    samples = [_own_days(burden, series, criteria) for burden, series in records]
    samples = [sample for sample in samples if sample]
    if not samples:
        return None
    means = [sum(sample) / len(sample) for sample in samples]
    mean = sum(means) / len(means)
    replicates = sum(len(sample) - 1 for sample in samples)
    squares = sum(
        (y - m) ** 2 for sample, m in zip(samples, means, strict=True) for y in sample
    )
    within = squares / replicates if replicates else 0
    spread = sum((m - mean) ** 2 for m in means) / max(len(means) - 1, 1)
    inverse = sum(1 / len(sample) for sample in samples) / len(samples)
    between = max(spread - criteria.baseline_inflation * within * inverse, 0)
    others, usual = len(means) - 1, (criteria.scale_max / 10) ** 2
    return mean, (others * between + 4 * usual) / (others + 4), within


def _baseline(burden, series, population, criteria):
    days = _own_days(burden, series, criteria)
    own = sum(days) / len(days) if days else None
    if not isinstance(population, tuple) and population is not None:
        known = population.n_patients > 0
        values = (population.mean, population.between_var, population.within_var)
        population = values if known else None
    if population is None:
        return (own, len(days), "own") if days else (math.nan, 0, "none")
    mean, between, within = population
    if not days:
        return mean, 0, "clinic"
    whole = between + criteria.baseline_inflation * within / len(days)
    share = between / whole if whole > 0 else 1
    return share * own + (1 - share) * mean, len(days), "own"


def _spell(burden, series, later, baseline, until, criteria):
    zero = max(row["end"] for row in series)
    last = until if later is None else later[0]["date"] - pd.Timedelta(days=1)
    length = max((last - zero).days, 0)
    logs = []
    for day in range(1, length + 1):
        date = zero + pd.Timedelta(days=day)
        if date in burden:
            logs.append((day, burden[date]))
    final = series[-1]["date"]
    agents = {row.get("agent") for row in series} - {None}
    spell = {
        "start": series[0]["date"],
        "last_infusion": zero,
        "n_infusions": len({row["date"] for row in series}),
        "mixed_agents": len({a for a in agents if not pd.isna(a)}) > 1,
        "next_infusion": later[0]["date"] if later else pd.NaT,
        "days_logged": len(logs),
        "days_expected": length // criteria.every_days,
        "last_log": logs[-1][0] if logs else math.nan,
        "logged_on": [zero + pd.Timedelta(days=day) for day, _ in logs],
    }
    for name in ("agent", "route", "dose_mg", "mg_per_kg"):
        given = {row.get(name) for row in series if row["date"] == final}
        given = {value for value in given if value is not None and not pd.isna(value)}
        spell[name] = given.pop() if len(given) == 1 else math.nan
    boundary = ((later[0]["date"] if later else until) - zero).days
    return spell | _judged(logs, baseline, length, boundary, later is None, criteria)


def _judged(logs, baseline, length, boundary, is_open, criteria):
    judged = {
        "status": "not_assessable",
        "reason": "",
        "onset": math.nan,
        "best": math.nan,
        "lower": math.nan,
        "upper": math.nan,
        "confirmable": math.nan,
        "pending": 0,
        "loss_confirmed": math.nan,
    }
    if math.isnan(baseline):
        return judged | {"reason": "no_baseline"}
    if baseline < criteria.floor - EPS:
        return judged | {"reason": "floor"}
    gains = [(day, (baseline - score) / baseline) for day, score in logs]
    if gains:
        judged["best"] = max(gain for _, gain in gains)
    if not is_open and length < criteria.k_off:
        return judged | {"reason": "next_infusion"}
    onset, place = _onset(gains, criteria)
    silent = not logs or boundary - logs[-1][0] > criteria.silence_days
    if onset is None:
        return judged | _without_onset(gains, length, is_open, silent, criteria)
    judged["onset"] = onset
    return judged | _duration(gains, place, is_open, silent, criteria)


def first_loss(gains, criteria):
    """First day of the confirmed loss, 0 without an onset, inf without a loss."""
    onset, place = _onset(gains, criteria)
    if onset is None:
        return 0
    return _duration(gains, place, True, False, criteria)["upper"]


def _onset(gains, criteria):
    for place in range(len(gains) - criteria.k_on + 1):
        run = gains[place : place + criteria.k_on]
        if run[0][0] > criteria.onset_window:
            return None, None
        if all(gain >= criteria.on - EPS for _, gain in run):
            return run[0][0], place
    return None, None


def _without_onset(gains, length, is_open, silent, criteria):
    early = [day for day, _ in gains if day <= criteria.onset_window]
    hope = None
    for day, gain in gains:
        if gain < criteria.on - EPS:
            hope = None
        elif hope is None:
            hope = day
    hoping = hope is not None and hope <= criteria.onset_window and not silent
    if is_open and (length < criteria.onset_window or hoping):
        return {"reason": "awaiting_onset"}
    if len(early) >= criteria.response_logs and early[-1] >= criteria.response_day:
        return {"status": "no_response"}
    return {"reason": "too_few_days" if gains else "no_logs"}


def _duration(gains, place, is_open, silent, criteria):
    held, run = gains[place][0], []
    for day, gain in gains[place:]:
        if gain >= criteria.off - EPS:
            held, run = day, []
            continue
        if run and day - run[-1] > criteria.max_gap:
            run = []
        run.append(day)
        if len(run) == criteria.k_off:
            return {
                "status": "lost",
                "lower": held,
                "upper": run[0],
                "loss_confirmed": day,
            }
    days = [day for day, _ in gains]
    sure = days[-criteria.k_off] if len(days) >= criteria.k_off else 0
    kept = "holding" if is_open else "cut_by_infusion"
    return {
        "status": "cut_by_silence" if silent else kept,
        "lower": held,
        "upper": math.inf,
        "confirmable": min(held, sure),
        "pending": sum(day > held for day in days),
    }
