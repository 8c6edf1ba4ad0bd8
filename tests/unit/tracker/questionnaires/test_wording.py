import json

import pytest

from tracker.questionnaires import INSTRUMENTS, as_json, find, load, wording

EACH = pytest.mark.parametrize("name", sorted(INSTRUMENTS))


@EACH
def test_english_is_there_and_complete(name):
    said = wording(name, "en")

    assert (said.language, said.fell_back, said.note) == ("en", False, "")
    assert len(said.items) == len(find(name).items)
    assert all(
        item.text and all(label for _, label in item.options) for item in said.items
    )


@pytest.mark.parametrize("tag", ["es", "es-MX", "ES", "es_US"])
def test_spanish_is_found_whatever_the_region(tag):
    said = wording("phq-9", tag)

    assert (said.language, said.fell_back) == ("es", False)
    assert said.items[0].text == "Poco interés o placer en hacer cosas"
    assert said.items[0].options[3] == (3, "Casi todos los días")


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("gad-7", "es"),
        ("pcl-5", "es"),
        ("peg", "es-MX"),
        ("phq-9", "de"),
        ("phq-9", ""),
    ],
)
def test_without_checked_wording_it_is_english_and_says_so(name, tag):
    said = wording(name, tag)

    assert (said.language, said.fell_back, said.asked_for) == ("en", True, tag)
    assert repr(tag) in said.note
    assert said.items == wording(name, "en").items


def test_where_english_is_not_there_it_is_the_language_there_is(document):
    for texts in (document["title"], document["instructions"]):
        del texts["en"]
    said = wording(load(document), "en")

    assert (said.language, said.fell_back) == ("es", True)
    assert said.items[0].text == "¿Primero?"


def test_a_language_is_there_only_when_every_text_is(document):
    del document["items"][2]["text"]["es"]
    said = wording(load(document), "es")

    assert (said.language, said.fell_back) == ("en", True)


def test_numbers_without_labels_are_their_own_labels_between_anchors():
    [pain, *_] = wording("peg", "en").items

    assert pain.options[0] == (0, "0")
    assert pain.options[10] == (10, "10")
    assert pain.anchors == ("No pain", "Pain as bad as you can imagine")


@EACH
def test_the_document_is_json_and_always_the_same(name):
    document = as_json(name, "en")

    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert as_json(name, "en") == document
    assert (document["format"], document["id"]) == (1, name)
    assert document["version"] == find(name).version


def test_the_document_of_the_phq9():
    document = as_json("phq-9", "es")

    assert list(document) == [
        "format",
        "id",
        "version",
        "language",
        "asked_for",
        "fell_back",
        "note",
        "title",
        "instructions",
        "recall_days",
        "min_interval_days",
        "licence",
        "citation",
        "items",
    ]
    assert document["items"][8] == {
        "id": "9",
        "text": "Pensamientos de que estaría mejor muerto(a) o de lastimarse de alguna "
        "manera",
        "options": [
            {"value": 0, "label": "Ningún día"},
            {"value": 1, "label": "Varios días"},
            {"value": 2, "label": "Más de la mitad de los días"},
            {"value": 3, "label": "Casi todos los días"},
        ],
        "anchors": None,
        "flags_from": 1,
        "ask_if": None,
    }
    assert {item["flags_from"] for item in document["items"][:8]} == {None}


def test_the_document_says_when_an_item_is_asked(screener):
    items = as_json(load(screener), "en")["items"]

    assert items[1]["ask_if"] == {"item": "1", "at_least": 1}
    assert [item["flags_from"] for item in items] == [1, 1, None]


def test_a_missing_language_names_those_there_are():
    with pytest.raises(ValueError, match="one of en, es, not 'de'"):
        find("phq-9").title.get("de")
