import hashlib
import json

import pytest

from tracker.questionnaires import INSTRUMENTS, as_json, find

EACH = pytest.mark.parametrize("name", sorted(INSTRUMENTS))


def test_five_instruments_come_with_respite():
    assert list(INSTRUMENTS) == ["phq-9", "phq-2", "gad-7", "pcl-5", "peg"]
    with pytest.raises(TypeError):
        INSTRUMENTS["isi"] = find("peg")


@pytest.mark.parametrize(
    ("name", "items", "values", "recall_days", "panel", "score"),
    [
        ("phq-9", 9, range(4), 14, "44249-1", "44261-6"),
        ("phq-2", 2, range(4), 14, "55757-9", "55758-7"),
        ("gad-7", 7, range(4), 14, "69737-5", "70274-6"),
        ("pcl-5", 20, range(5), 30, "101697-1", "101698-9"),
        ("peg", 3, range(11), 7, "91148-7", "91147-9"),
    ],
)
def test_items_answers_recall_and_codes(name, items, values, recall_days, panel, score):
    instrument = find(name)

    assert [item.id for item in instrument.items] == [
        str(number) for number in range(1, items + 1)
    ]
    assert {item.values for item in instrument.items} == {tuple(values)}
    assert instrument.recall_days == recall_days
    assert (instrument.loinc_panel, instrument.loinc_score) == (panel, score)


@EACH
def test_no_instrument_is_asked_more_often_than_it_looks_back(name):
    assert find(name).min_interval_days >= find(name).recall_days


@EACH
def test_every_rule_names_its_source(name):
    instrument = find(name)
    rules = (instrument.mcid, instrument.response, instrument.remission)

    assert instrument.licence
    assert instrument.source.citation
    assert instrument.scoring.missing_source
    assert all(rule.source.citation for rule in rules if rule)
    assert bool(instrument.bands) == bool(instrument.bands_source)


def test_what_no_source_was_read_for_is_marked():
    unverified = {
        (name, field)
        for name, instrument in INSTRUMENTS.items()
        for field, source in {
            "missing": instrument.scoring.missing_source,
            "bands": instrument.bands_source,
            "mcid": instrument.mcid and instrument.mcid.source,
            "response": instrument.response and instrument.response.source,
            "remission": instrument.remission and instrument.remission.source,
        }.items()
        if source and not source.verified
    }

    assert unverified == {
        *((name, "missing") for name in INSTRUMENTS),
        ("gad-7", "response"),
        ("gad-7", "remission"),
    }


@pytest.mark.parametrize("name", ["phq-9", "phq-2", "gad-7"])
def test_the_phq_family_carries_its_permission(name):
    permission = (
        "No permission required to reproduce, translate, display or distribute."
    )

    assert find(name).licence.endswith(permission)


def test_only_the_self_harm_item_flags():
    flagging = {
        (name, item.id)
        for name, instrument in INSTRUMENTS.items()
        for item in instrument.items
        if item.flags
    }

    assert flagging == {("phq-9", "9")}


@pytest.mark.parametrize(
    ("name", "points"),
    [("phq-9", 5), ("phq-2", None), ("gad-7", 4), ("pcl-5", 10), ("peg", 1)],
)
def test_the_least_change_that_matters(name, points):
    mcid = find(name).mcid

    assert (mcid and mcid.points) == points


@pytest.mark.parametrize(
    ("name", "version", "digest"),
    [
        ("phq-9", "1", "a4b2de5256de77b6"),
        ("phq-2", "1", "571aa9b022e455fe"),
        ("gad-7", "1", "35cdc35b19f675d8"),
        ("pcl-5", "1", "b779c836690f16bc"),
        ("peg", "1", "e9a4d5acd469f039"),
    ],
)
def test_content_changes_only_with_the_version(name, version, digest):
    # Kept answers carry the version: when this fails, raise it first.
    instrument = find(name)
    asked = [as_json(name, language) for language in instrument.languages]
    scored = repr((instrument.scoring, instrument.bands, instrument.clusters))
    content = json.dumps([asked, scored], sort_keys=True, ensure_ascii=False)

    assert instrument.version == version
    assert hashlib.sha256(content.encode()).hexdigest()[:16] == digest
