"""Parts of a page: each drawn by itself, so that one that fails takes no other along."""

import logging
from collections.abc import Callable
from typing import Any, ParamSpec

from dash import html

from tracker.language import t

logger = logging.getLogger(__name__)
_Given = ParamSpec("_Given")
# The tests want to see what failed; a clinician wants the rest of the page.
RAISES = False


def part(
    title: str,
    draw: Callable[_Given, Any],
    *args: _Given.args,
    **kwargs: _Given.kwargs,
) -> Any:
    """What `draw` gives, or a card called `title` that says it could not be drawn."""
    try:
        return draw(*args, **kwargs)
    except Exception as error:
        if RAISES:
            raise
        # The error's own words may hold what the patient wrote.
        logger.error(
            "%s could not be drawn: %s in %s",
            title,
            type(error).__name__,
            _where(error),
        )
        return failed(title)


def failed(title: str) -> html.Section:
    return html.Section(
        [
            html.H2(title),
            html.P(
                t(
                    "This part could not be drawn. The record is safe, and the rest of the "
                    "page is as it should be. Load the page again; if this stays, tell "
                    "whoever runs Respite here."
                ),
                className="problem",
                role="alert",
            ),
        ],
        className="card",
    )


def skeleton(said: str) -> html.Section:
    """What stands where a part is still being drawn."""
    return html.Section(
        [
            html.P(said, className="muted", role="status"),
            *(html.Div(className="skeleton-line", **_unread()) for _ in range(4)),
        ],
        className="card skeleton",
    )


def _unread() -> dict[str, Any]:
    return {"aria-hidden": "true"}


def _where(error: BaseException) -> str:
    """File and line of what failed, without a value."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "an unknown place"
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
