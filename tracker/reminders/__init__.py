"""Reminders of the daily diary: when, over which way, and what became of them."""
