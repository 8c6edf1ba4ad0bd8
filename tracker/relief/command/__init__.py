"""The relief engine on a pair of CSV files, for anybody: no database, no Django.

Only this package opens files, and only its report and its progress bar load Plotly
and tqdm, each when asked for.
"""

import os
import sys
from collections.abc import Sequence

from tracker.relief.command.arguments import parse
from tracker.relief.command.problems import BadInput
from tracker.relief.command.run import run


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0 when all was written, 2 when the input was not usable."""
    try:
        _say(run(parse(arguments)))
    except (BadInput, ValueError) as problem:
        print(f"error: {problem}", file=sys.stderr)  # noqa: T201 - as above
        return 2
    return 0


def _say(text: str) -> None:
    try:
        print(text, flush=True)  # noqa: T201 - the command's answer
    except BrokenPipeError:
        # Whoever reads stopped early, as `head` does; the files are written. What is
        # left in the buffer must not raise again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
