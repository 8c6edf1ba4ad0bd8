"""The words the records are written in: items, phases, agents, states.

Values are stored; labels are shown. Items carry the direction every later
computation needs, so that no chart or estimate guesses it.
"""

from dataclasses import dataclass

from django.db import models


class Condition(models.TextChoices):
    DEPRESSION = "depression", "Depression"
    ANXIETY = "anxiety", "Anxiety"
    PTSD = "ptsd", "PTSD"
    PAIN = "chronic_pain", "Chronic pain"
    CRPS = "crps", "CRPS"
    OCD = "ocd", "OCD"
    FATIGUE = "chronic_fatigue", "Chronic fatigue"
    SUICIDALITY = "suicidality", "Suicidal thoughts"


class Agent(models.TextChoices):
    KETAMINE = "ketamine", "Ketamine"
    ESKETAMINE = "esketamine", "Esketamine"


class Route(models.TextChoices):
    IV = "iv", "Intravenous"
    IM = "im", "Intramuscular"
    SC = "sc", "Subcutaneous"
    INTRANASAL = "intranasal", "Intranasal"
    ORAL = "oral", "Oral"
    SUBLINGUAL = "sublingual", "Sublingual"


class Phase(models.TextChoices):
    INDUCTION = "induction", "Induction"
    TAPER = "taper", "Taper"
    MAINTENANCE = "maintenance", "Maintenance"
    BOOSTER = "booster", "Booster"


class PatientState(models.TextChoices):
    INVITED = "invited", "Invited"
    ACTIVE = "active", "Active"
    PAUSED = "paused", "Paused"
    DISCHARGED = "discharged", "Discharged"
    TRANSFERRED = "transferred", "Transferred"
    DECEASED = "deceased", "Deceased"


class Role(models.TextChoices):
    CLINICIAN = "clinician", "Clinician"
    NURSE = "nurse", "Nurse or coordinator"
    ADMINISTRATOR = "administrator", "Administrator"


class Source(models.TextChoices):
    """How a diary day reached us."""

    PHONE = "phone", "The patient's phone"
    PHONE_CALL = "phone_call", "Told to staff by telephone"
    PAPER_SHEET = "paper_sheet", "Copied by staff from a sheet"
    IMPORT = "import", "Imported from a file"
    SYNTHETIC = "synthetic", "Made up for the demo clinic"


STAFF_SOURCES = frozenset({Source.PHONE_CALL, Source.PAPER_SHEET})


class Outcome(models.TextChoices):
    """Diary items on a 0-10 scale; sleep hours are shown but never an outcome."""

    MOOD = "mood", "Mood"
    ANXIETY = "anxiety", "Anxiety"
    PAIN = "pain", "Pain"
    SLEEP_QUALITY = "sleep_quality", "Sleep quality"
    ENERGY = "energy", "Energy"


@dataclass(frozen=True)
class Scale:
    """What 0 and 10 mean for one item."""

    zero: str
    ten: str
    higher_is_better: bool


SCALES: dict[str, Scale] = {
    Outcome.MOOD: Scale("worst it could be", "best it could be", True),
    Outcome.ANXIETY: Scale("not at all", "as bad as can be", False),
    Outcome.PAIN: Scale("no pain", "as bad as you can imagine", False),
    Outcome.SLEEP_QUALITY: Scale("very badly", "very well", True),
    Outcome.ENERGY: Scale("none", "full", True),
}
SCORES = tuple(SCALES)


class ReminderChannel(models.TextChoices):
    """The way a reminder takes; none of them is not to be reminded."""

    PUSH = "push", "Notification"
    EMAIL = "email", "E-mail"


class PatientSees(models.TextChoices):
    """What a clinic lets its patients see of relief estimates."""

    NOTHING = "nothing", "Nothing"
    PAST = "past", "How long relief lasted"
    OUTLOOK = "outlook", "That, and the outlook"
