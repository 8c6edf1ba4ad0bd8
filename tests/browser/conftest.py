"""A served demo-sized site, its worker, and headless Chromium."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.servers import Site, demo_site, site_with_ana
from tracker.demo.people import PATIENT_EMAIL, demo_password

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


@contextmanager
def chromium() -> Iterator[Browser]:
    """Headless Chromium, as the tests and the pictures use it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=list(CHROMIUM_FLAGS)
        )
        try:
            yield browser
        finally:
            browser.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Iterator[Site]:
    """The demo clinic with eight patients, served with its worker."""
    with demo_site(tmp_path_factory.mktemp("site"), patients=8) as site:
        yield site


# Ends with its file: while it runs, Django takes this process for an async one.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


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


def type_password(page: Page, email: str, password: str) -> None:
    page.get_by_label("E-mail").fill(email)
    instead = page.get_by_role("button", name="Use a password")
    if instead.count():
        instead.click()
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_in_ana(page: Page) -> None:
    page.goto("/")
    type_password(page, "ana@test.example", "a-calm-password")


def sign_in(page: Page, email: str, path: str = "/") -> None:
    page.goto(path)
    type_password(page, email, demo_password())


@pytest.fixture
def phone(open_page) -> Page:
    """The demo patient's phone, signed in."""
    phone = open_page(PHONE)
    sign_in(phone, PATIENT_EMAIL)
    expect(phone.get_by_text("Synthetic demo data")).to_be_visible()
    return phone
