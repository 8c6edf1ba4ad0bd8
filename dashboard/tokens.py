"""The design tokens, from the file the phone app uses too."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings


@lru_cache(1)
def tokens() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        (Path(settings.PWA_DIR) / "tokens.json").read_text()
    )
    return found


def palette(*, dark: bool) -> dict[str, Any]:
    """Colours of one scheme; series by the name of their item."""
    scheme = "dark" if dark else "light"
    series = {
        item: {**values, "colour": values[scheme]}
        for item, values in tokens()["series"].items()
    }
    return {**tokens()[scheme], "series": series, "font": tokens()["font"]}


def stylesheet() -> str:
    """CSS custom properties for both schemes."""
    light, dark = (
        ";".join(f"--{name}:{value}" for name, value in tokens()[scheme].items())
        for scheme in ("light", "dark")
    )
    return (
        f":root{{color-scheme:light dark;{light}}}"
        f"@media (prefers-color-scheme:dark){{:root{{{dark}}}}}"
        # Paper is white, also on a dark screen.
        f".report{{color-scheme:light;{light};color:var(--ink)}}"
        f"@media print{{:root{{color-scheme:light;{light}}}}}"
    )
