"""The PCL-5: symptoms of PTSD over the past month."""

from tracker.questionnaires.instrument import Instrument, Item, Option
from tracker.questionnaires.rules import Band, Cluster, Mcid, Scoring, Source
from tracker.questionnaires.text import Text

_WEATHERS_2013 = Source(
    "Weathers FW, Litz BT, Keane TM, Palmieri PA, Marx BP, Schnurr PP. 2013. The PTSD "
    "Checklist for DSM-5 (PCL-5), National Center for PTSD, www.ptsd.va.gov"
)

_OPTIONS = (
    Option(0, Text.of("Not at all")),
    Option(1, Text.of("A little bit")),
    Option(2, Text.of("Moderately")),
    Option(3, Text.of("Quite a bit")),
    Option(4, Text.of("Extremely")),
)

_WORDING = (
    "Repeated, disturbing, and unwanted memories of the stressful experience?",
    "Repeated, disturbing dreams of the stressful experience?",
    "Suddenly feeling or acting as if the stressful experience were actually "
    "happening again (as if you were actually back there reliving it)?",
    "Feeling very upset when something reminded you of the stressful experience?",
    "Having strong physical reactions when something reminded you of the stressful "
    "experience (for example, heart pounding, trouble breathing, sweating)?",
    "Avoiding memories, thoughts, or feelings related to the stressful experience?",
    "Avoiding external reminders of the stressful experience (for example, people, "
    "places, conversations, activities, objects, or situations)?",
    "Trouble remembering important parts of the stressful experience?",
    "Having strong negative beliefs about yourself, other people, or the world (for "
    "example, having thoughts such as: I am bad, there is something seriously wrong "
    "with me, no one can be trusted, the world is completely dangerous)?",
    "Blaming yourself or someone else for the stressful experience or what happened "
    "after it?",
    "Having strong negative feelings such as fear, horror, anger, guilt, or shame?",
    "Loss of interest in activities that you used to enjoy?",
    "Feeling distant or cut off from other people?",
    "Trouble experiencing positive feelings (for example, being unable to feel "
    "happiness or have loving feelings for people close to you)?",
    "Irritable behavior, angry outbursts, or acting aggressively?",
    "Taking too many risks or doing things that could cause you harm?",
    'Being "superalert" or watchful or on guard?',
    "Feeling jumpy or easily startled?",
    "Having difficulty concentrating?",
    "Trouble falling or staying asleep?",
)


def _numbered(first: int, last: int) -> tuple[str, ...]:
    return tuple(str(number) for number in range(first, last + 1))


PCL5 = Instrument(
    id="pcl-5",
    version="1",
    title=Text.of("PCL-5"),
    instructions=Text.of(
        "Below is a list of problems that people sometimes have in response to a very "
        "stressful experience. Please read each problem and then select one of the "
        "options to indicate how much you have been bothered by that problem in the "
        "past month.\n\nIn the past month, how much were you bothered by:"
    ),
    items=tuple(
        Item(id=str(number), text=Text.of(english), options=_OPTIONS)
        for number, english in enumerate(_WORDING, start=1)
    ),
    recall_days=30,
    min_interval_days=30,
    scoring=Scoring(
        missing_source=Source(
            "None by the National Center for PTSD was found",
            verified=False,
            note="Trials fill in up to a fifth of the items, each in its own way. Here "
            "every item must be answered; a cluster without gaps keeps its score.",
        ),
    ),
    licence=(
        "Created by staff of the US Department of Veterans Affairs' National Center "
        "for PTSD; in the public domain and not copyrighted."
    ),
    source=_WEATHERS_2013,
    bands=(
        Band(0, "below-cut-off", "Below the range of cut-offs, 31 to 33"),
        Band(31, "in-cut-off-range", "Within the range of cut-offs, 31 to 33"),
        Band(34, "above-cut-off", "Above the range of cut-offs, 31 to 33"),
    ),
    bands_source=Source(
        "National Center for PTSD, www.ptsd.va.gov",
        note="No ranges of severity are established; the cut-off depends on setting "
        "and aim.",
    ),
    clusters=(
        Cluster("B", "Intrusion", _numbered(1, 5), rated_at_least=2, needed=1),
        Cluster("C", "Avoidance", _numbered(6, 7), rated_at_least=2, needed=1),
        Cluster(
            "D",
            "Negative changes in thinking and mood",
            _numbered(8, 14),
            rated_at_least=2,
            needed=2,
        ),
        Cluster(
            "E",
            "Changes in arousal and reactivity",
            _numbered(15, 20),
            rated_at_least=2,
            needed=2,
        ),
    ),
    provisional=(
        "the pattern of symptoms the National Center for PTSD calls a provisional "
        "diagnosis"
    ),
    mcid=Mcid(
        10,
        Source(
            "National Center for PTSD, www.ptsd.va.gov; Blanchard BE et al. 2023. "
            "J Trauma Stress 36:1102-1114",
            note="Carried over from the PCL of DSM-IV; 9 to 12 in primary care "
            "(Blanchard et al. 2023), and the Center may by now quote 10 to 15 "
            "(unverified). A change of 5 or less is not reliable.",
        ),
    ),
    loinc_panel="101697-1",
    loinc_score="101698-9",
    notes=(
        "The form without a description of the event. The first sentence is that of "
        "the Center's fillable form of the past week, with its month.",
        "A form of the past week exists; it is another instrument and is not included.",
        "Spanish is left out: no published wording was verified.",
    ),
)
