"""The statuses of a relief spell, in the words people read.

The keys are those of `tracker.relief`, repeated here so that serving a phone
needs no analytics in memory; a test holds the two together.
"""

STATUSES: tuple[tuple[str, str], ...] = (
    ("lost", "Relief was lost"),
    ("holding", "Relief is holding"),
    ("cut_by_infusion", "Cut by the next infusion"),
    ("cut_by_silence", "Cut by silence"),
    ("no_response", "No clear relief"),
    ("not_assessable", "Not enough to say"),
)
