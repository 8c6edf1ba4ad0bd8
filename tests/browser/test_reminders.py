"""A reminder reaches the real service worker, is shown, and is answered."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, sign_in
from tests.browser.test_offline import IS_SHELL_KEPT, wait_until
from tracker.demo.people import PATIENT_EMAIL

pytestmark = pytest.mark.browser

# No push service can be reached from here: the browser's own part is stood in for.
SUBSCRIBE = """() => {
  const keys = {
    p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    auth: "BTBZMqHH6r4Tts7J_aSIgg",
  };
  const endpoint = "https://fcm.googleapis.com/fcm/send/test";
  PushManager.prototype.subscribe = async () => ({ toJSON: () => ({ endpoint, keys }) });
}"""
INTEND = f"""
import json
from django.utils import timezone
from tracker.models import Patient, Reminder
from tracker.reminders import messages
patient = Patient.objects.get(user__email={PATIENT_EMAIL!r})
Reminder.objects.filter(patient=patient).delete()
now = timezone.now()
reminder = Reminder.objects.create(patient=patient, date=patient.diary_date(now),
    kind="first", channel="push", intended_at=now)
print(json.dumps(messages.payload_of(reminder)))
"""
TOLD = """
from tracker.models import Reminder
one = Reminder.objects.get()
print(bool(one.shown_at), one.answer or "-")
"""
# An event made by a script has no browser behind it to wait for.
CLICK = """async (action) => {
  ExtendableEvent.prototype.waitUntil = () => {};
  const [notification] = await self.registration.getNotifications();
  self.dispatchEvent(new NotificationEvent("notificationclick",
    { notification, action }));
}"""
SHOWN = """() => self.registration.getNotifications().then((all) =>
  all.map((one) => [one.title, one.body, one.actions.map((a) => a.title)]))"""


@pytest.fixture
def phone(open_page):
    phone = open_page(PHONE, permissions=["notifications"])
    sign_in(phone, PATIENT_EMAIL)
    expect(phone.get_by_text("Synthetic demo data")).to_be_visible()
    phone.evaluate("navigator.serviceWorker.ready.then(() => true)")
    wait_until(phone, lambda: phone.evaluate(IS_SHELL_KEPT))
    return phone


def last_line(text: str) -> str:
    return text.splitlines()[-1]


def deliver(phone, site) -> tuple[object, dict]:
    """Push a reminder to the phone's worker; gives the worker and what was pushed."""
    payload = last_line(site.run(INTEND))
    session = phone.context.new_cdp_session(phone)
    found = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(event["registrations"]),
    )
    session.send("ServiceWorker.enable")
    wait_until(phone, lambda: found)
    session.send(
        "ServiceWorker.deliverPushMessage",
        {
            "origin": site.url,
            "registrationId": found[-1]["registrationId"],
            "data": payload,
        },
    )
    worker = phone.context.service_workers[0]
    wait_until(phone, lambda: worker.evaluate(SHOWN))
    return worker, json.loads(payload)


def test_reminder_is_turned_on_shown_and_put_off(phone, site):
    phone.evaluate(SUBSCRIBE)
    phone.get_by_role("link", name="Me", exact=True).click()
    phone.get_by_label("A notification on this phone").check()
    phone.get_by_label("A good hour for your diary").fill("20:15")
    card = phone.locator("form").filter(has_text="Reminders")
    card.get_by_role("button", name="Save").click()
    expect(card.get_by_text("Saved.")).to_be_visible()
    card.get_by_role("button", name="Send me one now").click()
    expect(card.get_by_text("One is on its way.")).to_be_visible()
    stored = site.run(
        "from tracker.models import Patient, PushSubscription;"
        f"p = Patient.objects.get(user__email={PATIENT_EMAIL!r});"
        "print(p.reminder_channel, p.reminder_time, p.language,"
        " PushSubscription.objects.filter(user=p.user).count())"
    )
    assert last_line(stored) == "push 20:15:00 en 1"

    worker, _ = deliver(phone, site)
    assert worker.evaluate(SHOWN) == [
        [
            "A moment for your diary?",
            "It takes about twenty seconds.",
            ["In an hour", "Not today"],
        ]
    ]
    worker.evaluate(CLICK, "later")

    wait_until(phone, lambda: last_line(site.run(TOLD)) == "True later")
    assert worker.evaluate(SHOWN) == []


def test_tapped_reminder_opens_its_day_without_losing_what_was_typed(phone, site):
    phone.get_by_role("link", name="History").click()
    worker, payload = deliver(phone, site)

    # Focusing needs a person's tap; going to the day is ours.
    worker.evaluate("() => { WindowClient.prototype.focus = async () => {}; }")
    worker.evaluate(CLICK, "")

    phone.wait_for_url(f"**/day/{payload['day']}")
    wait_until(phone, lambda: last_line(site.run(TOLD)) == "True opened")


def test_calendar_file_is_there_for_phones_that_cannot(phone):
    phone.get_by_role("link", name="Me", exact=True).click()
    with phone.expect_download() as download:
        phone.get_by_role("button", name="Put it in my calendar").click()

    text = download.value.path().read_bytes().decode()
    assert "RRULE:FREQ=DAILY\r\n" in text
    for word in ("mood", "pain", "ketamine", "Harbour"):
        assert word not in text
