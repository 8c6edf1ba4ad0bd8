"""The site's own key pair, by which push services know who is sending."""

import base64
import os
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from django.conf import settings
from py_vapid import Vapid02


def key() -> Vapid02:
    """The site's key, made at the first need and kept beside the data."""
    path = Path(settings.DATA_DIR) / "vapid-private-key.pem"
    if not path.exists():
        _make(path)
    return Vapid02.from_pem(path.read_bytes())


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    new = Vapid02()
    new.generate_keys()
    # Written whole under another name first: of two processes starting at once
    # one wins, and nobody ever reads half a key.
    part = path.with_suffix(f".{os.getpid()}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(new.private_pem())
    try:
        os.link(part, path)
    except FileExistsError:
        pass
    finally:
        part.unlink()


def public_key() -> str:
    """What a browser subscribes with: the uncompressed point, base64url."""
    point = key().public_key.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()
