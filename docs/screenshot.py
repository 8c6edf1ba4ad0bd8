"""Make the README's pictures from the running product: `make screenshot`.

Serves a fresh demo clinic from a temporary folder, signs in as the demo's people,
logs a day on a phone-sized screen, and photographs what they see.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Page, sync_playwright  # noqa: E402 - after the path

from tests.browser.conftest import (  # noqa: E402 - after the path
    CHROMIUM_FLAGS,
    DESKTOP,
    PHONE,
    find_chromium,
)
from tests.servers import Site  # noqa: E402 - after the path
from tracker.demo import people  # noqa: E402 - after the path

IMAGES = ROOT / "docs" / "images"


def sign_in(page: Page, email: str, path: str) -> None:
    page.goto(path)
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(people.demo_password())
    page.get_by_role("button", name="Sign in").click()


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
    page.get_by_role("link", name="Ana Demo").click()
    page.get_by_role("heading", name="Timeline").wait_for()
    page.wait_for_timeout(3000)
    page.screenshot(path=IMAGES / "dashboard.png")


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = Site(Path(folder))
        site.manage("migrate", "--verbosity", "0")
        site.manage("createcachetable")
        site.manage("demo_clinic")
        site.start()
        worker = subprocess.Popen(
            [sys.executable, "manage.py", "worker"], cwd=ROOT, env=site.environment
        )
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=list(CHROMIUM_FLAGS)
        )
        try:
            for size, photograph in (
                (PHONE, photograph_phone),
                (DESKTOP, photograph_dashboard),
            ):
                page = browser.new_page(viewport=size, base_url=site.url)
                photograph(page)
        finally:
            browser.close()
            worker.terminate()
            worker.wait(20)
            site.stop()
    print(f"Pictures are in {IMAGES.relative_to(ROOT)}/")


if __name__ == "__main__":
    main()
