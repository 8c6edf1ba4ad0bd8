"""Decisions: what they stood on, and how they turned out."""

from tracker.decisions.evidence import evidence_of, freeze
from tracker.decisions.outcome import LOOKS_BACK, TurnedOut, turned_out

__all__ = ["LOOKS_BACK", "TurnedOut", "evidence_of", "freeze", "turned_out"]
