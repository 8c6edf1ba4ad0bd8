"""A served demo-sized site, its worker, and headless Chromium."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.servers import ROOT, Site, site_with_ana

CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}


def find_chromium() -> str:
    path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    if not os.path.exists(path):  # noqa: PTH110 - a plain look
        pytest.skip("there is no Chromium; make test brings one")
    return path


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Iterator[Site]:
    """The demo clinic with eight patients, served with its worker."""
    site = Site(tmp_path_factory.mktemp("site"))
    site.manage("migrate", "--verbosity", "0")
    site.manage("createcachetable")
    site.manage("demo_clinic", "--patients", "8")
    site.start()
    worker = subprocess.Popen(
        [sys.executable, "manage.py", "worker"], cwd=ROOT, env=site.environment
    )
    yield site
    worker.terminate()
    worker.wait(20)
    site.stop()


# Ends with its file: while it runs, Django takes this process for an async one.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=list(CHROMIUM_FLAGS)
        )
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser, site):
    """Opens a page of the given size; it must end without an error nobody expected."""
    contexts, troubles = [], []

    def make(size: dict[str, int], *, expected: str | None = None, **options) -> Page:
        options.setdefault("locale", "en-GB")
        options.setdefault("base_url", site.url)
        context = browser.new_context(viewport=size, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on(
            "console",
            lambda line: (
                line.type == "error"
                # What a test cut off by itself.
                and "ERR_INTERNET_DISCONNECTED" not in line.text
                and "ERR_FAILED" not in line.text
                and (expected is None or expected not in line.text)
                and troubles.append(line.text)
            ),
        )
        return page

    yield make
    for context in contexts:
        context.close()
    assert troubles == []


@pytest.fixture
def ana(tmp_path, monkeypatch):
    """A patient with a database of her own: the day is still blank there."""
    monkeypatch.delenv("RESPITE_DATABASE_URL", raising=False)
    with site_with_ana(tmp_path) as ana:
        ana.site.run(
            "from django.utils import timezone; from tracker.models import Patient;"
            "Patient.objects.update(introduced_at=timezone.now())"
        )
        yield ana


def sign_in_ana(page: Page) -> None:
    page.goto("/")
    page.get_by_label("E-mail").fill("ana@test.example")
    page.get_by_label("Password").fill("a-calm-password")
    page.get_by_role("button", name="Sign in").click()
