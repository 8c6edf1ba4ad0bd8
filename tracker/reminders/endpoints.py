"""Which addresses a reminder may be pushed to: the known push services, no other."""

import base64
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from tracker.problems import one

LONGEST = 1024
RULE = "https on a known push service"


def is_allowed(endpoint: str) -> bool:
    """Whether `endpoint` belongs to a push service of the allow-list.

    A host with a leading dot in the list stands for all hosts under it. The
    address comes from a browser, that is from anybody: without this the server
    would knock on whatever door it is told to.
    """
    if len(endpoint) > LONGEST or not endpoint.isascii() or "\\" in endpoint:
        return False
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        return False
    host = (parts.hostname or "").lower()
    if parts.scheme != "https" or port not in (None, 443) or "@" in parts.netloc:
        return False
    return any(
        host.endswith(known) if known.startswith(".") else host == known
        for known in settings.PUSH_HOSTS
    )


def check(endpoint: str) -> None:
    """Refuse an address that is none of the known push services'.

    Raises
    ------
    Invalid
        `endpoint` is not allowed.
    """
    if not is_allowed(endpoint):
        raise one("endpoint", RULE, endpoint[:200], f"A push address must be {RULE}.")


def check_keys(p256dh: str, auth: str) -> None:
    """Refuse keys that nothing could be encrypted for.

    Raises
    ------
    Invalid
        `p256dh` is no point of the curve P-256, or `auth` has not 16 bytes.
    """
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _decoded(p256dh))
    except ValueError:
        rule = "a point of P-256 in base64url"
        raise one("p256dh", rule, p256dh, f"The key must be {rule}.") from None
    try:
        enough = len(_decoded(auth)) == 16
    except ValueError:
        enough = False
    if not enough:
        rule = "16 bytes in base64url"
        raise one("auth", rule, auth, f"The secret must be {rule}.")


def _decoded(text: str) -> bytes:
    return base64.b64decode(
        text + "=" * (-len(text) % 4), altchars=b"-_", validate=True
    )
