"""Files served before any view: the built phone app, and Django's static files."""

import re
from pathlib import Path
from typing import Any

from whitenoise.middleware import WhiteNoiseMiddleware

# Vite puts a hash of the content into these names.
_HASHED = re.compile(r"^/assets/[\w.-]+-[\w-]{8,}\.\w+$")


# The dashboard asks for it by what it holds.
_CHARTS = "/static/dashboard/plotly-cartesian.min.js"


class Files(WhiteNoiseMiddleware):  # type: ignore[misc] # untyped library
    """WhiteNoise, which leaves the shell's page to Django and its headers."""

    def add_file_to_dictionary(
        self, url: str, path: str, stat_cache: Any = None
    ) -> None:
        if url in {"/index.html", "/"}:
            return
        super().add_file_to_dictionary(url, path, stat_cache=stat_cache)

    def add_files(self, root: str, prefix: str | None = None) -> None:
        # Neither the built app nor collected files need be there.
        if Path(root).is_dir():
            super().add_files(root, prefix=prefix)

    def immutable_file_test(self, path: str, url: str) -> bool:
        named = _HASHED.match(url) or url == _CHARTS
        return bool(named or super().immutable_file_test(path, url))
