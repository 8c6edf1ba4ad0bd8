"""The PEG: pain, enjoyment of life and general activity over the past week."""

from tracker.questionnaires.instrument import Instrument, Item, Option
from tracker.questionnaires.rules import Mcid, Scoring, Source
from tracker.questionnaires.text import Text

_NUMBERS = tuple(Option(value) for value in range(11))
_PAIN = (Text.of("No pain"), Text.of("Pain as bad as you can imagine"))
_INTERFERES = (Text.of("Does not interfere"), Text.of("Completely interferes"))

PEG = Instrument(
    id="peg",
    version="1",
    title=Text.of("PEG"),
    instructions=Text.of("Please answer for the past week."),
    items=(
        Item(
            id="1",
            text=Text.of(
                "What number best describes your pain on average in the past week?"
            ),
            options=_NUMBERS,
            anchors=_PAIN,
            loinc="75893-8",
        ),
        Item(
            id="2",
            text=Text.of(
                "What number best describes how, during the past week, pain has "
                "interfered with your enjoyment of life?"
            ),
            options=_NUMBERS,
            anchors=_INTERFERES,
            loinc="91145-3",
        ),
        Item(
            id="3",
            text=Text.of(
                "What number best describes how, during the past week, pain has "
                "interfered with your general activity?"
            ),
            options=_NUMBERS,
            anchors=_INTERFERES,
            loinc="91146-1",
        ),
    ),
    recall_days=7,
    min_interval_days=7,
    scoring=Scoring(
        method="mean",
        missing_source=Source(
            "None published",
            verified=False,
            note="With three items nothing is filled in: all must be answered.",
        ),
    ),
    licence=(
        "Freely available in the public domain (as LOINC distributes it); cite Krebs "
        "et al. 2009."
    ),
    source=Source("Krebs EE et al. 2009. J Gen Intern Med 24:733-738"),
    mcid=Mcid(
        1,
        Source(
            "Reed DE et al. 2023, PMC10859144",
            note="1.0 to 1.75 by anchor, 0.60 to 1.22 by distribution; a fall of 30 % "
            "is often used too, unverified.",
        ),
    ),
    loinc_panel="91148-7",
    loinc_score="91147-9",
    notes=(
        "No bands are published.",
        "No response or remission is published for the PEG itself.",
        "The line above the items is ours. Spanish is left out: no published wording "
        "was verified.",
    ),
)
