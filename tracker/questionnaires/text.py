"""What is read on the screen, in the languages there are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

ENGLISH = "en"


@dataclass(frozen=True)
class Text:
    """One text in one or more languages.

    Parameters
    ----------
    by_language : tuple of (str, str)
        Pairs of language (ISO 639-1, lower case) and text, in any order.
    """

    by_language: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, english: str, **others: str) -> Self:
        """A text in English and, by keyword, in other languages: `es="..."`."""
        return cls(((ENGLISH, english), *others.items()))

    @classmethod
    def from_mapping(cls, texts: Mapping[str, str]) -> Self:
        """A text from language -> text."""
        return cls(tuple(texts.items()))

    @property
    def languages(self) -> frozenset[str]:
        """Languages this text is there in."""
        return frozenset(language for language, _ in self.by_language)

    def get(self, language: str) -> str:
        """The text in `language`.

        Raises
        ------
        ValueError
            The text is not there in that language; names those it is there in.
        """
        for there, text in self.by_language:
            if there == language:
                return text
        raise ValueError(
            f"language must be one of {', '.join(sorted(self.languages))}, "
            f"not {language!r}"
        )


def common_languages(texts: Iterable[Text]) -> tuple[str, ...]:
    """Languages in which every one of `texts` is there, sorted."""
    shared: frozenset[str] | None = None
    for text in texts:
        shared = text.languages if shared is None else shared & text.languages
    return tuple(sorted(shared or ()))
