"""What a reminder says, by language; nothing in it speaks of health."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).parent.parent / "data" / "reminders.json"


@lru_cache(1)
def all_words() -> Mapping[str, Mapping[str, str]]:
    words: Mapping[str, Mapping[str, str]] = json.loads(FILE.read_text("utf-8"))
    return words


def words_for(language: str) -> Mapping[str, str]:
    """The words of a language, in English where there are none."""
    return all_words().get(language, all_words()["en"])
