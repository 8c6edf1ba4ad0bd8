"""What lifelines says of the fixed data in the tests of intervals and groups.

The tests import the data but never run the script, which is all that needs
lifelines. To make the constants again, in an environment of its own:
`pip install lifelines==0.30.3`, then `python tests/references/lifelines_values.py`.
They were made with Python 3.11, lifelines 0.30.3, NumPy 2.4.6, pandas 2.3.3 and
SciPy 1.17.1.

lifelines reads an interval as closed, [lower, upper]. On whole days (lower, upper]
is [lower + 1/2, upper]: without that half, neighbouring intervals would share a day.
"""

import sys

import numpy as np

INF = np.inf

# Months to breast retraction after radiotherapy alone. Finkelstein & Wolfe 1985,
# Biometrics 41:933.
RETRACTION = [
    *[(45, INF), (6, 10), (0, 7), (46, INF), (46, INF), (7, 16), (17, INF), (7, 14)],
    *[(37, 44), (0, 8), (4, 11), (15, INF), (11, 15), (22, INF), (46, INF), (46, INF)],
    *[(25, 37), (46, INF), (26, 40), (46, INF), (27, 34), (36, 44), (46, INF)],
    *[(36, 48), (37, INF), (40, INF), (17, 25), (46, INF), (11, 18), (38, INF)],
    *[(5, 12), (37, INF), (0, 5), (18, INF), (24, INF), (36, INF), (5, 11), (19, 35)],
    *[(17, 25), (24, INF), (32, INF), (33, INF), (19, 26), (37, INF), (34, INF)],
    (36, INF),
]
# Made up, whole days: exact losses, gaps in the diary, infusions that cut a spell.
SPELLS = [
    *[(2, 3), (3, 6), (5, 6), (6, 9), (8, 12), (11, 12), (4, INF), (13, 14)],
    *[(9, 20), (14, 15), (14, INF), (17, 23), (20, 21), (21, INF), (25, 31)],
    *[(22, 27), (30, INF), (33, 34), (28, 40), (35, INF), (38, 39), (41, INF)],
]
COUNTS = [1, 2, 1, 1, 3, 1, 2, 1, 1, 1, 2, 1, 1, 1, 1, 2, 3, 1, 1, 1, 2, 4]
# Remission under 6-MP, weeks, and whether relapsed. Freireich 1963, Blood 21:699.
REMISSION = [
    *[(6, 1), (6, 1), (6, 1), (6, 0), (7, 1), (9, 0), (10, 1), (10, 0), (11, 0)],
    *[(13, 1), (16, 1), (17, 0), (19, 0), (20, 0), (22, 1), (23, 1), (25, 0)],
    *[(32, 0), (32, 0), (34, 0), (35, 0)],
]


def masses(intervals, counts=None):
    """Cells and masses, to the tolerance lifelines can reach in minutes."""
    from lifelines.fitters.npmle import npmle

    lower, upper = np.array(intervals, float).T
    counts = None if counts is None else np.array(counts, float)
    mass, cells = npmle(lower + 0.5, upper, tol=1e-13, weights=counts, max_iter=1e6)
    return [
        (float(c.left) - 0.5, float(c.right), round(float(m), 9))
        for c, m in zip(cells, mass, strict=True)
        if m > 1e-9
    ]


def emit(name, value):
    sys.stdout.write(f"{name} = {value}\n")


def main():
    """Print the constants."""
    from lifelines import KaplanMeierFitter
    from lifelines.utils import restricted_mean_survival_time

    emit("RETRACTION_MASSES", masses(RETRACTION))
    emit("SPELLS_MASSES", masses(SPELLS))
    emit("COUNTED_MASSES", masses(SPELLS, COUNTS))
    week, relapsed = np.array(REMISSION).T
    fitter = KaplanMeierFitter().fit(week, relapsed)
    means = {t: restricted_mean_survival_time(fitter, t) for t in (10, 20, 35)}
    emit("REMISSION_MEANS", {t: float(mean) for t, mean in means.items()})
    emit("REMISSION_MEDIAN", float(fitter.median_survival_time_))
    fitter = KaplanMeierFitter().fit(
        week, relapsed, timeline=np.unique(week[relapsed == 1])
    )
    limits = fitter.confidence_interval_.to_numpy()
    survival = fitter.survival_function_.to_numpy()
    rows = np.column_stack((fitter.timeline, survival, limits))
    emit("REMISSION_CURVE", rows.tolist())


if __name__ == "__main__":
    main()
