import copy
import json
import re
from pathlib import Path

import pytest

from tracker.questionnaires import change, load, score

SOURCE = {"citation": "A. Author 2020, Journal 1:1", "verified": False, "note": "Ask."}
DOCS = Path(__file__).parents[4] / "docs" / "questionnaires.md"


def put(document, path, value):
    """A copy of `document` with `value` at `path`; "-" takes the field away."""
    changed = copy.deepcopy(document)
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    place = changed
    for step in way:
        place = place[step]
    if value == "-":
        del place[last]
    else:
        place[last] = value
    return changed


def test_a_loaded_instrument_is_scored_as_any(document):
    instrument = load(document)
    scored = score(instrument, [1, 2, 3])

    assert (scored.total, scored.band.code) == (6, "many")
    assert (scored.instrument, scored.version) == ("made-up", "2")
    assert instrument.bounds == (0, 9)
    assert instrument.min_interval_days == 7
    assert score(instrument, [1, 2, None]).total is None


def test_a_document_survives_json(document):
    assert load(json.loads(json.dumps(document))) == load(document)


def test_the_document_is_not_changed(document):
    before = copy.deepcopy(document)
    load(document)

    assert document == before


def test_changes_follow_the_documents_rules(document):
    document["mcid"] = {"points": 2, "source": SOURCE}
    document["response"] = {"share": 0.5, "source": SOURCE}
    document["remission"] = {"limit": 2, "source": SOURCE}
    changed = change(load(document), 8, 2)

    assert (changed.reaches_mcid, changed.response, changed.remission) == (True,) * 3
    assert [source.note for source in changed.unverified] == ["Ask."] * 3


def test_gaps_are_allowed_with_a_source(document):
    document["scoring"] |= {"max_missing": 1, "missing_source": SOURCE}

    assert score(load(document), [1, 2, None]).total == 5


def test_a_screener_flags_and_gives_no_total(screener):
    scored = score(load(screener), [1, 1, 0])

    assert scored.total is None
    assert scored.reason == "Screener gives no total; each answer counts by itself."
    assert [(raised.item, raised.level) for raised in scored.flags] == [
        ("1", "low"),
        ("2", "high"),
    ]


@pytest.mark.parametrize(
    ("answers", "completeness", "open_items", "open_flags"),
    [
        pytest.param([0, None, 0], (2, 2), (), (), id="no-leads-past"),
        pytest.param([1, None, 0], (2, 3), ("2",), ("2",), id="yes-leads-to-it"),
        pytest.param(
            [None, None, 0], (1, 3), ("1", "2"), ("1", "2"), id="not-answered"
        ),
        pytest.param([1, 0, None], (2, 3), ("3",), (), id="one-that-never-flags"),
    ],
)
def test_items_that_are_not_asked_are_not_missing(
    screener, answers, completeness, open_items, open_flags
):
    scored = score(load(screener), answers)

    assert (scored.completeness.answered, scored.completeness.of) == completeness
    assert scored.unanswered == open_items
    assert scored.unanswered_flags == open_flags


def test_an_answer_flags_even_where_it_should_not_have_been_asked(screener):
    assert [r.item for r in score(load(screener), [0, 1, 0]).flags] == ["2"]


def grouped(document):
    document["scoring"]["groups"] = [{"id": "pair", "items": ["a", "b"], "least": 1}]
    del document["bands"], document["bands_source"]
    return document


@pytest.mark.parametrize(
    ("answers", "total"),
    [([1, 3, 2], 5), ([3, 1, 2], 5), ([None, 1, 2], 3), ([None, None, 2], None)],
)
def test_of_a_group_only_the_highest_counts(document, answers, total):
    instrument = load(grouped(document))

    assert instrument.bounds == (0, 6)
    assert score(instrument, answers).total == total
    assert score(instrument, answers).completeness.of == 2


def test_a_group_may_need_all_its_answers(document):
    grouped(document)["scoring"]["groups"][0]["least"] = 2

    assert score(load(document), [None, 1, 2]).total is None


def test_a_table_turns_raw_sums_into_totals(document):
    table = [[raw, 35.0 + 1.5 * raw] for raw in range(10)]
    document["scoring"]["table"] = table
    document["bands"][0]["at_least"] = 35
    document["bands"][1]["at_least"] = 45
    instrument = load(document)

    assert instrument.bounds == (35, 48.5)
    assert score(instrument, [1, 2, 3]).total == 44
    assert score(instrument, [1, 3, 3]).band.code == "many"


