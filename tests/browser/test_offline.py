"""The phone without signal, with the real store and the real service worker."""

import csv
import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import CHROMIUM_FLAGS, PHONE, find_chromium, sign_in
from tests.browser.test_loop import go_to_yesterday, rate, wait_for_draft
from tracker.demo.people import PATIENT_EMAIL

pytestmark = pytest.mark.browser

NOTE = "a thought for nobody else"
ALL_ROWS = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open("respite");
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = async () => {
    const base = opening.result, found = {};
    for (const name of base.objectStoreNames) {
      found[name] = await new Promise((done) => {
        const rows = base.transaction(name).objectStore(name).getAll();
        rows.onsuccess = () => done(rows.result);
      });
    }
    base.close();
    const text = (value) => {
      if (value instanceof ArrayBuffer) value = new Uint8Array(value);
      return value instanceof Uint8Array ? new TextDecoder("latin1").decode(value) : value;
    };
    resolve(JSON.stringify(found, (_, value) => text(value)));
  };
})"""
OLD_STORE = """(rows) => new Promise((resolve, reject) => {
  const gone = indexedDB.deleteDatabase("respite");
  gone.onsuccess = () => {
    const opening = indexedDB.open("respite", 10);
    opening.onupgradeneeded = () => {
      for (const name of ["days", "outbox", "drafts"])
        opening.result.createObjectStore(name, { keyPath: ["user", "date"] })
          .createIndex("user", "user");
      opening.result.createObjectStore("people", { keyPath: "user" });
    };
    opening.onsuccess = () => {
      const base = opening.result;
      const task = base.transaction(Object.keys(rows), "readwrite");
      for (const [name, all] of Object.entries(rows))
        for (const row of all) task.objectStore(name).put(row);
      task.oncomplete = () => { base.close(); resolve(); };
      task.onerror = () => reject(task.error);
    };
  };
})"""


def save(phone) -> None:
    phone.get_by_role("button", name="Save", exact=True).click()


def no_signal(phone) -> None:
    phone.context.set_offline(True)


def signal(phone) -> None:
    phone.context.set_offline(False)


def days(site) -> list[dict]:
    """The demo patient's last days as the server has them, today first."""
    code = (
        "import json; from datetime import timedelta; from django.utils import timezone;"
        "from tracker.models import DiaryEntry, Patient;"
        f"p = Patient.objects.get(user__email={PATIENT_EMAIL!r});"
        "today = p.diary_date(timezone.now());"
        "on = [today - timedelta(days=n) for n in range(8)];"
        "all = {e['date']: e for e in DiaryEntry.objects.filter(patient=p, date__in=on)"
        ".values('date', 'mood', 'pain', 'note', 'version')};"
        "print(json.dumps([all.get(d, {'date': d}) for d in on], default=str))"
    )
    return json.loads(site.run(code).splitlines()[-1])


def day_on(site, on: str) -> dict:
    return next(day for day in days(site) if day["date"] == on)


def written_days(site) -> list[str]:
    """Days before yesterday that were logged and can still be changed."""
    return [day["date"] for day in days(site)[2:7] if "mood" in day]


def wait_until(phone, true) -> None:
    for _ in range(75):
        if true():
            return
        phone.wait_for_timeout(200)
    raise AssertionError("it never came about")


def wait_for_the_diary(phone, on: str) -> None:
    """Until the first sync has brought the days to the phone."""
    phone.goto(f"/day/{on}")
    expect(phone.get_by_text("Sent to your clinic")).to_be_visible()


