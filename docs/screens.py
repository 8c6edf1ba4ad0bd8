"""Photograph every screen of the phone app: `make screens`.

In each language, light and dark, at the size of a phone, into `.data/screens/`, to be
looked at one by one beside what the screens are meant to be.
"""

import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browser.conftest import PHONE, chromium
from tests.servers import ROOT, Site, demo_site
from tracker.demo import people

FOLDER = ROOT / ".data" / "screens"
LOCALES = {"en": "en-GB", "es": "es-ES"}
SETTLE_MS = 700
PATIENT = f"Patient.objects.filter(user__email={people.PATIENT_EMAIL!r})"
INVITE = f"""
from django.utils import timezone
from tracker import actions
from tracker.models import Patient
print(actions.invite(None, {PATIENT}.get().user, now=timezone.now()))
"""
DAYS = f"""
from datetime import timedelta
from django.utils import timezone
from tracker.models import DiaryEntry, Patient
patient = {PATIENT}.get()
today = patient.diary_date(timezone.now())
old = DiaryEntry.objects.filter(patient=patient, date__lt=today - timedelta(days=20))
print(old.order_by("-date").first().date, today - timedelta(days=1))
"""


def last_line(text: str) -> str:
    return text.splitlines()[-1]


class Album:
    """Goes through the app as one person, in one language and scheme."""

    def __init__(self, site: Site, page: Page, name: str) -> None:
        self.site, self.page, self.name = site, page, name
        self.folder = FOLDER / name
        self.folder.mkdir(parents=True, exist_ok=True)

    def take(self, name: str) -> None:
        self.page.wait_for_timeout(SETTLE_MS)
        self.page.evaluate("scrollTo(0, 0)")
        self.page.screenshot(path=self.folder / f"{name}.png", full_page=True)

    def sign_in(self) -> None:
        self.page.goto("/")
        self.take("01-sign-in")
        self.page.locator("input[type=email]").fill(people.PATIENT_EMAIL)
        # The last of the other ways is a password, in any language.
        self.page.locator(".chips button").last.click()
        self.page.locator("input[type=password]").fill(people.demo_password())
        self.page.locator("form button").click()
        self.page.locator("nav.tabs").wait_for()

    def introduction(self) -> None:
        self._set_introduced("None")
        self.page.reload()
        for number in range(3):
            self.take(f"02-introduction-{number + 1}")
            if number < 2:
                self.page.locator("main > button").click()
        self._set_introduced("timezone.now()")
        self.page.reload()

    def _set_introduced(self, value: str) -> None:
        self.site.run(
            "from django.utils import timezone; from tracker.models import Patient;"
            f"{PATIENT}.update(introduced_at={value})"
        )

    def invitation(self) -> None:
        token = last_line(self.site.run(INVITE))
        self.page.goto("about:blank")
        self.page.goto(f"/welcome#{token}")
        self.take("03-invitation")

    def diary(self) -> None:
        old, yesterday = last_line(self.site.run(DAYS)).split()
        self.page.goto("/")
        self.take("04-today")
        self.page.goto(f"/day/{yesterday}")
        self._fill_in()
        self.take("05-half-filled-with-alarm")
        self.page.goto(f"/day/{old}")
        self.page.locator("details summary").click()
        self.take("06-day-long-ago")

    def _fill_in(self) -> None:
        for group, score in enumerate((3, 6, 4)):
            cell = self.page.locator("fieldset.scale").nth(group)
            cell.locator("input").nth(score).check(force=True)
        effects = self.page.locator("fieldset.effects")
        effects.locator(".chip.wide").nth(1).click()
        effects.locator(".term", has_text=re.compile("Chest|pecho")).click()

    def others(self) -> None:
        for name, path in (
            ("07-history", "/history"),
            ("08-trends", "/trends"),
            ("09-infusions", "/infusion"),
            ("10-me", "/me"),
            ("11-help", "/help"),
            ("12-own-days-on-paper", "/print"),
            ("13-empty-sheet", "/sheet"),
        ):
            self.page.goto(path)
            self.take(name)
        self.page.goto("/help")
        self.page.locator(".plan button").click()
        self.take("14-plan")

    def without_signal(self) -> None:
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        self.page.context.set_offline(True)
        self.page.goto("/infusion")
        self.take("15-infusions-without-signal")

    def locked(self) -> None:
        self.page.context.set_offline(False)
        self.page.evaluate("localStorage.setItem('lock', 'on')")
        self.page.goto("/")
        self.page.locator("main > button").wait_for()
        self.take("16-locked")

    def all(self) -> Iterator[Callable[[], None]]:
        yield from (
            self.sign_in,
            self.introduction,
            self.invitation,
            self.diary,
            self.others,
            self.without_signal,
            self.locked,
        )


def photograph(site: Site, browser: Browser) -> None:
    for language, locale in LOCALES.items():
        for scheme in ("light", "dark"):
            context = browser.new_context(
                viewport=PHONE,
                base_url=site.url,
                locale=locale,
                color_scheme=scheme,
                reduced_motion="reduce",
            )
            album = Album(site, context.new_page(), f"{language}-{scheme}")
            for part in album.all():
                part()
            context.close()
            taken = len(list(album.folder.glob("*.png")))
            print(f"{taken} screens in {album.folder.relative_to(ROOT)}", flush=True)


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        demo_site(Path(folder), patients=8, worker=False) as site,
        chromium() as browser,
    ):
        photograph(site, browser)


if __name__ == "__main__":
    main()
