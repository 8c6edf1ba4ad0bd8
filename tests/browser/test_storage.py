"""A full disk, a forbidden store, an update: nothing typed is lost."""

import shutil

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, sign_in, sign_in_ana
from tests.browser.test_loop import rate, wait_for_draft
from tests.browser.test_offline import (
    IS_SHELL_KEPT,
    NOTE,
    day_on,
    days,
    no_signal,
    save,
    signal,
    wait_for_the_diary,
    wait_until,
    written_days,
)
from tests.servers import ROOT, Site
from tracker.demo.people import PATIENT_EMAIL

pytestmark = pytest.mark.browser

DENIED = """Object.defineProperty(window, "indexedDB", { value: {
  open() { throw new DOMException("denied", "SecurityError"); } } });
Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("denied", "SecurityError"); } });"""
FULL = """() => { IDBObjectStore.prototype.put = () => {
  throw new DOMException("full", "QuotaExceededError"); }; }"""


def test_browser_that_keeps_nothing_says_so_and_sends_at_once(open_page, ana):
    phone = open_page(PHONE, base_url=ana.site.url)
    phone.add_init_script(DENIED)
    sign_in_ana(phone)
    expect(phone.get_by_text("This browser keeps nothing of the app.")).to_be_visible()
    rate(phone, "Mood today", 4)
    no_signal(phone)
    save(phone)
    expect(phone.get_by_text("Not saved yet. No signal.")).to_be_visible()
    group = phone.get_by_role("group", name="Mood today")
    expect(group.get_by_role("radio", name="4", exact=True)).to_be_checked()

    signal(phone)
    save(phone)

    expect(phone.get_by_text("Sent to your clinic at once")).to_be_visible()
    assert [day["mood"] for day in ana.days().json()["results"]] == [4]
    # It knows what it sent: a second thought is no conflict with itself.
    rate(phone, "Mood today", 6)
    save(phone)
    expect(phone.get_by_text("Sent to your clinic at once")).to_be_visible()
    assert [day["mood"] for day in ana.days().json()["results"]] == [6]


def test_full_phone_keeps_what_is_typed_on_the_screen(open_page, site):
    phone = open_page(PHONE)
    sign_in(phone, PATIENT_EMAIL)
    expect(phone.get_by_text("Synthetic demo data")).to_be_visible()
    phone.goto(f"/day/{days(site)[1]['date']}")
    expect(phone.get_by_label("Note")).to_be_visible()
    phone.evaluate(FULL)
    no_signal(phone)

    phone.get_by_label("Note").fill(NOTE)
    expect(phone.get_by_text("This phone is full.")).to_be_visible()
    save(phone)

    expect(phone.get_by_text("Not saved yet. No signal.")).to_be_visible()
    expect(phone.get_by_label("Note")).to_have_value(NOTE)


@pytest.fixture
def new_version(tmp_path, site):
    """The same clinic served with an app that can be built anew while it runs."""
    app = tmp_path / "pwa"
    shutil.copytree(ROOT / "pwa/dist", app / "dist")
    served = Site(site.folder, settings={"RESPITE_PWA_DIR": str(app)})
    served.start()
    yield served, app / "dist"
    served.stop()


def test_update_keeps_the_queue_and_a_half_filled_day(open_page, site, new_version):
    served, app = new_version
    waiting, half, *_ = written_days(site)
    phone = open_page(PHONE, base_url=served.url)
    sign_in(phone, PATIENT_EMAIL)
    expect(phone.get_by_text("Synthetic demo data")).to_be_visible()
    phone.evaluate("navigator.serviceWorker.ready.then(() => true)")
    wait_until(phone, lambda: phone.evaluate(IS_SHELL_KEPT))
    # What is written on top of a day this phone has not seen yet is a question.
    wait_for_the_diary(phone, waiting)
    no_signal(phone)
    phone.get_by_label("Note").fill("queued by the old version")
    save(phone)
    expect(phone.get_by_text("Saved on this phone")).to_be_visible()
    phone.goto(f"/day/{half}")
    phone.get_by_label("Note").fill(NOTE)
    wait_for_draft(phone)
    # Half-filled, and the clinic brings a newer app and starts its server again.
    served.stop()
    worker = app / "sw.js"
    worker.write_text("/* newer */" + worker.read_text())
    for squeezed in app.glob("sw.js.*"):
        squeezed.unlink()
    served.start()
    signal(phone)
    phone.evaluate("navigator.serviceWorker.ready.then((one) => one.update())")

    use_it = phone.get_by_role("button", name="Use it")
    expect(use_it).to_be_visible()
    # Not taken at once, it is still offered the next time.
    phone.reload()
    with phone.expect_event("load"):
        use_it.click()

    expect(phone.get_by_label("Note")).to_have_value(NOTE)
    wait_until(
        phone, lambda: day_on(site, waiting)["note"] == "queued by the old version"
    )
    assert day_on(site, half)["note"] != NOTE
