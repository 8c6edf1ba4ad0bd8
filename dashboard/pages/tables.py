"""Tables that stand beside charts."""

from collections.abc import Sequence
from typing import Any

from dash import html

from tracker.language import t


def folded_table(
    head: Sequence[str], rows: Sequence[Sequence[Any]], said: str = ""
) -> html.Details:
    return html.Details(
        [
            html.Summary(said or t("As a table")),
            scrolled(plain_table(head, rows)),
        ]
    )


def scrolled(child: Any, *, card: bool = False) -> html.Div:
    """What may be wider than the screen; the keyboard reaches all of it."""
    return html.Div(child, className="card scroll" if card else "scroll", tabIndex=0)


def plain_table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> html.Table:
    return html.Table(
        [
            html.Thead(html.Tr([html.Th(text, scope="col") for text in head])),
            html.Tbody(
                [
                    html.Tr(
                        [
                            html.Th(row[0], scope="row"),
                            *(html.Td(cell) for cell in row[1:]),
                        ]
                    )
                    for row in rows
                ]
            ),
        ]
    )
