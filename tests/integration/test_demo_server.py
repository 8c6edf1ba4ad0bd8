"""The demo never takes away the data of a demo that is running."""

import fcntl
import socket
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.servers import free_port


@pytest.fixture
def folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


def check(port: int) -> None:
    call_command("demo_server", "--check", f"--port={port}", stdout=StringIO())


def test_free_port_and_data_may_be_used(folder):
    check(free_port())


def test_taken_port_is_refused(folder):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(CommandError, match=f"Port {port} is in use"):
            check(port)


def test_data_of_a_running_demo_is_refused_on_every_port(folder):
    with (folder / "demo.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)

        with pytest.raises(CommandError, match="running already"):
            check(free_port())
    check(free_port())
