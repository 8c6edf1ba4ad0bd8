"""The statuses of a relief spell and the states of an outlook, in people's words.

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

OUTLOOK_STATES: tuple[tuple[str, str], ...] = (
    ("no series", "No infusion yet"),
    ("inducing", "In a course of infusions"),
    ("awaiting onset", "Waiting to see relief"),
    ("in relief", "In relief"),
    ("pending loss", "Relief may be ending"),
    ("lost", "Relief has ended"),
    ("no response", "No relief seen"),
    ("not assessable", "Cannot be judged"),
)
