"""From who waits first to a recorded decision, as a clinician does it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, sign_in
from tracker.demo.people import CLINICIAN_EMAIL, NURSE_EMAIL

pytestmark = pytest.mark.browser
DECIDED = """
from tracker.models import Decision
one = Decision.objects.order_by("-decided_at").first()
print(one.kind, one.appointment is not None, bool(one.evidence["spells"]),
    one.patient.name, "|", one.reason)
"""


@pytest.fixture
def desk(open_page):
    desk = open_page(DESKTOP)
    sign_in(desk, CLINICIAN_EMAIL, "/dashboard/")
    # The first page of a fresh server fetches and compiles everything.
    expect(desk.locator(".caseload tbody tr").first).to_be_visible(timeout=30_000)
    return desk


def test_decision_for_who_waits_first_takes_eight_clicks(desk, site):
    name = desk.locator(".caseload tbody th a").first.inner_text()

    desk.locator(".caseload tbody th a").first.click()
    expect(desk.get_by_role("heading", name=name)).to_be_visible()
    desk.get_by_label("Book an infusion").check()
    expect(desk.get_by_role("group", name="Day")).to_be_visible()
    desk.locator("#decide-reason").fill("Fading early, as last time.")
    desk.get_by_role("button", name="Record the decision").click()

    # To sign in took one, and one each for patient, decision and record.
    expect(desk.get_by_text("Recorded: Book an infusion for")).to_be_visible()
    newest = desk.locator(".decisions > li").first
    expect(newest).to_contain_text("Fading early, as last time.")
    expect(newest).to_contain_text("After 2 weeks: to be seen on")
    said = site.run(DECIDED).splitlines()[-1]
    assert said == f"book True True {name} | Fading early, as last time."

    desk.get_by_role("link", name="Back to the caseload").click()
    first = desk.locator(".caseload tbody th a").first
    expect(first).not_to_have_text(name)


def test_refused_decision_keeps_what_was_typed(desk):
    desk.get_by_role("link", name="Ana Demo").first.click()
    desk.get_by_label("Wait and review").check()
    review = desk.get_by_label("Review on")
    review.fill("2020-01-01")
    desk.locator("#decide-reason").fill("Let us see.")
    desk.get_by_role("button", name="Record the decision").click()

    expect(desk.get_by_text("2020-01-01 is given; needed: a day after")).to_be_visible()
    expect(review).to_have_value("2020-01-01")
    expect(desk.locator("#decide-reason")).to_have_value("Let us see.")


def test_what_is_typed_outlives_a_day_that_arrives(desk, site):
    desk.get_by_role("link", name="Ana Demo").first.click()
    reason = desk.locator("#decide-reason")
    reason.fill("Half a sentence")

    def drawn_anew(answer) -> bool:
        return (
            "patient-now" in (answer.request.post_data or "")
            and "patient-head" in answer.text()
        )

    with desk.expect_response(drawn_anew, timeout=30_000):
        site.run(
            "from tracker.models import ReliefSpell; from django.utils import timezone;"
            "ReliefSpell.objects.update(computed_at=timezone.now())"
        )

    expect(desk.locator(".patient-head")).to_be_visible()
    expect(reason).to_have_value("Half a sentence")


def test_reason_is_handed_on_put_off_and_seen(desk, open_page):
    desk.get_by_role("button", name=re.compile("^Act on")).last.click()
    panel = desk.locator(".panel")
    name = panel.get_by_role("heading").inner_text()
    panel.get_by_role("button", name="Put off").first.click()
    expect(panel.get_by_text("Put off until")).to_be_visible()
    panel.get_by_role("button", name="Undo").click()
    panel.get_by_role("button", name="Seen").first.click()
    expect(panel.get_by_text("Seen.")).to_be_visible()
    panel.get_by_role("button", name="Close").click()
    expect(panel).to_have_count(0)

    nurse = open_page(DESKTOP)
    sign_in(nurse, NURSE_EMAIL, "/dashboard/")
    expect(nurse.locator(".caseload tbody tr").first).to_be_visible(timeout=30_000)
    row = nurse.locator(".caseload tbody tr").filter(has_text=name)
    expect(row).to_be_visible()
    expect(row.get_by_role("button", name="Act on")).to_have_count(0)


def test_filters_are_kept_and_used_again(desk):
    search = desk.get_by_label("Find a patient")
    search.fill("ana")
    rows = desk.locator(".caseload tbody tr")
    expect(rows).to_have_count(1)
    desk.get_by_text("Keep these filters").click()
    desk.locator("#views-name").fill("Just Ana")
    desk.get_by_role("button", name="Keep", exact=True).click()
    expect(desk.get_by_text("Kept.")).to_be_visible()
    search.fill("")
    expect(rows).not_to_have_count(1)

    desk.get_by_role("button", name="Just Ana", exact=True).click()
    expect(rows).to_have_count(1)


def test_notes_are_read_from_the_list(desk):
    notes = desk.locator("#notes")
    assert notes.locator("li").count()
    text = notes.locator("li").first.inner_text()
    notes.locator("li").first.get_by_role("button", name="Mark the note").click()

    # On some days the demo has a single one.
    desk.wait_for_function(
        "read => [...document.querySelectorAll('#notes li')]"
        ".every((one) => one.innerText !== read)",
        arg=text,
    )


def test_keyboard_finds_and_walks_the_list(desk):
    desk.locator("h1").click()
    desk.keyboard.press("/")
    expect(desk.get_by_label("Find a patient")).to_be_focused()
    people = desk.locator(".caseload tbody th a")
    people.first.focus()
    desk.keyboard.press("ArrowDown")
    expect(people.nth(1)).to_be_focused()


def test_outcomes_are_drawn_and_hidden_by_choice(desk):
    desk.get_by_role("link", name="Ana Demo").first.click()
    group = desk.get_by_role("group", name="Outcomes drawn")
    expect(group).to_be_visible(timeout=30_000)
    energy = group.get_by_role("button", name="Energy")
    expect(energy).to_have_attribute("aria-pressed", "false")
    shown = """() => document.querySelector(".choosing .js-plotly-plot")
        .data.filter((one) => one.visible !== "legendonly").map((one) => one.name)"""
    desk.wait_for_function(f"({shown})().includes('Mood')")
    assert "Energy" not in desk.evaluate(shown)

    energy.click()
    expect(energy).to_have_attribute("aria-pressed", "true")
    assert "Energy" in desk.evaluate(shown)


HOSTILE = """
from tracker.models import DiaryEntry, Patient
from django.utils import timezone
one = Patient.objects.filter(reference="D-006").get()
Patient.objects.filter(pk=one.pk).update(name="<script>document.title='broken'</script>")
day = DiaryEntry.objects.filter(patient=one).first()
DiaryEntry.objects.filter(pk=day.pk).update(
    note="=1+1" + "x" * 490, date=timezone.now().date())
"""


def test_what_people_write_stays_text_and_inside_its_box(open_page, site):
    site.run(HOSTILE)
    phone = open_page({"width": 390, "height": 844})
    sign_in(phone, CLINICIAN_EMAIL, "/dashboard/")
    name = phone.get_by_role("link", name="<script>").first
    expect(name).to_be_visible(timeout=30_000)
    expect(phone.get_by_text("=1+1xxx").first).to_be_visible()

    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert phone.title() != "broken"
    name.click()
    expect(phone.get_by_role("heading", name="<script>")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert phone.title() != "broken"
