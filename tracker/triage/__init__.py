"""Who needs somebody at the clinic now, and why."""

from tracker.triage.stored import open_items, refresh, stand_again
from tracker.triage.words import reason

__all__ = ["open_items", "reason", "refresh", "stand_again"]
