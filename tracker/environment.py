"""Settings from the environment, loudly wrong when they are wrong."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


def env_text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def env_flag(name: str, *, default: bool = False) -> bool:
    value = os.environ.get(name, "1" if default else "0").strip().lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, but is {value!r}.")


def env_list(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in env_text(name, default).split(",") if part.strip()]


def env_int(name: str, default: int) -> int:
    value = env_text(name, str(default))
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(
            f"{name} must be a whole number, but is {value!r}."
        ) from None


def secret_key(folder: Path) -> str:
    """The signing key: from RESPITE_SECRET_KEY, else one kept beside the data.

    A key made here is random and readable by this account only, so a clinic
    that forgets to set one is still not running with a known key.
    """
    given = env_text("RESPITE_SECRET_KEY")
    if given:
        if len(given) < 32:
            raise ImproperlyConfigured(
                "RESPITE_SECRET_KEY must have at least 32 characters."
            )
        return given
    path = folder / "secret-key"
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        return _new_secret_key(path)


def _new_secret_key(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    key = secrets.token_urlsafe(48)
    try:
        # Exclusive: of two processes starting at once, one writes, both read.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(key)
    return key


def database(url: str, folder: Path) -> dict[str, Any]:
    """Django's database settings for `url`, or for SQLite in `folder`."""
    if not url:
        return sqlite(folder / "respite.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return sqlite(Path(unquote(parts.path)))
    if parts.scheme in {"postgres", "postgresql"}:
        return _postgresql(url)
    raise ImproperlyConfigured(
        "RESPITE_DATABASE_URL must start with postgresql:// or sqlite://, "
        f"but starts with {parts.scheme!r}."
    )


def sqlite(path: Path) -> dict[str, Any]:
    path.parent.mkdir(parents=True, exist_ok=True)
    # A quota for the file, in pages of 4 KiB; 0 is none.
    pages = env_int("RESPITE_SQLITE_MAX_PAGES", 0)
    quota = f"; PRAGMA max_page_count={pages}" if pages else ""
    return {
        "ENGINE": "tracker.sqlite",
        "NAME": str(path),
        # Without a kept connection the last one to close deletes the WAL.
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # A read that turns into a write cannot wait for another writer;
            # taking the lock at BEGIN can.
            "transaction_mode": "IMMEDIATE",
            "timeout": env_int("RESPITE_SQLITE_TIMEOUT", 5),
            # FULL: an acknowledged entry survives a power cut.
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                "PRAGMA cache_size=-20000; PRAGMA journal_size_limit=67108864;"
                "PRAGMA temp_store=MEMORY;"
                # 16 MB of WAL before a writer has to carry it into the file.
                "PRAGMA wal_autocheckpoint=4000" + quota
            ),
        },
    }


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        # A folder given as ?host= is a Unix socket.
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(options.pop("port", parts.port or "")),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        # A statement's plan is kept from its second run on; see tracker.statements.
        "OPTIONS": {"prepare_threshold": 1, **options},
    }
