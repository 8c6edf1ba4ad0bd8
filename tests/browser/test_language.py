"""The phone speaks the person's language, and another one when they choose it."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, sign_in
from tracker.demo.people import PATIENT_EMAIL, demo_password

pytestmark = pytest.mark.browser


def test_a_spanish_phone_is_spoken_to_in_spanish_until_english_is_chosen(open_page):
    phone = open_page(PHONE, locale="es-ES", timezone_id="Europe/Madrid")
    phone.goto("/")
    phone.get_by_label("Correo electrónico").fill(PATIENT_EMAIL)
    phone.get_by_role("button", name="Usar una contraseña").click()
    phone.get_by_label("Contraseña").fill(demo_password())
    phone.get_by_role("button", name="Entrar").click()
    expect(phone.get_by_role("group", name="Ánimo de hoy")).to_be_visible()
    assert phone.evaluate("document.documentElement.lang") == "es"
    phone.get_by_role("button", name="Añadir").click()
    expect(phone.get_by_role("button", name="Dolor de cabeza")).to_be_visible()

    phone.get_by_role("link", name="Yo", exact=True).click()
    phone.get_by_label("Idioma").select_option("en")
    phone.get_by_role("link", name="Today").click()

    expect(phone.get_by_role("group", name="Mood today")).to_be_visible()
    phone.reload()
    expect(phone.get_by_role("group", name="Mood today")).to_be_visible()
    assert phone.evaluate("document.documentElement.lang") == "en"


def test_an_american_phone_shows_the_day_start_with_am(open_page):
    phone = open_page(PHONE, locale="en-US", timezone_id="Europe/Madrid")
    # Half past one at night, by the phone's own clock.
    phone.clock.install(time="2026-03-10T00:30:00Z")
    sign_in(phone, PATIENT_EMAIL)

    expect(phone.get_by_text("It is 1:30 AM. Until 3:00 AM")).to_be_visible()
