"""How many bytes a phone has to fetch before it shows anything."""

import re

import brotli
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, sign_in
from tests.servers import ROOT
from tracker.demo.people import CLINICIAN_EMAIL

pytestmark = pytest.mark.browser

DIST = ROOT / "pwa" / "dist"
MOST_BYTES = 60_000


def squeezed(path) -> int:
    return len(brotli.compress(path.read_bytes()))


def test_what_today_needs_stays_below_sixty_kilobytes():
    """The part every start fetches, its style, and the largest language."""
    sizes = {path.name: squeezed(path) for path in (DIST / "assets").glob("*.*s")}
    entry = re.findall(
        r"/assets/([\w.-]+\.(?:js|css))", (DIST / "index.html").read_text()
    )
    languages = [name for name in sizes if re.match(r"^[a-z]{2,3}-[\w-]+\.js$", name)]
    first = sum(sizes[name] for name in entry)
    largest = max((sizes[name] for name in languages), default=0)

    assert first + largest <= MOST_BYTES, sizes


def test_first_load_fetches_the_shell_and_one_font_and_is_compressed(open_page):
    phone = open_page(PHONE)
    fetched = []
    phone.on("response", lambda answer: fetched.append(answer))
    phone.goto("/")
    expect(phone.get_by_role("button", name="E-mail me a code")).to_be_visible()

    code = [one for one in fetched if one.url.endswith((".js", ".css"))]
    assert code
    assert {one.headers.get("content-encoding") for one in code} <= {"br", "gzip"}
    assert sum(one.url.endswith(".woff2") for one in fetched) <= 2


MOST_DASHBOARD_BYTES = 1_300_000


def test_dashboard_is_fetched_in_less_than_thirteen_hundred_kilobytes(open_page):
    desk = open_page(DESKTOP)
    sign_in(desk, CLINICIAN_EMAIL, "/dashboard/")
    expect(desk.locator(".caseload tbody tr").first).to_be_visible(timeout=30_000)
    network = desk.context.new_cdp_session(desk)
    network.send("Network.enable")
    network.send("Network.clearBrowserCache")
    sizes = []
    network.on(
        "Network.loadingFinished", lambda e: sizes.append(e["encodedDataLength"])
    )

    desk.goto("/dashboard/")
    expect(desk.locator(".caseload tbody tr").first).to_be_visible(timeout=30_000)

    # The chart library is among them.
    assert 400_000 < sum(sizes) <= MOST_DASHBOARD_BYTES
