"""Many requests at once against a real server: one truth comes out."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from tests.servers import anas_today

TODAY = anas_today()
COUNT = (
    "from tracker.models import *; "
    "print(DiaryEntry.objects.count(), Revision.objects.count(), "
    "AuditEvent.objects.filter(action='write').count(), ReliefMark.objects.get().marks)"
)


def test_one_body_sent_a_hundred_times_leaves_one_row_and_equal_answers(served):
    body = {"mood": 6, "pain": 3, "note": "once", "side_effects": []}

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: served.put(TODAY, body), range(100)))

    assert {(a.status_code, a.content, a.headers["ETag"]) for a in answers} == {
        (200, answers[0].content, '"1"')
    }
    assert served.site.run(COUNT) == "1 100 100 100"


def test_sixteen_devices_with_different_days_leave_one_row_and_every_arrival(served):
    with ThreadPoolExecutor(16) as pool:
        answers = list(
            pool.map(lambda mood: served.put(TODAY, {"mood": mood % 11}), range(16))
        )

    assert {answer.status_code for answer in answers} == {200}
    entries, revisions, *_ = served.site.run(COUNT).split()
    assert (entries, revisions) == ("1", "16")


def test_of_two_writers_on_one_version_one_wins_and_one_is_told(served):
    served.put(TODAY, {"mood": 1})

    with ThreadPoolExecutor(2) as pool:
        answers = list(
            pool.map(
                lambda mood: served.put(TODAY, {"mood": mood}, **{"If-Match": '"1"'}),
                (7, 8),
            )
        )

    assert sorted(answer.status_code for answer in answers) == [200, 409]


def test_killed_server_has_every_acknowledged_day_exactly_once(served):
    """The power goes while days come in; what was answered is there afterwards."""
    acknowledged = {}

    def send(number: int) -> None:
        day = TODAY - timedelta(days=number % 60)
        try:
            answer = served.put(day, {"mood": number % 11})
        except OSError:
            return
        if answer.status_code == 200:
            acknowledged[day.isoformat()] = True

    with ThreadPoolExecutor(8) as pool:
        sending = [pool.submit(send, number) for number in range(60)]
        while len(acknowledged) < 15:
            pass
        served.site.kill()
        for one in sending:
            one.result()
    served.site.start()

    days = [day["date"] for day in served.days().json()["results"]]
    assert len(days) == len(set(days))
    assert set(acknowledged) <= set(days)