def test_a_sum_may_be_multiplied(document):
    document["scoring"]["times"] = 4

    assert load(document).bounds == (0, 36)
    assert score(load(document), [1, 2, 3]).total == 24


def test_items_may_have_options_of_their_own(document):
    document["items"][1]["options"] = [{"value": 0}, {"value": 5}]
    instrument = load(document)

    assert score(instrument, [0, 5, 0]).total == 5
    with pytest.raises(ValueError, match="item b: the answer must be one of 0, 5"):
        score(instrument, [0, 1, 0])


def test_reversed_items_have_reversed_values(document):
    document["items"][0]["options"] = [
        {"value": 3 - option["value"], "label": option["label"]}
        for option in document["options"]
    ]

    assert load(document).items[0].values == (0, 1, 2, 3)
    assert [option.value for option in load(document).items[0].options] == [3, 2, 1, 0]


def test_clusters_come_along(document):
    document["clusters"] = [
        {"id": "X", "name": "Ab", "items": ["a", "b"], "rated_at_least": 2, "needed": 1}
    ]
    document["provisional"] = "the pattern"
    scored = score(load(document), [2, 0, 0])

    assert scored.clusters[0].total == 2
    assert scored.provisional.met is True


REFUSALS = [
    ("format", 2, "format must be 1, not 2"),
    ("format", True, "format must be a whole number, not True"),
    ("format", "-", "format must be given, not None"),
    ("id", "-", "id must be given, not None"),
    ("id", None, "id must be given, not None"),
    ("id", 7, "id must be text, not 7"),
    ("id", "Made up", "id must be lower case"),
    ("version", " ", "version must be text, not ' '"),
    ("version", 2, "version must be text, not 2"),
    ("licence", "-", "licence must be given"),
    ("surprise", 1, "the document must have no fields but format id"),
    ("title", "Made-up", "title must be an object of languages and texts"),
    ("title", {}, "title must be an object of languages and texts, not {}"),
    ("title.en", 4, "title.en must be text, not 4"),
    ("title", {"de": "x"}, "texts must share at least one language"),
    ("items", {}, "items must be a list, not {}"),
    ("items", [], "items must have at least one item, not []"),
    ("items.0", "x", "items.1 must be an object, not 'x'"),
    ("items.0.id", "b", "items must name each only once, not 'b'"),
    ("items.0.colour", "red", "items.1 must have no fields but id text"),
    ("items.0.text", "-", "items.1.text must be given"),
    ("items.0.loinc", "44261-7", "items.a.loinc must be a LOINC code"),
    ("items.0.anchors", {"lowest": {"en": "x"}}, "items.1.anchors.highest must be"),
    ("options", "-", "options must be given"),
    ("options", [{"value": 0}], "items.a.options must be at least two, not 1"),
    ("options.0.value", 1, "items.a.options must name each only once, not 1"),
    ("options.0.value", 0.5, "options.1.value must be a whole number, not 0.5"),
    ("options.0.label", {"en": ""}, "every text in en must say something"),
    ("options.0.points", 1, "options.1 must have no fields but value label"),
    ("recall_days", "7", "recall_days must be a whole number, not '7'"),
    ("recall_days", -1, "recall_days must be from 0 to 366, not -1"),
    ("min_interval_days", 6, "min_interval_days must be from recall_days, 7"),
    ("higher_is", "up", "higher_is must be one of worse, better, not 'up'"),
    ("scoring", "-", "scoring must be given"),
    ("scoring", "sum", "scoring must be an object, not 'sum'"),
    ("scoring.method", "max", "scoring.method must be one of sum, mean, none"),
    ("scoring.method", ["sum"], "scoring.method must be one of sum, mean, none"),
    ("scoring.method", "none", "bands must be left out where there is no total"),
    ("scoring.max_missing", 1, "scoring.missing_source must be given"),
    ("scoring.times", 0, "scoring.times must be at least 1, not 0"),
    ("scoring.groups", [{"id": "g"}], "scoring.groups.g must name at least one item"),
    ("scoring.groups", [{"id": "g", "items": ["z"]}], "must name items there are"),
    ("scoring.groups", [{"id": "g", "items": "ab"}], "items must be a list, not 'ab'"),
    ("scoring.groups", [{"id": "g", "items": [1]}], "items must be a list of texts"),
    (
        "scoring.groups",
        [{"id": "g", "items": ["a"], "least": 2}],
        "scoring.groups.g.least must be from 1 to 1, not 2",
    ),
    (
        "scoring.groups",
        [{"id": "g", "items": ["a"]}, {"id": "h", "items": ["a"]}],
        "scoring.groups must name each only once, not 'a'",
    ),
    ("scoring.table", [[0, 1.0]], "scoring.table must give every raw sum from 0 to 9"),
    ("scoring.table", [[0]], "scoring.table.1 must be a pair"),
    ("scoring.table", [[0.5, 1]], "scoring.table.1 must be a whole number"),
    ("scoring.table", [[0, "1"]], "scoring.table.1 must be a number"),
    ("scoring.table", [[0, float("nan")]], "scoring.table.1 must be a number"),
    ("scoring.table", [[0, 10**400]], "scoring.table.1 must be a number"),
    ("bands.0.at_least", 1, "bands must begin at the lowest total, 0, not 1"),
    ("bands.1.at_least", 0, "bands must ascend, not [0, 0]"),
    ("bands.1.at_least", 10, "bands must begin at 9 or below, not 10"),
    ("bands.1.code", "few", "bands must name each only once, not 'few'"),
    ("bands.1.words", "-", "bands.2.words must be given"),
    ("bands_source", "-", "bands_source must be given"),
    ("source.citation", "", "source.citation must be text"),
    ("source.verified", "-", "source.verified must be given"),
    ("source.verified", "yes", "source.verified must be true or false, not 'yes'"),
    ("mcid", {"points": 2}, "mcid.source must be given"),
    ("mcid", {"points": 0, "source": SOURCE}, "mcid.points must be above 0"),
    ("response", {"share": 50, "source": SOURCE}, "response.share must be above 0"),
    ("remission", {"limit": 10, "source": SOURCE}, "remission.limit must be from 0"),
    ("remission", {"limit": True, "source": SOURCE}, "remission.limit must be a num"),
    ("loinc", {"panel": "44249-2"}, "loinc_panel must be a LOINC code"),
    ("loinc", {"code": "44249-1"}, "loinc must have no fields but panel score"),
    ("notes", "text", "notes must be a list, not 'text'"),
    (
        "clusters",
        [{"id": "X", "name": "x", "items": ["a"], "rated_at_least": 1, "needed": 2}],
        "clusters.X.needed must be from 0 to 1, not 2",
    ),
    ("items.0.ask_if", {"item": "b", "at_least": 1}, "be left out where there is a"),
    (
        "items.0.flags",
        [{"at_least": 4, "level": "low", "words": "x"}],
        "items.a.flags.at_least must be from 1 to 3, not 4",
    ),
    (
        "items.0.flags",
        [{"at_least": 1, "level": "red", "words": "x"}],
        "items.1.flags.1.level must be one of low, moderate, high, not 'red'",
    ),
    (
        "items.0.flags",
        [{"at_least": 1, "level": "low", "words": "x"}] * 2,
        "items.a.flags must name each only once, not 1",
    ),
]


