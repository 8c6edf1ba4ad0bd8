"""Frames as JSON, for results that are stored until the record changes."""

from typing import Any

import numpy as np
import pandas as pd

_INFINITE = "inf"


def frame_to_json(frame: pd.DataFrame) -> dict[str, Any]:
    """Columns of numbers and words, and `attrs`; what is missing is null."""
    return {
        # PostgreSQL keeps the keys of an object in an order of its own.
        "order": [str(name) for name in frame],
        "columns": {
            str(name): [_plain(value) for value in values.tolist()]
            for name, values in frame.items()
        },
        "attrs": {str(name): _plain(value) for name, value in frame.attrs.items()},
    }


def frame_from_json(stored: dict[str, Any]) -> pd.DataFrame:
    """The frame that `frame_to_json` wrote; a column without a value is of NaN."""
    columns = stored["columns"]
    frame = pd.DataFrame({name: _column(columns[name]) for name in stored["order"]})
    frame.attrs = {name: _number(value) for name, value in stored["attrs"].items()}
    return frame


def _plain(value: Any) -> Any:
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return None
    if isinstance(value, float):
        # Six digits are more than any of them knows.
        return _INFINITE if value == float("inf") else round(value, 6)
    return value if isinstance(value, int | bool) else str(value)


def _column(values: list[Any]) -> Any:
    numbers = [_number(value) for value in values]
    if any(isinstance(value, str) for value in numbers):
        return np.array(values, object)
    if values and all(type(value) is int for value in values):
        return np.array(values, np.int64)
    return np.array(
        [np.nan if value is None else value for value in numbers], np.float64
    )


def _number(value: Any) -> Any:
    return float("inf") if value == _INFINITE else value
