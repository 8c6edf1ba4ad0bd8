"""The PHQ-9 and the PHQ-2: depression over the last two weeks."""

from tracker.questionnaires.instrument import Instrument, Item, Option
from tracker.questionnaires.rules import (
    Band,
    Flag,
    Mcid,
    Remission,
    Response,
    Scoring,
    Source,
)
from tracker.questionnaires.text import Text

LICENCE = (
    "Developed by Drs. Robert L. Spitzer, Janet B.W. Williams, Kurt Kroenke and "
    "colleagues, with an educational grant from Pfizer Inc. No permission required "
    "to reproduce, translate, display or distribute."
)

# Spanish: the form of phqscreeners.com for the USA, which carries the licence in
# Spanish ("No se requiere permiso para reproducir, traducir, presentar o
# distribuir").
FREQUENCY = (
    Option(0, Text.of("Not at all", es="Ningún día")),
    Option(1, Text.of("Several days", es="Varios días")),
    Option(2, Text.of("More than half the days", es="Más de la mitad de los días")),
    Option(3, Text.of("Nearly every day", es="Casi todos los días")),
)

SELF_HARM = Flag(
    at_least=1,
    level="high",
    words="Thoughts of being better off dead or of hurting oneself.",
)

_INSTRUCTIONS = Text.of(
    "Over the last 2 weeks, how often have you been bothered by any of the "
    "following problems?",
    es="Durante las últimas 2 semanas, ¿qué tan seguido ha tenido molestias debido "
    "a los siguientes problemas?",
)

# Item, LOINC code, English, Spanish.
_WORDING = (
    (
        "44250-9",
        "Little interest or pleasure in doing things",
        "Poco interés o placer en hacer cosas",
    ),
    (
        "44255-8",
        "Feeling down, depressed, or hopeless",
        "Se ha sentido decaído(a), deprimido(a) o sin esperanzas",
    ),
    (
        "44259-0",
        "Trouble falling or staying asleep, or sleeping too much",
        "Ha tenido dificultad para quedarse o permanecer dormido(a), o ha dormido "
        "demasiado",
    ),
    (
        "44254-1",
        "Feeling tired or having little energy",
        "Se ha sentido cansado(a) o con poca energía",
    ),
    (
        "44251-7",
        "Poor appetite or overeating",
        "Sin apetito o ha comido en exceso",
    ),
    (
        "44258-2",
        "Feeling bad about yourself — or that you are a failure or have let "
        "yourself or your family down",
        "Se ha sentido mal con usted mismo(a) — o que es un fracaso o que ha quedado "
        "mal con usted mismo(a) o con su familia",
    ),
    (
        "44252-5",
        "Trouble concentrating on things, such as reading the newspaper or watching "
        "television",
        "Ha tenido dificultad para concentrarse en ciertas actividades, tales como "
        "leer el periódico o ver la televisión",
    ),
    (
        "44253-3",
        "Moving or speaking so slowly that other people could have noticed? Or the "
        "opposite — being so fidgety or restless that you have been moving around a "
        "lot more than usual",
        "¿Se ha movido o hablado tan lento que otras personas podrían haberlo "
        "notado? o lo contrario — muy inquieto(a) o agitado(a) que ha estado "
        "moviéndose mucho más de lo normal",
    ),
    (
        "44260-8",
        "Thoughts that you would be better off dead or of hurting yourself in some way",
        "Pensamientos de que estaría mejor muerto(a) o de lastimarse de alguna manera",
    ),
)

_ITEMS = tuple(
    Item(
        id=str(number),
        text=Text.of(english, es=spanish),
        options=FREQUENCY,
        flags=(SELF_HARM,) if number == 9 else (),
        loinc=code,
    )
    for number, (code, english, spanish) in enumerate(_WORDING, start=1)
)

_KROENKE_2001 = Source(
    "Kroenke K, Spitzer RL, Williams JBW. 2001. J Gen Intern Med 16:606-613"
)
_KROENKE_2003 = Source(
    "Kroenke K, Spitzer RL, Williams JBW. 2003. Med Care 41:1284-1292"
)

PHQ9 = Instrument(
    id="phq-9",
    version="1",
    title=Text.of("PHQ-9", es="PHQ-9"),
    instructions=_INSTRUCTIONS,
    items=_ITEMS,
    recall_days=14,
    min_interval_days=14,
    scoring=Scoring(
        max_missing=2,
        missing_source=Source(
            "Attributed to the PHQ's authors: Kroenke K et al. 2010. Gen Hosp "
            "Psychiatry 32:345-359",
            verified=False,
            note="The rule was not read in the paper; some users allow one missing "
            "item or none. A clinic can set its own.",
        ),
    ),
    licence=LICENCE,
    source=_KROENKE_2001,
    bands=(
        Band(0, "minimal", "Minimal or no depressive symptoms"),
        Band(5, "mild", "Mild depressive symptoms"),
        Band(10, "moderate", "Moderate depressive symptoms"),
        Band(15, "moderately-severe", "Moderately severe depressive symptoms"),
        Band(20, "severe", "Severe depressive symptoms"),
    ),
    bands_source=_KROENKE_2001,
    mcid=Mcid(5, Source("Löwe B et al. 2004. Med Care 42:1194-1201")),
    response=Response(
        0.5,
        Source(
            "McMillan D, Gilbody S, Richards D. 2010. J Affect Disord 127:122-129",
            note="The original definition also asks for a total of 9 or less.",
        ),
    ),
    remission=Remission(
        4,
        Source(
            "McMillan D, Gilbody S, Richards D. 2010. J Affect Disord 127:122-129",
            note="Below 5; a study of the VA took 5 or less (Pfeiffer et al. 2024).",
        ),
    ),
    loinc_panel="44249-1",
    loinc_score="44261-6",
    notes=(
        "Zero on item 9 is no reassurance: 62.9 % of medical in-patients at risk "
        "answered zero (PMC8258235).",
        "The unscored tenth question on difficulty is left out; its LOINC code is "
        "not verified.",
    ),
)

PHQ2 = Instrument(
    id="phq-2",
    version="1",
    title=Text.of("PHQ-2", es="PHQ-2"),
    instructions=_INSTRUCTIONS,
    items=_ITEMS[:2],
    recall_days=14,
    min_interval_days=14,
    scoring=Scoring(
        missing_source=Source(
            "None published",
            verified=False,
            note="With two items nothing can be filled in: both must be answered.",
        ),
    ),
    licence=LICENCE,
    source=_KROENKE_2003,
    bands=(
        Band(0, "below-cut-off", "Below the cut-off of 3"),
        Band(3, "at-cut-off", "At or above the cut-off of 3: ask the PHQ-9"),
    ),
    bands_source=Source(
        "Kroenke K, Spitzer RL, Williams JBW. 2003. Med Care 41:1284-1292; Arroll B "
        "et al. 2010. Ann Fam Med 8:348-353",
        note="Of major depressions 2 or more finds 86 % and 3 or more 61 % (Arroll et "
        "al. 2010).",
    ),
    loinc_panel="55757-9",
    loinc_score="55758-7",
    notes=("No least change that matters to a patient is published.",),
)
