"""The estimates against the truth they were made up from."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tracker import relief
from tracker.frames import spell_frame
from tracker.models import Clinic, SyntheticTruth


@dataclass(frozen=True)
class Score:
    """How well the stored spells tell the truth; durations in days."""

    series: int
    responses: int
    responses_found: int
    false_responses: int
    losses: int
    median_error: float
    within_five_days: float
    kaplan_meier_median: float
    pending_is_loss_median: float
    true_median: float

    def lines(self) -> list[str]:
        return [
            f"{self.series} series of infusions.",
            f"Relief found in {self.responses_found} of {self.responses} true responses; "
            f"{self.false_responses} found where there was none.",
            f"{self.losses} confirmed losses: median error {self.median_error:+.0f} days, "
            f"{self.within_five_days:.0%} within 5 days.",
            f"Median duration among responders: truth {self.true_median:.0f} days; "
            f"Kaplan-Meier with boosters as censoring {self.kaplan_meier_median:.0f}, "
            f"with unconfirmed losses counted {self.pending_is_loss_median:.0f}.",
        ]


def score(clinic: Clinic) -> Score:
    """Compare the clinic's stored spells with its made-up truth."""
    patients = list(clinic.patients.values_list("pk", flat=True))
    spells = spell_frame(patients)
    # One curve over all outcomes: here only the method is judged, not a patient.
    spells["criteria_version"] = "any outcome"
    truths = pd.DataFrame(
        list(
            SyntheticTruth.objects.filter(patient__in=patients).values_list(
                "patient_id", "last_infusion", "responded", "days"
            )
        ),
        columns=["patient_id", "last_infusion", "responded", "days"],
    )
    truths["last_infusion"] = pd.to_datetime(truths["last_infusion"])
    truths["days"] = truths["days"].astype(float).fillna(np.inf)
    both = spells.merge(truths, on=["patient_id", "last_infusion"])
    assessed = both[both["status"] != "not_assessable"]
    found = assessed["status"] != "no_response"
    lost = both[both["status"] == "lost"]
    error = lost["upper"] - lost["days"]
    responders = both[both["responded"]]
    return Score(
        series=len(spells),
        responses=int(assessed["responded"].sum()),
        responses_found=int((found & assessed["responded"]).sum()),
        false_responses=int((found & ~assessed["responded"]).sum()),
        losses=len(lost),
        median_error=float(error[np.isfinite(error)].median()),
        within_five_days=float((error.abs() <= 5).mean()),
        kaplan_meier_median=relief.median(relief.kaplan_meier(spells)).estimate,
        pending_is_loss_median=relief.median(
            relief.kaplan_meier(spells, pending_is_loss=True)
        ).estimate,
        true_median=float(responders["days"].median()),
    )