def test_nothing_a_person_wrote_is_readable_in_the_store(open_page, site):
    phone = open_page(PHONE)
    sign_in(phone, PATIENT_EMAIL)
    expect(phone.get_by_text("Synthetic demo data")).to_be_visible()
    wait_for_the_diary(phone, written_days(site)[0])
    phone.goto("/")
    expect(phone.get_by_role("link", name="Yesterday")).to_be_visible()
    no_signal(phone)
    go_to_yesterday(phone)
    phone.get_by_label("Note").fill(NOTE)
    wait_for_draft(phone)
    drafted = phone.evaluate(ALL_ROWS)
    save(phone)
    expect(phone.get_by_text("Saved on this phone")).to_be_visible()
    saved = phone.evaluate(ALL_ROWS)

    for raw in (drafted, saved):
        rows = json.loads(raw)
        assert rows["days"], "the diary should be here to read without signal"
        assert NOTE not in raw
        for word in ("mood", "sleep_hours", "Ana", PATIENT_EMAIL):
            assert word not in raw
    assert json.loads(saved)["outbox"]
    kept = phone.evaluate("JSON.stringify({...localStorage})")
    assert NOTE not in kept
    usable = phone.evaluate(
        """() => new Promise((resolve) => {
          const opening = indexedDB.open("respite");
          opening.onsuccess = () => {
            const rows = opening.result.transaction("keys").objectStore("keys").getAll();
            rows.onsuccess = () => crypto.subtle.exportKey("raw", rows.result[0].key)
              .then(() => resolve("handed out"), (no) => resolve(no.name))
              .finally(() => opening.result.close());
          };
        })"""
    )
    assert usable == "InvalidAccessError"


def test_what_the_first_version_kept_is_sealed_and_sent(open_page, site):
    phone = open_page(PHONE)
    sign_in(phone, PATIENT_EMAIL)
    expect(phone.get_by_text("Synthetic demo data")).to_be_visible()
    me = phone.evaluate("fetch('/api/v1/me/').then((answer) => answer.json())")
    sent, drafted = written_days(site)[:2]
    waiting = {
        "user": me["id"],
        "date": sent,
        "items": {"mood": 3, "note": "kept by the first version"},
        "basedOn": day_on(site, sent)["version"],
        "writtenAt": "2026-01-01T10:00:00Z",
        "edit": 1,
    }
    draft = {"user": me["id"], "date": drafted, "items": {"note": "half a thought"}}
    # A page of the site without the app, which would hold the store open.
    phone.route("**/favicon.ico", lambda route: route.fulfill(status=204))
    phone.goto("/manifest.webmanifest")
    phone.evaluate(
        OLD_STORE,
        {
            "outbox": [waiting],
            "drafts": [draft],
            "people": [{"user": me["id"], "me": me}],
        },
    )

    phone.goto(f"/day/{drafted}")

    expect(phone.get_by_label("Note")).to_have_value("half a thought")
    expect(phone.get_by_text("Not saved yet")).to_be_visible()
    wait_until(phone, lambda: day_on(site, sent)["note"] == "kept by the first version")
    assert "thought" not in phone.evaluate(ALL_ROWS)


def test_two_phones_in_conflict_ask_and_keep_what_is_chosen(open_page, site):
    on = written_days(site)[-1]
    first, second = open_page(PHONE), open_page(PHONE)
    for phone in (first, second):
        sign_in(phone, PATIENT_EMAIL)
        expect(phone.get_by_text("Synthetic demo data")).to_be_visible()
        wait_for_the_diary(phone, on)
        no_signal(phone)
    rate(first, "Mood today", 10)
    rate(second, "Mood today", 0)
    for phone in (first, second):
        save(phone)
        expect(phone.get_by_text("Saved on this phone")).to_be_visible()

    signal(first)
    expect(first.get_by_text("Sent to your clinic")).to_be_visible()
    signal(second)
    expect(
        second.get_by_role("heading", name=re.compile("Two versions"))
    ).to_be_visible()
    assert day_on(site, on)["mood"] == 10
    second.get_by_role("button", name="Keep this phone's").click()

    expect(second.get_by_text("Sent to your clinic")).to_be_visible()
    assert day_on(site, on)["mood"] == 0


def test_a_deleted_day_can_be_brought_back(open_page, site):
    on = written_days(site)[-2]
    phone = open_page(PHONE)
    sign_in(phone, PATIENT_EMAIL)
    expect(phone.get_by_text("Synthetic demo data")).to_be_visible()
    wait_for_the_diary(phone, on)
    before = day_on(site, on)

    phone.get_by_role("button", name="Delete this day").click()
    phone.get_by_role("button", name="Yes, delete").click()
    expect(phone.get_by_text("You deleted this day")).to_be_visible()
    assert "mood" not in day_on(site, on)
    phone.get_by_role("button", name="Bring it back").click()

    expect(phone.get_by_text("Sent to your clinic")).to_be_visible()
    assert day_on(site, on) == {**before, "version": before["version"] + 2}


