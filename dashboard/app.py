"""The Dash application: its shell, its pages and how they are reached."""

import hashlib
from pathlib import Path
from typing import Any

from dash import Dash, Input, Output, State, dcc, html
from dash.exceptions import DashException, PreventUpdate
from django.conf import settings
from django.contrib.staticfiles import finders
from django.utils import timezone
from werkzeug.exceptions import NotFound as WerkzeugNotFound

from dashboard import tokens
from dashboard.context import current_user, prefers_dark
from dashboard.pages import caseload, clinic, cohort, forecasts, patient, report
from dashboard.pages.marks import named, pressed
from dashboard.routes import CLINIC, COHORT, FORECASTS, PREFIX, Route, route_of
from tracker import language
from tracker.language import t
from tracker.problems import NotFound

SECONDS_BETWEEN_LOOKS = 10

INDEX = """<!doctype html>
<html lang="__LANGUAGE__">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="/icon-192.png">
<title>Respite</title>
<script nonce="__CSP_NONCE__">(()=>{const n=document.currentScript.nonce,c=Document.prototype.createElement;
Document.prototype.createElement=function(t,o){const e=c.call(this,t,o);if(String(t).toLowerCase()==="style")e.nonce=n;return e}})()</script>
<style nonce="__CSP_NONCE__">__TOKENS__</style>
{%css%}
<script src="/static/dashboard/plotly-cartesian.min.js?v=__PLOTLY__"></script>
</head>
<body>
{%app_entry%}
<footer>{%config%}{%scripts%}{%renderer%}</footer>
</body>
</html>"""


def make_app() -> Dash:
    """A new Dash application with every page's callbacks."""
    app = Dash(
        "dashboard.app",
        url_base_pathname=PREFIX,
        serve_locally=True,
        # Dash's async mode cannot use Django's ORM.
        use_async=False,
        enable_mcp=False,
        csrf_token_name=settings.CSRF_COOKIE_NAME,
        csrf_header_name="X-CSRFToken",
        suppress_callback_exceptions=True,
        update_title="",
        index_string=INDEX.replace("__TOKENS__", tokens.stylesheet()).replace(
            "__PLOTLY__", bundle_version()
        ),
        assets_folder="assets",
    )
    # A function: each visit hears its own language.
    app.layout = shell
    _map_unknown_to_404(app)
    _register_routing(app)
    caseload.register(app)
    patient.register(app)
    cohort.register(app)
    forecasts.register(app)
    clinic.register(app)
    return app


def bundle_version() -> str:
    """Names the content of the chart library, which browsers then keep for good."""
    found = finders.find("dashboard/plotly-cartesian.min.js")
    if not found:
        return "none"
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:12]


def shell() -> html.Div:
    """What every page stands in; holds nobody's data."""
    return html.Div(
        [
            dcc.Location(id="url"),
            dcc.Interval(id="look", interval=SECONDS_BETWEEN_LOOKS * 1000),
            html.Header(
                [
                    dcc.Link("Respite", href=PREFIX, className="brand"),
                    html.Span(
                        t("The dashboard informs, you decide."), className="motto"
                    ),
                    dcc.Link(t("Patients"), href=COHORT, className="quiet-link"),
                    dcc.Link(t("Forecasts"), href=FORECASTS, className="quiet-link"),
                    dcc.Link(t("Clinic"), href=CLINIC, className="quiet-link"),
                    html.A("API", href="/api/docs/", className="quiet-link"),
                    _languages(),
                    html.A(t("Sign out"), href="/me", className="quiet-link"),
                ],
                className="bar",
            ),
            html.Main(html.P(t("One moment …"), className="muted"), id="page"),
        ]
    )


def _languages() -> html.Span:
    """The languages, each by its own name; assets/language.js keeps the choice."""
    spoken = language.current()
    return html.Span(
        [
            html.Button(
                tag.upper(),
                className="language quiet-link",
                lang=tag,
                title=language.NAMES.get(tag, tag),
                **pressed(tag == spoken),
            )
            for tag in language.languages()
        ],
        className="languages",
        role="group",
        **named(t("Language")),
    )


def _register_routing(app: Dash) -> None:
    # Pages draw themselves anew where their record changes, around what is typed.
    @app.callback(
        Output("page", "children"), Input("url", "pathname"), State("url", "search")
    )
    def show_page(path: str | None, search: str | None) -> Any:
        user, now = current_user(), timezone.now()
        try:
            return _layout(route_of(path or PREFIX), search or "", user, now)
        except NotFound:
            return nobody()


def _layout(route: Route, search: str, user: Any, now: Any) -> Any:
    if route.is_forecasts:
        return forecasts.layout(user, dark=prefers_dark())
    if route.is_clinic:
        return clinic.layout(user)
    if route.is_cohort:
        return cohort.layout(user)
    if route.patient_id is None:
        return caseload.layout(user, now=now)
    if route.is_report:
        return report.layout(user, route.patient_id, search, now=now)
    return patient.layout(user, route.patient_id, search, now=now, dark=prefers_dark())


def nobody() -> html.Section:
    return html.Section(
        [
            html.H1(t("No such patient among yours")),
            html.P(
                t("The address may be mistyped, or the patient is treated elsewhere.")
            ),
            dcc.Link(t("Back to the caseload"), href=PREFIX),
        ],
        className="card",
    )


def _map_unknown_to_404(app: Dash) -> None:
    """Made-up addresses and callbacks are the caller's error, not ours."""

    def unknown(error: Exception) -> tuple[str, int]:
        return "Not found", 404

    for kind in (KeyError, DashException, WerkzeugNotFound):
        app.server.register_error_handler(kind, unknown)
    app.server.register_error_handler(PreventUpdate, lambda error: ("", 204))
