"""A progress bar over the command's stages."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Say(Protocol):
    """Says which stage begins."""

    def __call__(self, stage: str) -> None: ...


@contextmanager
def stages(number: int, *, quiet: bool) -> Iterator[Say]:
    """Count `number` stages on standard error; silent when asked to be."""
    if quiet:
        yield lambda stage: None
        return
    # Loaded here, so that a quiet run and the estimates need no progress bar.
    from tqdm import tqdm

    with tqdm(total=number, file=sys.stderr, unit="stage", leave=False) as bar:
        begun = False

        def say(stage: str) -> None:
            nonlocal begun
            bar.update(int(begun))
            begun = True
            bar.set_description(stage)

        yield say
        bar.update(int(begun))
