"""Who can sign in to the made-up clinic."""

import os

CLINIC_NAME = "Harbour Demo Clinic"
CLINIC_ZONE = "Europe/Madrid"

# .example belongs to nobody and never will.
PATIENT_EMAIL = "ana@patients.example"
CLINICIAN_EMAIL = "cole@clinic.example"
NURSE_EMAIL = "nora@clinic.example"
ADMINISTRATOR_EMAIL = "abe@clinic.example"
# Writes the made-up diaries; can never sign in.
DIARY_EMAIL = "diaries@clinic.example"

SIGN_INS = (
    ("Patient", PATIENT_EMAIL),
    ("Clinician", CLINICIAN_EMAIL),
    ("Nurse", NURSE_EMAIL),
)

# Reported a red flag on the last day logged.
FLAGGED = "D-010"

SAFETY_PLAN = {
    "contact_name": "Marta, my sister",
    "contact_phone": "+34 900 000 001",
    "signs": "I stop answering messages. I wake at four.",
    "helps": "The walk to the harbour. Warm shower. Marta's voice.",
    "people": "Marta. The choir on Thursdays. The clinic in the morning.",
}

NAMES = (
    "Ana Demo", "Bruno Abel", "Carla Voss", "Dario Lind", "Elena Marsh", "Felix Orr",
    "Greta Holm", "Hugo Pine", "Irene Vale", "Jonas Reed", "Klara Moss", "Leon Birch",
    "Mara Stone", "Nils Hart", "Olga Field", "Pablo Frost", "Quinn Lake", "Rosa Wells",
    "Simon Ash", "Tilda Brook", "Uma Grove", "Viktor Dale", "Wanda Hill", "Xenia Park",
    "Yann Rowe", "Zelda Wood", "Adam Cross", "Berta Flint", "Cyril Nash", "Dora Penn",
    "Emil Sand", "Frida Thorn", "Gustav Webb", "Hanna York", "Ivan Bell", "Julia Crane",
    "Karl Drew", "Lena Eaton", "Marco Fenn", "Nora Gale", "Otto Hale", "Petra Ives",
    "Ralf Jory", "Sara Kemp", "Tomas Lowe", "Ursula Mead", "Vera Nye", "Walter Opal",
    "Ximena Poe", "Yves Quill", "Zoran Rigg", "Alma Shaw", "Boris Tate", "Celia Upton",
    "David Voll", "Edith Ware", "Frank Yale", "Gina Zorn", "Henrik Blum", "Isabel Cole",
)  # fmt: skip

NOTES = (
    "Slept badly, a bit dizzy after lunch.",
    "Went for a walk by the water.",
    "Heavy day. Stayed in bed until noon.",
    "Saw my sister, that helped.",
    "Back pain woke me twice.",
    "Quiet day, nothing special.",
    "Felt lighter this morning.",
    "Worked half a day.",
    "Old worries are coming back.",
    "Cooked for the first time in weeks.",
)


def demo_password() -> str:
    """The password of everyone in the made-up clinic."""
    return os.environ.get("RESPITE_DEMO_PASSWORD") or "calm-harbour-2026"
