"""Make the README's pictures from the running product: `make screenshot`.

Serves a fresh demo clinic from a temporary folder, signs in as the demo's people,
logs a day on a phone-sized screen, and photographs what they see.
"""

import tempfile
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.conftest import DESKTOP, PHONE, chromium, type_password
from tests.servers import ROOT, demo_site
from tracker.demo import people

IMAGES = ROOT / "docs" / "images"


def sign_in(page: Page, email: str, path: str) -> None:
    page.goto(path)
    type_password(page, email, people.demo_password())


def photograph_phone(page: Page) -> None:
    sign_in(page, people.PATIENT_EMAIL, "/")
    for question, score in (("Mood today", "7"), ("Anxious or tense", "3")):
        group = page.get_by_role("group", name=question)
        group.get_by_role("radio", name=score, exact=True).click()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Sent to your clinic").wait_for()
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(500)
    page.screenshot(path=IMAGES / "phone.png")


def photograph_dashboard(page: Page) -> None:
    sign_in(page, people.CLINICIAN_EMAIL, "/dashboard/")
    page.get_by_role("link", name="Ana Demo").first.click()
    page.get_by_role("heading", name="Timeline").wait_for()
    page.wait_for_timeout(3000)
    page.screenshot(path=IMAGES / "dashboard.png")


def photograph_triage(page: Page) -> None:
    sign_in(page, people.CLINICIAN_EMAIL, "/dashboard/")
    page.locator(".caseload tbody tr").first.wait_for()
    page.get_by_role("button", name="Act on").first.click()
    page.locator(".panel").wait_for()
    page.wait_for_timeout(500)
    page.screenshot(path=IMAGES / "triage.png")


def photograph_decision(page: Page) -> None:
    sign_in(page, people.CLINICIAN_EMAIL, "/dashboard/")
    page.get_by_role("link", name="Ana Demo").first.click()
    page.get_by_label("Book an infusion").check()
    page.locator("#decide-reason").fill("Sleep went first again, as last time.")
    page.locator("#decide").scroll_into_view_if_needed()
    page.locator("section:has(> #decide)").screenshot(path=IMAGES / "decide.png")


def photograph_report(page: Page) -> None:
    sign_in(page, people.CLINICIAN_EMAIL, "/dashboard/")
    page.get_by_role("link", name="Ana Demo").first.click()
    page.get_by_role("link", name="Visit report").click()
    page.locator(".report .js-plotly-plot").wait_for()
    page.wait_for_timeout(1500)
    page.locator(".report").screenshot(path=IMAGES / "report.png")


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        demo_site(Path(folder), patients=60) as site,
        chromium() as browser,
    ):
        for size, photograph in (
            (PHONE, photograph_phone),
            (DESKTOP, photograph_dashboard),
            (DESKTOP, photograph_triage),
            (DESKTOP, photograph_decision),
            (DESKTOP, photograph_report),
        ):
            photograph(
                browser.new_page(viewport=size, base_url=site.url, locale="en-GB")
            )
    print(f"Pictures are in {IMAGES.relative_to(ROOT)}/")


if __name__ == "__main__":
    main()
