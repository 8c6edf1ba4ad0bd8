"""Filters of the caseload kept under a name."""

from typing import Any
from uuid import UUID

from dash import ALL, Dash, Input, Output, State, ctx, dcc, html, no_update

from dashboard.context import current_user
from dashboard.pages.marks import named
from tracker import actions
from tracker.language import t
from tracker.models import SavedView, User
from tracker.problems import Refused

FIELDS = ("search", "status", "condition", "assigned", "everyone")


def section(user: User) -> html.Div:
    return html.Div(
        [
            html.Div(_saved(user), id="views-saved", className="row"),
            html.Details(
                [
                    html.Summary(t("Keep these filters")),
                    html.Div(
                        [
                            html.Label(
                                [t("Name"), dcc.Input(id="views-name", maxLength=40)]
                            ),
                            html.Button(t("Keep"), id="views-keep", n_clicks=0),
                        ],
                        className="row",
                    ),
                    html.Div(id="views-said", role="status"),
                ],
                className="small",
            ),
        ],
        className="views",
    )


def _saved(user: User) -> list[Any]:
    return [
        html.Span(
            [
                html.Button(
                    view.name,
                    id={"form": "views", "use": str(view.pk)},
                    className="chip",
                    n_clicks=0,
                ),
                html.Button(
                    "✕",
                    id={"form": "views", "drop": str(view.pk)},
                    className="chip drop",
                    n_clicks=0,
                    **named(t("Remove {name}", name=view.name)),
                ),
            ]
        )
        for view in SavedView.objects.filter(user=user)
    ]


def filters_of(user: User, key: str) -> dict[str, Any] | None:
    """What the user's own view narrows the list to; None when there is none."""
    try:
        view = SavedView.objects.filter(user=user, pk=UUID(str(key))).first()
    except ValueError:
        return None
    return None if view is None else dict(view.filters)


def drop(user: User, key: str) -> None:
    try:
        SavedView.objects.filter(user=user, pk=UUID(str(key))).delete()
    except ValueError:
        return


def register(app: Dash) -> None:
    _register_keeping(app)
    _register_using(app)


CONTROLS = [f"caseload-{name}" for name in FIELDS]


def _register_keeping(app: Dash) -> None:
    @app.callback(
        Output("views-saved", "children"),
        Output("views-said", "children"),
        Input("views-keep", "n_clicks"),
        State("views-name", "value"),
        *[State(control, "value") for control in CONTROLS],
        prevent_initial_call=True,
    )
    def keep(clicks: int | None, name: str | None, *values: Any) -> Any:
        if not clicks:
            return no_update, no_update
        user = current_user()
        filters = dict(zip(FIELDS, values, strict=True))
        try:
            actions.save_view(user, str(name or ""), filters)
        except Refused as refused:
            return no_update, html.P(refused.message, className="problem")
        return _saved(user), html.P(t("Kept."), className="notice")

    @app.callback(
        Output("views-saved", "children", allow_duplicate=True),
        Input({"form": "views", "drop": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def remove(clicks: list[int]) -> Any:
        asked = ctx.triggered_id
        if not asked or not ctx.triggered[0]["value"]:
            return no_update
        drop(current_user(), asked["drop"])
        return _saved(current_user())


def _register_using(app: Dash) -> None:
    @app.callback(
        *[Output(control, "value") for control in CONTROLS],
        Input({"form": "views", "use": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def use(clicks: list[int]) -> Any:
        asked = ctx.triggered_id
        if not asked or not ctx.triggered[0]["value"]:
            return [no_update] * len(FIELDS)
        filters = filters_of(current_user(), asked["use"])
        if filters is None:
            return [no_update] * len(FIELDS)
        return [filters.get(name) for name in FIELDS]
