"""Diary and infusion frames, checked and turned into sorted arrays of days."""

import datetime
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from tracker.relief.criteria import HIGHER_IS, LOWEST_SCORE, Criteria

Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]
Bools: TypeAlias = npt.NDArray[np.bool_]
AsOf: TypeAlias = "pd.Series | datetime.date | np.datetime64 | str | None"

# A row's key is patient * 2**20 + day: one int64 sorts by patient, then day.
# Days count from 1970, moved up so that windows before it stay positive.
PATIENT_BITS = 20
DAY_SHIFT = 2 ** (PATIENT_BITS - 1)
# Days of all patients for each row of a diary, up to which a table of them pays.
_CELLS_A_ROW = 8
_MOST_CELLS = 2**31 - 1
_FURTHEST_DAY = DAY_SHIFT - 20_000
_TICKS_A_DAY = {
    "s": 86_400,
    "ms": 86_400_000,
    "us": 86_400_000_000,
    "ns": 86_400_000_000_000,
}
_NOT_A_TIME = np.iinfo(np.int64).min


@dataclass(frozen=True)
class Panel:
    """Logged days of one item and the infusions, both up to `as_of`.

    Patients are numbered 0 to n_patients - 1 and named by `everyone`; `labels` and
    `patient_of_label` name those with an infusion row. `key` is strictly increasing and holds
    only days with a score; `burden` (0 to the scale's end, higher is worse) goes with
    it, and `late` (written after its day) where the diary says so.
    The infusion arrays are sorted by patient and day; `infusion_row` leads
    back to the frame.
    """

    n_patients: int
    everyone: pd.Index
    labels: pd.Index
    patient_of_label: Ints
    as_of: Ints
    key: Ints
    burden: Floats
    late: Bools | None
    infusion_patient: Ints
    infusion_day: Ints
    infusion_end: Ints
    infusion_row: Ints


def keys(patient: Ints, day: Ints) -> Ints:
    """Sort keys of patients' days."""
    key: Ints = (patient << PATIENT_BITS) + (day + DAY_SHIFT)
    return key


def sums(group: Ints, values: Floats, n_groups: int) -> Floats:
    """Sum of the values of each group."""
    return np.bincount(group, values, n_groups).astype(np.float64, copy=False)


def row_bounds(key: Ints, n_patients: int) -> Ints:
    """First row of each patient in sorted keys, and the end of the last one's."""
    return np.searchsorted(key, np.arange(n_patients + 1) << PATIENT_BITS)


def read_panel(
    diary: pd.DataFrame, infusions: pd.DataFrame, criteria: Criteria, as_of: AsOf
) -> Panel:
    """Check both frames and turn them into a `Panel`.

    Raises
    ------
    ValueError
        A column is missing or of the wrong kind, a day or score is impossible,
        or a patient has two diary rows for one day.
    """
    _check_columns(diary, "diary", ("patient_id", "date", *criteria.columns))
    _check_columns(infusions, "infusions", ("patient_id", "date"))
    logged, logged_labels = _patients(diary["patient_id"], "diary")
    infused, labels = _patients(infusions["patient_id"], "infusions")
    patient_of_label, n_patients = _join_labels(logged_labels, labels)
    day = read_days(diary["date"], "diary date")
    start, end = _infusion_days(infusions)
    until = _until(as_of, (logged_labels, labels), patient_of_label, n_patients)
    if until is None:
        until = np.full(n_patients, _last_day(day, end))
    key, burden, late = _sorted_days(
        logged, day, _burden(diary, criteria), _late(diary)
    )
    key, burden, late = _known(key, burden, late, until)
    patient = patient_of_label[infused]
    row = np.lexsort((end, start, patient))
    row = row[start[row] <= until[patient[row]]]
    unlogged = patient_of_label >= len(logged_labels)
    return Panel(
        n_patients=n_patients,
        everyone=logged_labels.append(labels[unlogged]),
        labels=labels,
        patient_of_label=patient_of_label,
        as_of=until,
        key=key,
        burden=burden,
        late=late,
        infusion_patient=patient[row],
        infusion_day=start[row],
        infusion_end=np.minimum(end[row], until[patient[row]]),
        infusion_row=row,
    )


