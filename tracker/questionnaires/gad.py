"""The GAD-7: anxiety over the last two weeks."""

from tracker.questionnaires.instrument import Instrument, Item, Option
from tracker.questionnaires.phq import FREQUENCY, LICENCE
from tracker.questionnaires.rules import (
    Band,
    Mcid,
    Remission,
    Response,
    Scoring,
    Source,
)
from tracker.questionnaires.text import ENGLISH, Text

_SPITZER_2006 = Source(
    "Spitzer RL, Kroenke K, Williams JBW, Löwe B. 2006. Arch Intern Med 166:1092-1097"
)

# The Spanish wordings in circulation differ from each other, and the published one
# was not at hand: a clinic that has it loads it as a document.
_OPTIONS = tuple(
    Option(option.value, Text.of(option.label.get(ENGLISH)))
    for option in FREQUENCY
    if option.label is not None
)

_WORDING = (
    ("69725-0", "Feeling nervous, anxious, or on edge"),
    ("68509-9", "Not being able to stop or control worrying"),
    ("69733-4", "Worrying too much about different things"),
    ("69734-2", "Trouble relaxing"),
    ("69735-9", "Being so restless that it is hard to sit still"),
    ("69689-8", "Becoming easily annoyed or irritable"),
    ("69736-7", "Feeling afraid as if something awful might happen"),
)

GAD7 = Instrument(
    id="gad-7",
    version="1",
    title=Text.of("GAD-7"),
    instructions=Text.of(
        "Over the last 2 weeks, how often have you been bothered by the following "
        "problems?"
    ),
    items=tuple(
        Item(id=str(number), text=Text.of(english), options=_OPTIONS, loinc=code)
        for number, (code, english) in enumerate(_WORDING, start=1)
    ),
    recall_days=14,
    min_interval_days=14,
    scoring=Scoring(
        max_missing=1,
        missing_source=Source(
            "Convention: at most a fifth of the items",
            verified=False,
            note="No rule by the authors was read; some users allow two missing "
            "items or none. A clinic can set its own.",
        ),
    ),
    licence=LICENCE,
    source=_SPITZER_2006,
    bands=(
        Band(0, "minimal", "Minimal or no anxiety"),
        Band(5, "mild", "Mild anxiety"),
        Band(10, "moderate", "Moderate anxiety"),
        Band(15, "severe", "Severe anxiety"),
    ),
    bands_source=_SPITZER_2006,
    mcid=Mcid(
        4,
        Source(
            "Toussaint A et al. 2020. J Affect Disord 265:395-401",
            note="A change of 6 is beyond the error of measurement (Bischoff et al. "
            "2020).",
        ),
    ),
    response=Response(
        0.5,
        Source("Convention, as in the PHQ-9", verified=False),
    ),
    remission=Remission(
        4,
        Source("Convention: the lowest band, below 5", verified=False),
    ),
    loinc_panel="69737-5",
    loinc_score="70274-6",
    notes=("Spanish is left out: its published wording was not verified.",),
)
