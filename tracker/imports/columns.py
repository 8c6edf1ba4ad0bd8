"""Which column is which item, by its name in English or Spanish."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tracker.imports.tables import Unreadable

ALIASES: dict[str, tuple[str, ...]] = {
    "patient": ("patient", "patient id", "reference", "record", "record number", "mrn",
                "email", "e-mail", "paciente", "historia", "correo"),
    "date": ("date", "day", "diary date", "fecha", "dia"),
    "mood": ("mood", "animo", "estado de animo", "humor"),
    "anxiety": ("anxiety", "ansiedad"),
    "pain": ("pain", "average pain", "dolor"),
    "sleep_quality": ("sleep quality", "sleep", "calidad del sueno", "sueno"),
    "sleep_hours": ("sleep hours", "hours of sleep", "hours slept", "horas de sueno"),
    "energy": ("energy", "energia"),
    "note": ("note", "notes", "comment", "comments", "nota", "notas", "comentario"),
    "side_effects": ("side effects", "side effect", "efectos", "efectos secundarios",
                     "efectos adversos"),
}  # fmt: skip


@dataclass(frozen=True)
class Mapped:
    """Item by column, and the columns that are none."""

    items: dict[str, str]
    unknown: list[str]


def plain(name: str) -> str:
    """A column's name without case, accents, underscores or double spaces."""
    parts = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(char for char in parts if not unicodedata.combining(char))
    return " ".join(letters.replace("_", " ").split())


def map_columns(columns: Iterable[str], chosen: Mapping[str, str]) -> Mapped:
    """Which item each column holds; `chosen` goes before the known names.

    Raises
    ------
    Unreadable
        A chosen column or item does not exist, or two columns are one item.
    """
    columns = list(columns)
    by_name = {alias: item for item, names in ALIASES.items() for alias in names}
    for column, wanted in chosen.items():
        if column not in columns:
            raise Unreadable(f"There is no column {column!r} in the file.")
        if wanted not in ALIASES:
            raise Unreadable(f"{wanted!r} is not one of: {', '.join(ALIASES)}.")
    items: dict[str, str] = {}
    unknown: list[str] = []
    for column in columns:
        item: str | None = chosen.get(column) or by_name.get(plain(column))
        if item is None:
            unknown.append(column)
        elif item in items.values():
            raise Unreadable(f"Two columns hold {item}; choose one with --map.")
        else:
            items[column] = item
    if "date" not in items.values():
        raise Unreadable("No column holds the date; name it with --map COLUMN=date.")
    return Mapped(items, unknown)
