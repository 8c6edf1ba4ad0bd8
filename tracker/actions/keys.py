"""Keys for programs that act for somebody; kept as hashes."""

import hashlib
import secrets

from tracker.models import ApiToken, User


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def add_api_token(user: User, name: str) -> str:
    """A key for a program that acts as `user`; shown once, kept as a hash."""
    token = "respite_" + secrets.token_urlsafe(30)
    ApiToken.objects.create(token_hash=token_hash(token), user=user, name=name)
    return token