@pytest.mark.parametrize(
    ("path", "value", "words"),
    REFUSALS,
    ids=[f"{path}-{place}" for place, (path, _, _) in enumerate(REFUSALS)],
)
def test_a_refusal_names_field_rule_and_value(document, path, value, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        load(put(document, path, value))


@pytest.mark.parametrize(
    ("gate", "words"),
    [
        ({"item": "3", "at_least": 1}, "items.2.ask_if must name an item before this"),
        ({"item": "1", "at_least": 2}, "items.2.ask_if must name an answer of item 1"),
        ({"item": "1"}, "items.2.ask_if.at_least must be given"),
    ],
)
def test_an_item_depends_on_an_answer_before_it(screener, gate, words):
    with pytest.raises(ValueError, match=words):
        load(put(screener, "items.1.ask_if", gate))


@pytest.mark.parametrize("rule", ["mcid", "response", "remission"])
def test_without_a_total_there_is_no_change(screener, rule):
    number = {"mcid": "points", "response": "share", "remission": "limit"}[rule]
    screener[rule] = {number: 1, "source": SOURCE}

    with pytest.raises(ValueError, match="be left out without a total"):
        load(screener)


@pytest.mark.parametrize("document", [None, [], "{}", 4])
def test_a_document_is_an_object(document):
    with pytest.raises(ValueError, match="the document must be an object"):
        load(document)


def examples():
    blocks = re.findall(r"```json\n(.*?)```", DOCS.read_text(), re.DOTALL)
    return [json.loads(block) for block in blocks]


def test_the_examples_of_the_documentation_can_be_loaded():
    loaded = [load(example) for example in examples()]

    assert [instrument.id for instrument in loaded] == [
        "sleep-example",
        "screen-example",
    ]
    assert all("[" in item.text.get("en") for each in loaded for item in each.items)
