"""The phone's languages hold the words that come from the server too."""

import json

import pytest

from tests.servers import ROOT
from tracker.vocabulary import Agent, Phase

LOCALES = sorted((ROOT / "pwa/src/locales").glob("*.json"))


@pytest.mark.parametrize("path", LOCALES, ids=lambda path: path.stem)
def test_language_has_every_side_effect_agent_and_phase(path):
    words = json.loads(path.read_text())
    terms = json.loads((ROOT / "tracker/data/side_effects.json").read_text())
    needed = {term["lay"] for term in terms} | {*Agent.values, *Phase.values}

    assert {word for word in needed if not words.get(word)} == set()
