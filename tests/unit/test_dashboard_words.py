"""Every text of the dashboard has its words in every language, and no other has."""

import ast
import json
import re
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from tests.servers import ROOT
from tracker import language, relief
from tracker.models import Appointment, Decision, Reminder
from tracker.relief import groups, trends
from tracker.relief_words import STATUSES
from tracker.vocabulary import (
    Agent,
    Condition,
    Outcome,
    PatientSees,
    PatientState,
    Phase,
    ReminderChannel,
    Route,
    Source,
)

SAYING = {"t", "tn", "msg"}
SHOWN_CHOICES = (
    Agent,
    Condition,
    Outcome,
    PatientSees,
    PatientState,
    Phase,
    ReminderChannel,
    Route,
    Source,
    Appointment.Status,
    Decision.Kind,
    Reminder.Answer,
    Reminder.Kind,
)
LOCALES = sorted((ROOT / "tracker/locales").glob("*.json"))
IN_BRACES = re.compile(r"\{(\w+)\}")


def sources(*folders: str) -> list[Path]:
    return [
        path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))
    ]


def name_of(call: ast.Call) -> str:
    called = call.func
    if isinstance(called, ast.Attribute):
        return called.attr
    return called.id if isinstance(called, ast.Name) else ""


def calls_of(tree: ast.AST) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and name_of(node) in SAYING
    ]


def said_in_source() -> tuple[set[str], dict[str, str]]:
    """Texts handed to `t` or `msg`, and those of `tn`: the one by the many."""
    plain, counted = set(), {}
    for path in sources("dashboard", "tracker"):
        for call in calls_of(ast.parse(path.read_text())):
            texts = [
                arg.value
                for arg in call.args[:2]
                if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
            ]
            if name_of(call) == "tn" and len(texts) == 2:
                counted[texts[1]] = texts[0]
            elif texts:
                plain.add(texts[0])
    return plain, counted


def shown_from_data() -> set[str]:
    """Labels and sentences that stand in tables and are translated where shown."""
    terms = json.loads((ROOT / "tracker/data/side_effects.json").read_text())
    return {
        *(str(label) for kind in SHOWN_CHOICES for _, label in kind.choices),
        *(label for _, label in STATUSES),
        *(term[name] for term in terms for name in ("lay", "clinical")),
        *Agent.values,
        *Route.values,
        *groups_compared(),
        *relief.REASONS.values(),
        *relief.STATE_WORDS.values(),
        relief.CORRECTION,
        trends._SHORTENED,
        trends._LENGTHENED,
    }


def groups_compared() -> set[str]:
    """Names `relief.compare` gives to groups; plain numbers need no words."""
    spells = pd.DataFrame(
        {
            "patient_id": [1, 1],
            "series": [1, 2],
            "n_infusions": [6, 1],
            "mg_per_kg": [0.5, 0.5],
        }
    )
    names = [
        str(name)
        for by in ("dose_band", "nth_booster", "phase")
        for name in groups.group_spells(spells, by)["group"].cat.categories
    ]
    return {name for name in names if not name.isdigit()}


def catalogue(path: Path) -> dict:
    return json.loads(path.read_text())


@pytest.mark.parametrize("path", LOCALES, ids=lambda path: path.stem)
def test_every_text_has_its_words_and_every_word_is_needed(path):
    plain, counted = said_in_source()
    found = catalogue(path)

    assert (plain | set(counted) | shown_from_data()) - set(found) == set()
    assert set(found) - (plain | set(counted) | shown_from_data()) == set()
    assert {key for key, words in found.items() if not words} == set()
    assert list(found) == sorted(found)


@pytest.mark.parametrize("path", LOCALES, ids=lambda path: path.stem)
def test_counted_texts_have_both_forms_and_others_one(path):
    _, counted = said_in_source()

    for key, words in catalogue(path).items():
        if key in counted:
            assert set(words) == {"one", "other"}, key
        else:
            assert isinstance(words, str), key


@pytest.mark.parametrize("path", LOCALES, ids=lambda path: path.stem)
def test_names_in_braces_are_the_same(path):
    for key, words in catalogue(path).items():
        wanted = set(IN_BRACES.findall(key))
        if isinstance(words, str):
            assert set(IN_BRACES.findall(words)) == wanted, key
            continue
        assert set(IN_BRACES.findall(words["other"])) == wanted, key
        # One day need not be counted.
        assert wanted - {"n"} <= set(IN_BRACES.findall(words["one"])) <= wanted, key


