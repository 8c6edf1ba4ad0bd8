"""Writes: each is atomic, audited, and harmless when it is repeated."""

from tracker.actions.appointments import book, cancel_booking
from tracker.actions.clinics import (
    BOOSTER_RULE,
    change_booster_rule,
    change_patient_view,
)
from tracker.actions.diary import CLOSED_STATES, Saved, Stale, check_window, save_day
from tracker.actions.infusions import (
    INFUSION_FIELDS,
    cancel_infusion,
    correct_infusion,
    save_infusion,
)
from tracker.actions.invitations import accept_invitation, invite, open_invitation
from tracker.actions.keys import add_api_token, token_hash
from tracker.actions.lifecycle import change_state
from tracker.actions.patients import add_patient, change_own_settings
from tracker.actions.sessions import (
    end_session,
    end_sessions_of,
    note_use,
    remove_passkey,
    sessions_of,
)
from tracker.actions.staff import add_staff
from tracker.actions.sync import Answer, Synced, sync_days
from tracker.actions.triage import (
    LONGEST_SNOOZE_OF_A_FLAG_DAYS,
    assign_item,
    read_notes,
    save_view,
    see_item,
    snooze_item,
    unsee_item,
)

__all__ = [
    "BOOSTER_RULE",
    "CLOSED_STATES",
    "INFUSION_FIELDS",
    "LONGEST_SNOOZE_OF_A_FLAG_DAYS",
    "Answer",
    "Saved",
    "Stale",
    "Synced",
    "accept_invitation",
    "add_api_token",
    "add_patient",
    "add_staff",
    "assign_item",
    "book",
    "cancel_booking",
    "cancel_infusion",
    "change_booster_rule",
    "change_own_settings",
    "change_patient_view",
    "change_state",
    "check_window",
    "correct_infusion",
    "end_session",
    "end_sessions_of",
    "invite",
    "note_use",
    "open_invitation",
    "read_notes",
    "remove_passkey",
    "save_day",
    "save_infusion",
    "save_view",
    "see_item",
    "sessions_of",
    "snooze_item",
    "sync_days",
    "token_hash",
    "unsee_item",
]
