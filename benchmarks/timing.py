"""Seconds of work."""

import time
from collections.abc import Callable
from typing import Any


def best_seconds(
    work: Callable[..., object],
    *given: Any,
    repeats: int = 5,
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    """Shortest of some runs of `work(*given)`."""
    seconds = []
    for _ in range(repeats):
        began = clock()
        work(*given)
        seconds.append(clock() - began)
    return min(seconds)