PROSE = re.compile(r"[A-Za-z]{2,}[,;:.]? +[A-Za-z]{2,}|^\W*[A-Z][a-z]+")
WORDS_AROUND = re.compile(r"[A-Za-z]{2,} | [A-Za-z]{2,}")
UNITS = re.compile(r"\bmg/kg\b|\b[mk]g\b")
# Attributes nobody reads, and calls whose texts are no words for people.
UNREAD = {"className", "id", "role", "type"}
UNREAD_CALLS = {*SAYING, "record_read", "error", "Decimal"}
# The product's name; the shell that Dash fills; what a machine reads.
ALLOWED = {
    "Respite",
    "Not found",
    "an unknown place",
    "a whole number",
    "NaN",
    "middle right",
}


def untranslated(node: ast.AST) -> list[str]:
    """Texts that look like words for people and are handed to no `t`."""
    if isinstance(node, ast.Constant):
        text = node.value if isinstance(node.value, str) else ""
        wanted = PROSE.search(text) and text not in ALLOWED
        return [text] if wanted and not text.startswith("<!doctype") else []
    if isinstance(node, ast.JoinedStr):
        return [text for part in ast.iter_child_nodes(node) for text in _in_line(part)]
    return [text for child in _read_parts(node) for text in untranslated(child)]


def _is_for_programs(node: ast.Assign) -> bool:
    return any(
        isinstance(target, ast.Name) and target.id in {"__all__", "rule"}
        for target in node.targets
    )


def _in_line(part: ast.AST) -> list[str]:
    """Of one part of an f-string."""
    if not isinstance(part, ast.Constant):
        return untranslated(part)
    bare = UNITS.sub("", part.value)
    return [part.value] if WORDS_AROUND.search(bare) else []


def _read_parts(node: ast.AST) -> list[ast.AST]:
    """Of `node`, the parts in which words for people may stand."""
    if isinstance(node, ast.Call):
        if name_of(node) in UNREAD_CALLS:
            return [one.value for one in node.keywords]
        # A problem's rule is for programs; its message is for people.
        args = node.args[3:] if name_of(node) in {"one", "Problem"} else node.args
        read = [one.value for one in node.keywords if one.arg not in UNREAD]
        return [node.func, *args, *read]
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return []
    if isinstance(node, ast.Assign) and _is_for_programs(node):
        return []
    if isinstance(node, ast.Dict):
        return list(node.values)
    if isinstance(node, ast.Subscript):
        return [node.value]
    if isinstance(node, ast.AnnAssign):
        return [] if node.value is None else [node.value]
    return list(ast.iter_child_nodes(node))


@pytest.mark.parametrize(
    "path",
    [
        *(ROOT / "dashboard" / name for name in ("app.py", "words.py")),
        *sources("dashboard/pages", "dashboard/figures"),
    ],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_no_words_for_people_stand_untranslated(path):
    assert untranslated(ast.parse(path.read_text())) == []


def test_dates_and_numbers_follow_the_language():
    day = date(2026, 11, 1)

    assert language.day_month(day, day) == "1 Nov"
    assert language.full_date(day) == "01 Nov 2026"
    assert language.number(2.5) == "2.5"
    with language.speaking("es"):
        assert language.day_month(day, day) == "1 nov"
        assert language.day_month(day, date(2027, 1, 1)) == "1 nov 2026"
        assert language.full_date(day) == "1 nov 2026"
        assert language.weekday(day) == "dom"
        assert language.number(2.5) == "2,5"
        assert language.number(3, 1) == "3,0"


def test_what_has_no_words_is_said_in_english():
    with language.speaking("es"):
        assert language.t("Something {name} new", name="quite") == "Something quite new"
        assert language.tn("{n} thing", "{n} things", 2) == "2 things"
        assert language.t("Kept {as_is}", other=1) == "Kept {as_is}"
    with language.speaking("xx"):
        assert language.current() == "en"


@pytest.mark.parametrize(
    ("chosen", "accepted", "spoken"),
    [
        ("", [], "en"),
        ("", ["fr", "es-mx", "en"], "es"),
        ("en", ["es"], "en"),
        ("es", ["en"], "es"),
        ("<b>", ["de"], "en"),
    ],
)
def test_own_choice_goes_before_the_browsers(chosen, accepted, spoken):
    assert language.wanted(chosen, accepted) == spoken