def test_own_days_leave_as_a_file_without_signal(open_page, site):
    on = written_days(site)[0]
    phone = open_page(PHONE)
    sign_in(phone, PATIENT_EMAIL)
    expect(phone.get_by_text("Synthetic demo data")).to_be_visible()
    wait_for_the_diary(phone, on)
    phone.goto("/me")
    no_signal(phone)

    with phone.expect_download() as download:
        phone.get_by_role("button", name="Save for a spreadsheet").click()

    with download.value.path().open(encoding="utf-8-sig", newline="") as file:
        rows = {row["date"]: row for row in csv.DictReader(file)}
    assert rows[on]["mood"] == str(day_on(site, on)["mood"])
    assert len(rows) > 100
    expect(phone.get_by_text("No signal: saved")).to_be_visible()


def test_infusions_seen_once_are_there_without_signal(open_page, site):
    phone = open_page(PHONE)
    sign_in(phone, PATIENT_EMAIL)
    expect(phone.get_by_text("Synthetic demo data")).to_be_visible()
    phone.goto("/infusion")
    rows = phone.locator("ol.days li")
    expect(rows.first).to_be_visible()
    count = rows.count()
    no_signal(phone)

    phone.get_by_role("link", name="Today").click()
    phone.get_by_role("link", name="Infusion").click()

    expect(phone.get_by_text("No signal. These are the infusions")).to_be_visible()
    expect(rows).to_have_count(count)
    assert "ketamine" not in phone.evaluate(ALL_ROWS)


def test_signing_out_waits_for_unsent_days_and_then_leaves_nothing(open_page, site):
    on = written_days(site)[0]
    phone = open_page(PHONE)
    sign_in(phone, PATIENT_EMAIL)
    expect(phone.get_by_text("Synthetic demo data")).to_be_visible()
    wait_for_the_diary(phone, on)
    no_signal(phone)
    phone.get_by_label("Note").fill(NOTE)
    save(phone)
    expect(phone.get_by_text("Saved on this phone")).to_be_visible()
    phone.get_by_role("link", name="Me").click()
    phone.get_by_role("button", name="Sign out").click()
    expect(phone.get_by_text("1 day waits")).to_be_visible()
    with phone.expect_download() as download:
        phone.get_by_role("button", name="Save as a file").click()
    kept = json.loads(download.value.path().read_text())
    assert [(day["date"], day["note"]) for day in kept] == [(on, NOTE)]

    signal(phone)
    phone.get_by_role("button", name="Sign out").last.click()

    expect(phone.get_by_label("E-mail")).to_be_visible()
    assert day_on(site, on)["note"] == NOTE
    rows = json.loads(phone.evaluate(ALL_ROWS))
    assert not any(rows.values())


def test_days_without_signal_survive_a_restart_of_the_browser(site, browser, tmp_path):
    """A profile on the disk and the real service worker, from a cold start."""

    def start():
        context = browser.browser_type.launch_persistent_context(
            str(tmp_path / "profile"),
            executable_path=find_chromium(),
            args=list(CHROMIUM_FLAGS),
            viewport=PHONE,
            locale="en-GB",
            base_url=site.url,
        )
        return context, context.pages[0]

    on = written_days(site)[:3]
    context, phone = start()
    sign_in(phone, PATIENT_EMAIL)
    expect(phone.get_by_text("Synthetic demo data")).to_be_visible()
    phone.evaluate("navigator.serviceWorker.ready.then(() => true)")
    wait_until(phone, lambda: phone.evaluate(IS_SHELL_KEPT))
    wait_for_the_diary(phone, on[0])
    context.set_offline(True)
    for number, date in enumerate(on):
        phone.goto(f"/day/{date}")
        phone.get_by_label("Note").fill(f"offline {number}")
        save(phone)
        expect(phone.get_by_text("Saved on this phone")).to_be_visible()
    context.close()

    context, phone = start()
    context.set_offline(True)
    phone.goto("/history")
    expect(phone.get_by_text("saved on this phone")).to_have_count(3)
    context.set_offline(False)
    phone.evaluate("dispatchEvent(new Event('online'))")

    expect(phone.get_by_text("saved on this phone")).to_have_count(0)
    assert [day_on(site, date)["note"] for date in on] == [
        "offline 0",
        "offline 1",
        "offline 2",
    ]
    context.close()


IS_SHELL_KEPT = """() => caches.keys().then(async (names) => {
  for (const name of names)
    if (await (await caches.open(name)).match("/")) return true;
  return false;
})"""
