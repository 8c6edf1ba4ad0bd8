"""Files served before any view: the built phone app, and Django's static files."""

import re

from whitenoise.middleware import WhiteNoiseMiddleware

# Vite puts a hash of the content into these names.
_HASHED = re.compile(r"^/assets/[\w.-]+-[\w-]{8,}\.\w+$")
_REVALIDATED = {"/sw.js", "/manifest.webmanifest"}


class Files(WhiteNoiseMiddleware):
    """WhiteNoise, which leaves the shell's page to Django and its headers."""

    def immutable_file_test(self, path: str, url: str) -> bool:
        return bool(_HASHED.match(url)) or super().immutable_file_test(path, url)

    def add_file_to_dictionary(self, url: str, path: str, stat_cache=None) -> None:  # type: ignore[no-untyped-def]
        if url in {"/index.html", "/"}:
            return
        super().add_file_to_dictionary(url, path, stat_cache=stat_cache)

    def is_immutable(self, url: str) -> bool:
        return bool(_HASHED.match(url))
