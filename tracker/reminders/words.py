"""What letters and reminders say, by language; nothing in it speaks of health."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "data"


@lru_cache
def all_words(kind: str) -> Mapping[str, Mapping[str, str]]:
    words: Mapping[str, Mapping[str, str]] = json.loads(
        (FOLDER / f"{kind}.json").read_text("utf-8")
    )
    return words


def words_for(language: str, kind: str = "reminders") -> Mapping[str, str]:
    """The words of a language, in English where there are none."""
    words = all_words(kind)
    return words.get(language, words["en"])
