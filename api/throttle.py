"""How often one account may ask: a guard against a program run wild.

Counted in each worker by itself, since counting in the database would cost more
than the requests it guards against. Sign-in attempts are counted for all workers
together, in `api.views.session`.
"""

import time
from uuid import UUID

from rest_framework.exceptions import Throttled

from tracker.environment import env_int

REQUESTS = env_int("RESPITE_REQUESTS_PER_MINUTE", 600)
PER_SECONDS = 60.0
ACCOUNTS_KEPT = 10_000

_windows: dict[UUID, tuple[float, int]] = {}


def check(user_id: UUID) -> None:
    """Count one request of `user_id`.

    Raises
    ------
    Throttled
        More than `REQUESTS` within the present minute.
    """
    now = time.monotonic()
    started, count = _windows.get(user_id, (now, 0))
    if now - started >= PER_SECONDS:
        started, count = now, 0
    if count >= REQUESTS:
        raise Throttled(wait=PER_SECONDS - (now - started))
    if len(_windows) > ACCOUNTS_KEPT:
        _windows.clear()
    _windows[user_id] = (started, count + 1)


def forget() -> None:
    _windows.clear()
