"""The link that invites somebody, to hand over as text or as a code to point at."""

import base64

import qrcode
from dash import dcc, html
from qrcode.image.svg import SvgPathImage

from dashboard.context import current_request
from tracker.language import t


def link_notice(token: str) -> html.Div:
    """The token travels behind #, which browsers keep to themselves."""
    url = f"{current_request.get().build_absolute_uri('/welcome')}#{token}"
    return html.Div(
        [
            html.P(
                t(
                    "Hand this to the patient: let them point their phone's camera at "
                    "it, or send the link. It works once, for 14 days."
                )
            ),
            html.Img(
                src=_picture(url), alt=t("Invitation as a QR code"), className="qr"
            ),
            html.Code(url, className="link"),
            dcc.Clipboard(content=url, title=t("Copy the link")),
        ],
        className="notice",
    )


def _picture(url: str) -> str:
    svg = qrcode.make(url, image_factory=SvgPathImage, border=2).to_string()
    return f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"
