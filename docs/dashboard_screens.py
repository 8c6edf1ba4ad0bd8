"""Photograph every screen of the dashboard: the second part of `make screens`.

Light and dark, on a desk and on a nurse's phone, into `.data/screens/dashboard-*`.
"""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page

from docs.screens import FOLDER
from tests.browser.conftest import DESKTOP, PHONE, chromium, type_password
from tests.servers import ROOT, Site, demo_site
from tracker.demo import people

# Charts are drawn after the page has come.
SETTLE_MS = 2500
PAGES = {
    "05-patients": "/dashboard/cohort",
    "06-forecasts": "/dashboard/forecasts",
    "07-clinic": "/dashboard/clinic",
    "08-no-such-patient": "/dashboard/patient/018f0000-0000-7000-8000-000000000000",
}


def photograph(site: Site, browser: Browser) -> None:
    for name, size in (("desk", DESKTOP), ("phone", PHONE)):
        for scheme in ("light", "dark"):
            context = browser.new_context(
                viewport=size,
                base_url=site.url,
                locale="en-GB",
                color_scheme=scheme,
                reduced_motion="reduce",
            )
            folder = FOLDER / f"dashboard-{name}-{scheme}"
            folder.mkdir(parents=True, exist_ok=True)
            go_through(context.new_page(), folder)
            context.close()
            taken = len(list(folder.glob("*.png")))
            print(f"{taken} screens in {folder.relative_to(ROOT)}", flush=True)


def go_through(page: Page, folder: Path) -> None:
    def take(name: str) -> None:
        page.wait_for_timeout(SETTLE_MS)
        page.screenshot(path=folder / f"{name}.png", full_page=True)

    page.goto("/dashboard/")
    type_password(page, people.CLINICIAN_EMAIL, people.demo_password())
    page.locator(".caseload tbody tr").first.wait_for()
    take("01-caseload")
    page.get_by_role("button", name="Act on").first.click()
    page.locator(".panel").wait_for()
    take("02-reasons")
    page.get_by_role("link", name="Ana Demo").first.click()
    page.get_by_label("Book an infusion").check()
    page.get_by_role("heading", name="Cycles overlaid").wait_for(timeout=30_000)
    page.get_by_role("button", name="Days since infusion").click()
    take("03-patient")
    page.get_by_role("link", name="Visit report").click()
    page.locator(".report .js-plotly-plot").wait_for()
    take("04-report")
    for name, path in PAGES.items():
        page.goto(path)
        take(name)


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        demo_site(Path(folder), patients=30) as site,
        chromium() as browser,
    ):
        photograph(site, browser)


if __name__ == "__main__":
    main()
