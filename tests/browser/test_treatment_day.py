"""The day of an infusion asks little and says what to think of."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, sign_in_ana

pytestmark = pytest.mark.browser

BOOK = """
from datetime import timedelta
from django.utils import timezone
from tracker.models import Appointment, Clinic, Patient
Clinic.objects.update(phone="+34 900 000 000")
patient = Patient.objects.get()
patient.other_outcomes = ["pain", "energy"]
patient.save()
Appointment.objects.create(patient=patient, phase="booster",
    planned_at=timezone.now() + timedelta(minutes={minutes}))
"""


def test_on_the_day_one_question_is_asked_until_all_are_wanted(open_page, ana):
    # Still to come, and on the same diary day.
    ana.site.run(BOOK.format(minutes=1))
    phone = open_page(PHONE, base_url=ana.site.url)
    sign_in_ana(phone)

    card = phone.get_by_role("region", name="Infusion day")
    expect(card).to_be_visible()
    scales = phone.locator("fieldset.scale")
    expect(scales).to_have_count(1)
    card.get_by_role("button", name="Show all questions").click()

    expect(scales).to_have_count(3)


def test_days_ahead_the_page_says_what_to_arrange_and_whom_to_call(open_page, ana):
    ana.site.run(BOOK.format(minutes=3 * 24 * 60))
    phone = open_page(PHONE, base_url=ana.site.url)
    sign_in_ana(phone)
    phone.get_by_role("link", name="Infusion").click()

    expect(
        phone.get_by_role("heading", name="Before your infusion in 3 days")
    ).to_be_visible()
    expect(phone.get_by_text("Arrange who takes you home")).to_be_visible()
    call = phone.get_by_role("link", name="Call Harbour")
    expect(call).to_have_attribute("href", "tel:+34900000000")
