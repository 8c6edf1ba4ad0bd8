"""The vocabulary of side effects as the hot path needs it."""

import time
from dataclasses import dataclass

from tracker.models import SideEffectTerm

# An edited vocabulary reaches every worker within this time.
SECONDS_KEPT = 60.0


@dataclass
class _Kept:
    codes: frozenset[str]
    until: float


_kept = _Kept(frozenset(), 0.0)


def known_codes() -> frozenset[str]:
    """Codes a new report may use; retired ones are not among them."""
    now = time.monotonic()
    if now >= _kept.until or not _kept.codes:
        _kept.codes = frozenset(
            SideEffectTerm.objects.filter(retired=False).values_list("code", flat=True)
        )
        _kept.until = now + SECONDS_KEPT
    return _kept.codes


def forget() -> None:
    """Read the vocabulary again at the next call."""
    _kept.until = 0.0
