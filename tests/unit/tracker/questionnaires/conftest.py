"""Documents as a clinic would load them, with made-up wording."""

import pytest

SOURCE = {"citation": "A. Author 2020, Journal 1:1", "verified": True}


@pytest.fixture
def document():
    """Three items from 0 to 3 and a sum."""
    return {
        "format": 1,
        "id": "made-up",
        "version": "2",
        "title": {"en": "Made-up", "es": "Inventado"},
        "instructions": {"en": "Over the past week:", "es": "En la última semana:"},
        "options": [
            {"value": 0, "label": {"en": "No", "es": "No"}},
            {"value": 1, "label": {"en": "A bit", "es": "Un poco"}},
            {"value": 2, "label": {"en": "Much", "es": "Mucho"}},
            {"value": 3, "label": {"en": "Very much", "es": "Muchísimo"}},
        ],
        "items": [
            {"id": "a", "text": {"en": "First?", "es": "¿Primero?"}},
            {"id": "b", "text": {"en": "Second?", "es": "¿Segundo?"}},
            {"id": "c", "text": {"en": "Third?", "es": "¿Tercero?"}},
        ],
        "recall_days": 7,
        "scoring": {"method": "sum"},
        "bands": [
            {"at_least": 0, "code": "few", "words": "Few"},
            {"at_least": 5, "code": "many", "words": "Many"},
        ],
        "bands_source": SOURCE,
        "licence": "Held by the clinic.",
        "source": SOURCE,
    }


@pytest.fixture
def screener():
    """Yes and no, no total; later items are asked after a yes to the first."""
    danger = {"at_least": 1, "level": "high", "words": "A plan."}
    worry = {"at_least": 1, "level": "low", "words": "A thought."}
    return {
        "format": 1,
        "id": "screener",
        "version": "1",
        "title": {"en": "Screener"},
        "instructions": {"en": "In the past month:"},
        "options": [
            {"value": 0, "label": {"en": "No"}},
            {"value": 1, "label": {"en": "Yes"}},
        ],
        "items": [
            {"id": "1", "text": {"en": "First?"}, "flags": [worry]},
            {
                "id": "2",
                "text": {"en": "Second?"},
                "flags": [danger],
                "ask_if": {"item": "1", "at_least": 1},
            },
            {"id": "3", "text": {"en": "Third?"}},
        ],
        "recall_days": 30,
        "scoring": {"method": "none"},
        "licence": "Held by the clinic.",
        "source": SOURCE,
    }
