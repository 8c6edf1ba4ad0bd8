"""What every row of an outlook holds to, whatever the record."""

import numpy as np

from tracker.relief.outlook import (
    QUANTILES,
    REASONS,
)
from tracker.relief.words import STATE_WORDS

INF = np.inf
QUANTILE_COLUMNS = ["q05", "q10", "q25", "q50", "q75", "q90", "q95"]


WINDOW = ["window_from", "best_day", "window_to"]


CONTRACT = {
    "series_start": "datetime64[us]",
    "last_infusion": "datetime64[us]",
    "day": "float64",
    "state": "str",
    "baseline": "float64",
    "on_level": "float64",
    "off_level": "float64",
    "last_relief_day": "float64",
    "p_in_relief": "float64",
    **dict.fromkeys(QUANTILE_COLUMNS, "float64"),
    **dict.fromkeys(WINDOW, "float64"),
    "reason": "str",
}


def check_contract(table):
    assert {name: str(table[name].dtype) for name in CONTRACT} == CONTRACT
    assert table.columns[0] == "patient_id"
    survival = table.attrs["survival"]
    assert survival.shape == (len(table), 181)
    assert survival.dtype == np.float64
    assert set(table["state"]) <= set(STATE_WORDS)
    assert set(table["reason"]) <= {"", *REASONS}
    known = ~np.isnan(survival[:, 0])
    assert np.isnan(survival[~known]).all()
    assert table.loc[~known, [*QUANTILE_COLUMNS, "p_in_relief"]].isna().all(axis=None)
    _check_distribution(table[known], survival[known])
    _check_window(table)


def _check_distribution(table, survival):
    assert (np.diff(survival, axis=1) <= 0).all()
    assert ((survival >= 0) & (survival <= 1)).all()
    np.testing.assert_allclose(survival[:, 0], 1 - table["p_no_response"], atol=1e-12)
    at = np.minimum(table["day"].to_numpy(int), 180)
    np.testing.assert_array_equal(
        table["p_in_relief"], survival[np.arange(len(table)), at]
    )
    for name, share in zip(QUANTILE_COLUMNS, QUANTILES, strict=True):
        for row, found in zip(survival, table[name], strict=True):
            days = [d for d in range(181) if 1 - row[d] >= share - 1e-12]
            assert found == (days[0] if days else INF)


def _check_window(table):
    given = (table["reason"] == "").to_numpy()
    assert table.loc[~given, WINDOW].isna().all(axis=None)
    window = table.loc[given, WINDOW].to_numpy()
    assert (np.diff(window, axis=1) >= 0).all()
    earliest = table.loc[given, "day"].to_numpy()[:, None] + 1
    assert (window >= earliest).all()