def read_days(column: pd.Series, name: str) -> Ints:
    """Calendar days as whole days since 1970.

    Raises
    ------
    ValueError
        The column is not a naive datetime64, or a value is missing, has a time
        of day or lies more than a thousand years away.
    """
    if not len(column):
        return np.empty(0, np.int64)
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        raise ValueError(f"{name} must be naive local days, was {column.dtype}")
    if not pd.api.types.is_datetime64_dtype(column.dtype):
        raise ValueError(f"{name} must be datetime64, was {column.dtype}")
    values = column.to_numpy()
    ticks = values.view(np.int64)
    if (ticks == _NOT_A_TIME).any():
        raise ValueError(f"{name} must not be missing, was NaT")
    a_day = _TICKS_A_DAY[np.datetime_data(values.dtype)[0]]
    days: Ints = ticks // a_day
    timed = days * a_day != ticks
    if timed.any():
        raise ValueError(f"{name} must be whole days, was {values[timed][0]}")
    if days.min() < -_FURTHEST_DAY or days.max() > _FURTHEST_DAY:
        far = values[np.abs(days) > _FURTHEST_DAY][0]
        raise ValueError(f"{name} must be within the years 600 to 3300, was {far}")
    return days


def read_numbers(column: pd.Series, name: str) -> Floats:
    """Column as float64, missing as NaN.

    Raises
    ------
    ValueError
        The dtype is not numeric.
    """
    numeric = pd.api.types.is_numeric_dtype(column.dtype)
    if len(column) and (not numeric or pd.api.types.is_bool_dtype(column.dtype)):
        raise ValueError(f"{name} must be numeric, was {column.dtype}")
    return column.to_numpy(dtype=np.float64, na_value=np.nan)


def _check_columns(frame: pd.DataFrame, name: str, columns: tuple[str, ...]) -> None:
    for column in columns:
        if column not in frame.columns:
            raise ValueError(f"{name} must have the column {column}, it is missing")


def _patients(column: pd.Series, name: str) -> tuple[Ints, pd.Index]:
    """Patient numbers in order of first appearance, and their labels."""
    heads = _run_heads(column)
    if len(heads):
        codes, labels = pd.factorize(column.iloc[heads])
        codes = np.repeat(codes, np.diff(heads, append=len(column)))
    else:
        codes, labels = pd.factorize(column)
    if len(codes) and codes.min() < 0:
        raise ValueError(f"{name} patient_id must not be missing, was NA")
    return codes.astype(np.int64, copy=False), pd.Index(labels)


def _run_heads(column: pd.Series) -> Ints:
    """First rows of runs of one integer label, or none where runs are short.

    Rows of one patient mostly stand together: each run is then hashed once.
    """
    none = np.empty(0, np.int64)
    if getattr(column.dtype, "kind", "O") not in "iu" or not len(column):
        return none
    values = column.to_numpy()
    change = np.flatnonzero(values[1:] != values[:-1]) + 1
    return np.append(0, change) if len(change) < len(values) // 4 else none


def _join_labels(logged: pd.Index, infused: pd.Index) -> tuple[Ints, int]:
    """Numbers of the infused patients among all patients, and how many there are."""
    patient = np.asarray(logged.get_indexer(infused), np.int64)
    silent = patient < 0
    patient[silent] = len(logged) + np.arange(silent.sum())
    return patient, len(logged) + int(silent.sum())


def _infusion_days(infusions: pd.DataFrame) -> tuple[Ints, Ints]:
    start = read_days(infusions["date"], "infusions date")
    if "end_date" not in infusions.columns:
        return start, start
    given = infusions["end_date"].notna().to_numpy()
    end = start.copy()
    end[given] = read_days(infusions["end_date"][given], "infusions end_date")
    if (end < start).any():
        value = infusions["end_date"].to_numpy()[end < start][0]
        raise ValueError(f"infusions end_date must not precede date, was {value}")
    return start, end


def _until(
    as_of: AsOf,
    labels: tuple[pd.Index, pd.Index],
    patient_of_label: Ints,
    n_patients: int,
) -> Ints | None:
    """Last known day of each patient, or None where nobody said."""
    if as_of is None:
        return None
    if not isinstance(as_of, pd.Series):
        day = read_days(pd.Series([pd.Timestamp(as_of)]), "as_of")
        return np.full(n_patients, day[0])
    if not as_of.index.is_unique:
        raise ValueError("as_of must hold one date a patient, a patient is twice there")
    dated = pd.to_datetime(as_of) if as_of.dtype == object else as_of
    days = read_days(dated, "as_of")
    logged, infused = labels
    until = np.empty(n_patients, np.int64)
    until[: len(logged)] = _days_of(logged, as_of.index, days)
    until[patient_of_label] = _days_of(infused, as_of.index, days)
    return until


