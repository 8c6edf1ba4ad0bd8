"""What the dashboard sends, and what browsers may keep of it."""

import gzip
import re

import brotli


def test_scripts_are_squeezed_and_kept_and_answers_are_not_kept(dr_cole, session_for):
    session = session_for(dr_cole)
    index = session.get("/dashboard/", HTTP_ACCEPT_ENCODING="gzip, br")
    page = gzip.decompress(index.content).decode()
    script = re.search(r'src="(/dashboard/_dash-comp[^"]*renderer[^"]*)"', page)[1]
    style = re.search(r'href="(/dashboard/assets/style[^"]*)"', page)[1]

    for address in (script, style):
        kept = session.get(address, HTTP_ACCEPT_ENCODING="gzip, br")
        plain = session.get(address)
        assert kept["Cache-Control"] == "private, max-age=31536000, immutable"
        assert kept["Content-Encoding"] == "br"
        assert brotli.decompress(kept.content) == plain.content
        assert len(kept.content) < len(plain.content) / 2
        assert "Content-Encoding" not in plain
    assert index["Cache-Control"] == "private, no-store"
    assert "/static/dashboard/plotly-cartesian.min.js?v=" in page


def test_scripts_are_nobodys_who_is_signed_out(client):
    assert client.get("/dashboard/assets/style.css").status_code == 401
