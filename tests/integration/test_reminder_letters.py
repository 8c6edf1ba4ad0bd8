"""Letters: what they say, how they are stopped, and a mail server that is down."""

from django.core import mail

from tests.reminders import DAY, EVENING
from tracker.models import Reminder
from tracker.reminders import deliver


def test_letter_has_a_link_and_nothing_of_health(reminded, settings):
    settings.SITE_URL = "https://diary.example"
    reminded.reminder_channel = "email"
    reminded.save()

    assert deliver.send_due(now=EVENING) == 1

    [letter] = mail.outbox
    assert letter.to == [reminded.user.email]
    assert letter.subject == "Tu nota diaria"
    assert f"https://diary.example/day/{DAY}" in letter.body
    assert "https://diary.example/me" in letter.body
    for word in ("Ana", reminded.clinic.name, "ketamin"):
        assert word not in letter.subject + letter.body


def test_mail_program_stops_the_letters_by_one_click(reminded, ben, client_for):
    for patient in (reminded, ben):
        patient.reminder_channel = "email"
        patient.save()
    deliver.send_due(now=EVENING)
    head = mail.outbox[0].extra_headers
    path = head["List-Unsubscribe"].strip("<>").split("8000", 1)[1]
    program = client_for(None)

    form = {"List-Unsubscribe": "One-Click"}
    answers = [program.post(path, form), program.post(path, form)]
    forged = program.post(path[:-4] + "xxx/", form)

    assert [answer.status_code for answer in (*answers, forged)] == [204, 204, 404]
    assert program.get(path).status_code == 405
    reminded.refresh_from_db()
    ben.refresh_from_db()
    assert (reminded.reminder_channel, ben.reminder_channel) == ("", "email")


def test_mail_server_that_is_down_is_tried_again(reminded, settings):
    reminded.reminder_channel = "email"
    reminded.save()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    assert deliver.send_due(now=EVENING) == 0

    reminder = Reminder.objects.get()
    assert reminder.failure == "ConnectionRefusedError"
    assert reminder.retry_at