def _days_of(labels: pd.Index, index: pd.Index, days: Ints) -> Ints:
    place = index.get_indexer(labels)
    unknown = int((place < 0).sum())
    if unknown:
        raise ValueError(f"as_of must date every patient, {unknown} are missing")
    return days[place]


def _last_day(day: Ints, end: Ints) -> int:
    return max((int(days.max()) for days in (day, end) if len(days)), default=0)


def _burden(diary: pd.DataFrame, criteria: Criteria) -> Floats:
    """One value a row, higher is worse, NaN where an item is blank."""
    if not criteria.parts:
        better = criteria.higher_is_better
        return _one_burden(diary, criteria.item, better, criteria.scale_max)
    burdens = np.stack(
        [
            _one_burden(
                diary, part.item, HIGHER_IS[part.item] == "better", criteria.scale_max
            )
            for part in criteria.parts
        ]
    )
    if criteria.combine == "worst":
        # A blank makes the day blank: the missing one may have been the worst.
        worst: Floats = burdens.max(axis=0)
        return worst
    weight = np.array([part.weight for part in criteria.parts])
    mean: Floats = weight / weight.sum() @ burdens
    return mean


def _one_burden(
    diary: pd.DataFrame, item: str, higher_is_better: bool, scale_max: float
) -> Floats:
    name = f"diary {item}"
    scores = read_numbers(diary[item], name)
    impossible = (scores < LOWEST_SCORE) | (scores > scale_max)
    if impossible.any():
        raise ValueError(
            f"{name} must lie in 0 to {scale_max:g}, was {scores[impossible][0]}"
        )
    return scale_max - scores if higher_is_better else scores


def _late(diary: pd.DataFrame) -> Bools | None:
    """Whether a row was written after its day; None where the diary does not say."""
    if "late" not in diary.columns:
        return None
    column = diary["late"]
    if len(column) and not pd.api.types.is_bool_dtype(column.dtype):
        raise ValueError(f"diary late must be true or false, was {column.dtype}")
    if column.isna().any():
        raise ValueError("diary late must not be missing, was NA")
    return column.to_numpy(np.bool_)


def _sorted_days(
    patient: Ints, day: Ints, burden: Floats, late: Bools | None
) -> tuple[Ints, Floats, Bools | None]:
    key = keys(patient, day)
    if not (key[1:] > key[:-1]).all():
        order = _order(patient, day)
        key, burden = key[order], burden[order]
        late = None if late is None else late[order]
        twice = key[1:] == key[:-1]
        if twice.any():
            day_twice = (key[1:][twice][0] & (2**PATIENT_BITS - 1)) - DAY_SHIFT
            raise ValueError(
                "diary must hold one row a patient and date, "
                f"was twice on {np.datetime64(int(day_twice), 'D')}"
            )
    return key, burden, late


def _order(patient: Ints, day: Ints) -> Ints:
    """Rows by patient and day."""
    first = int(day.min())
    span = int(day.max()) - first + 1
    cells = (int(patient.max()) + 1) * span
    if cells > min(_CELLS_A_ROW * len(day), _MOST_CELLS):
        return np.argsort(keys(patient, day))
    # Diaries are dense: one pass over all days of all patients beats sorting.
    row_of = np.full(cells, -1, np.int32)
    row_of[patient * span + (day - first)] = np.arange(len(day))
    order = row_of[row_of >= 0].astype(np.int64)
    # Of two rows for one day only one is left: the caller must see both.
    return order if len(order) == len(day) else np.argsort(keys(patient, day))


def _known(
    key: Ints, burden: Floats, late: Bools | None, until: Ints
) -> tuple[Ints, Floats, Bools | None]:
    """Only the days with a score, and not after the patient's last known day."""
    known = ~np.isnan(burden)
    known &= key <= keys(np.arange(len(until)), until)[key >> PATIENT_BITS]
    if known.all():
        return key, burden, late
    return key[known], burden[known], None if late is None else late[known]
