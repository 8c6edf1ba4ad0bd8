"""What is stored. One module a subject; import from here."""

from tracker.models.audit import AuditEvent
from tracker.models.decisions import Decision
from tracker.models.diary import DiaryClock, DiaryEntry, Revision, SideEffectTerm
from tracker.models.estimates import (
    ClinicBaseline,
    ClinicModel,
    ClinicResult,
    ReliefForecast,
    ReliefMark,
    ReliefSpell,
    SyntheticTruth,
)
from tracker.models.people import (
    ApiToken,
    Clinic,
    ClosedDay,
    Invitation,
    Membership,
    OpeningHours,
    Patient,
    PatientStateChange,
    User,
)
from tracker.models.reminders import PushSubscription, Reminder
from tracker.models.safety import CrisisLines, SafetyPlan, SafetyPlanRevision
from tracker.models.treatment import Appointment, Course, Infusion, InfusionRevision
from tracker.models.triage import NoteReading, SavedView, TriageItem, TriageStanding

__all__ = [
    "ApiToken",
    "Appointment",
    "AuditEvent",
    "Clinic",
    "ClinicBaseline",
    "ClinicModel",
    "ClinicResult",
    "ClosedDay",
    "Course",
    "CrisisLines",
    "Decision",
    "DiaryClock",
    "DiaryEntry",
    "Infusion",
    "InfusionRevision",
    "Invitation",
    "Membership",
    "NoteReading",
    "OpeningHours",
    "Patient",
    "PatientStateChange",
    "PushSubscription",
    "ReliefForecast",
    "ReliefMark",
    "ReliefSpell",
    "Reminder",
    "Revision",
    "SafetyPlan",
    "SafetyPlanRevision",
    "SavedView",
    "SideEffectTerm",
    "SyntheticTruth",
    "TriageItem",
    "TriageStanding",
    "User",
]
