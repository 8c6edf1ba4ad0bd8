"""A client made from our schema by somebody else's generator works unedited."""

import importlib
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.factories import NOW, give_infusion, make_patient, save_entry
from tracker import actions
from tracker.models import DiaryEntry

SCHEMA = Path(__file__).resolve().parents[2] / "api" / "openapi.yaml"


@pytest.fixture(scope="module")
def generated(tmp_path_factory) -> str:
    """The import name of a client generated into a folder of its own."""
    folder = tmp_path_factory.mktemp("generated")
    generator = Path(sys.executable).with_name("openapi-python-client")
    subprocess.run(
        [
            generator,
            "generate",
            "--path",
            SCHEMA,
            "--meta",
            "none",
            "--output-path",
            folder / "stranger_client",
            "--fail-on-warning",
        ],
        check=True,
        capture_output=True,
        text=True,
        # It tidies its output with the ruff beside it.
        env={
            **os.environ,
            "PATH": f"{generator.parent}{os.pathsep}{os.environ['PATH']}",
        },
        timeout=120,
    )
    sys.path.insert(0, str(folder))
    yield "stranger_client"
    sys.path.remove(str(folder))


@pytest.fixture
def part(generated):
    """Modules of the generated client by their dotted name."""
    return lambda name: importlib.import_module(f"{generated}.{name}")


@pytest.fixture
def api(part, live_server):
    made = []

    def make(token: str):
        client = part("client").AuthenticatedClient(
            base_url=live_server.url, token=token, raise_on_unexpected_status=True
        )
        made.append(client)
        return client

    yield make
    for client in made:
        # Answers say how long they are, so the connection is kept open.
        client.get_httpx_client().close()


@pytest.mark.django_db(transaction=True)
def test_generated_client_logs_a_day_and_reads_the_spells(
    part, api, clinic, nurse_nora, without_delete_triggers
):
    from tracker.relief_refresh import refresh_patient

    last = date.today() - timedelta(days=40)  # noqa: DTZ011 - well inside any zone
    ana = make_patient("Ana", clinic, enrolled_on=last - timedelta(days=60))
    give_infusion(ana, nurse_nora, last)
    for ago in range(1, 15):
        save_entry(ana, last - timedelta(days=ago), mood=2)
    for day in range(1, 35):
        save_entry(ana, last + timedelta(days=day), mood=8 if day < 25 else 2)
    refresh_patient(ana, now=NOW)
    client = api(actions.add_api_token(ana.user, "stranger"))

    me = part("api.me.me_read").sync(client=client)
    day_input = part("models.day_input").DayInput(mood=6, note="by a stranger's client")
    saved = part("api.diary.diary_save").sync(
        me.patient.today, client=client, body=day_input, if_match='"0"'
    )
    spells = part("api.relief.relief_read").sync(client=client).spells

    assert (saved.mood, saved.version) == (6, 1)
    assert DiaryEntry.objects.get(patient=ana, date=me.patient.today).mood == 6
    assert [
        (spell.status, spell.onset, spell.lower, spell.upper) for spell in spells
    ] == [("lost", 1, 24, 25)]


@pytest.mark.django_db(transaction=True)
def test_generated_client_reads_a_refusal(part, api, ana, without_delete_triggers):
    client = api(actions.add_api_token(ana.user, "stranger"))
    day_input = part("models.day_input").DayInput(mood=11)

    refusal = part("api.diary.diary_save").sync(
        date(2026, 11, 24), client=client, body=day_input
    )

    assert refusal.code == "invalid"
    assert [(problem.field, problem.value) for problem in refusal.problems] == [
        ("mood", 11)
    ]
