"""How often a series brings no relief at all."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import betaln

from tracker.relief.panel import Floats
from tracker.relief.spells import NO_RESPONSE, Assessed

# The prior share is worth this many series.
PRIOR_SERIES = 4.0


@dataclass(frozen=True)
class Response:
    """Beta distribution of a patient's chance of no response.

    `failures` and `successes` are its parameters, in imagined series.
    """

    failures: float = 0.24 * PRIOR_SERIES
    successes: float = 0.76 * PRIOR_SERIES

    def chance_of_none(self, failed: Floats, assessed: Floats) -> Floats:
        """Chance that a patient's next series brings no relief.

        Parameters
        ----------
        failed, assessed : arrays
            The patient's series without a response so far, and all that could be
            assessed.
        """
        chance: Floats = self.failures + failed
        return chance / (self.failures + self.successes + assessed)


def count_responses(found: Assessed) -> tuple[Floats, Floats]:
    """Series without a response, and those assessed; one value a patient number."""
    n = found.panel.n_patients
    failed = found.status == NO_RESPONSE
    answered = failed | ~np.isnan(found.traced.onset)
    patient = found.series.patient
    return (
        np.bincount(patient, failed, n).astype(np.float64),
        np.bincount(patient, answered, n).astype(np.float64),
    )


def fit_response(found: Assessed, share: float) -> Response:
    """Beta-binomial fit over the clinic's patients, from a prior share of responders.

    Notes
    -----
    Maximum of the posterior; the mean has a beta prior worth `PRIOR_SERIES` series
    and the logarithm of the total of both parameters a normal one about it.
    """
    failed, assessed = count_responses(found)
    seen = assessed > 0
    # One row for each pair of counts, so that the fit costs the same for any clinic.
    pairs, times = np.unique(
        np.stack((failed[seen], assessed[seen]), axis=1), axis=0, return_counts=True
    )
    k, n = pairs.reshape(-1, 2).T
    log_total = np.log(PRIOR_SERIES)

    def loss(theta: Floats) -> float:
        mean = 1 / (1 + np.exp(-theta[0]))
        total = np.exp(theta[1])
        a, b = mean * total, (1 - mean) * total
        fit = (times * (betaln(k + a, n - k + b) - betaln(a, b))).sum()
        about = (1 - share) * PRIOR_SERIES * np.log(mean)
        about += share * PRIOR_SERIES * np.log(1 - mean)
        return float(-fit - about + 0.5 * (theta[1] - log_total) ** 2)

    start = np.array([np.log((1 - share) / share), log_total])
    bounds = ((-6.0, 6.0), (-2.0, 6.0))
    found_at = minimize(loss, start, method="L-BFGS-B", bounds=bounds).x
    mean, total = 1 / (1 + np.exp(-found_at[0])), np.exp(found_at[1])
    return Response(float(mean * total), float((1 - mean) * total))
