"""`manage.py demo_server`: the web server and the worker, side by side."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tracker.demo.people import SIGN_INS, demo_password


class Command(BaseCommand):
    help = (
        "Serves the site on this machine with the worker beside it, and says where "
        "to go and who to sign in as. For trying things out."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2)
        parser.add_argument(
            "--check",
            action="store_true",
            help="Only say whether it could start. Nothing is changed.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        port = options["port"]
        if _taken(port):
            raise CommandError(
                f"Port {port} is in use. Is the demo already running? Nothing was "
                f"changed. Choose another one: make demo PORT={port + 1}"
            )
        with _claim(settings.DATA_DIR):
            if not options["check"]:
                self._serve(port, options["workers"])

    def _serve(self, port: int, workers: int) -> None:
        children = [
            _start(_web(port, workers)),
            _start([sys.executable, "manage.py", "worker"]),
        ]
        stopping = _forward_signals(children)
        _wait_until_served(port, children)
        self.stdout.write(_welcome(port))
        self.stdout.flush()
        while all(child.poll() is None for child in children):
            time.sleep(0.2)
        for child in children:
            child.terminate()
        codes = [child.wait() for child in children]
        if not stopping:
            raise CommandError(f"A part of the server ended by itself: {codes}.")


def _claim(folder: Path) -> IO[str]:
    """Take the demo's data for this process alone; whoever runs it keeps it."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = (folder / "demo.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise CommandError(
            "The demo is running already, on another port. Nothing was changed. "
            "Stop it there with Ctrl-C first."
        ) from None
    return lock


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _web(port: int, workers: int) -> list[str]:
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "tracker.wsgi",
        f"--bind=127.0.0.1:{port}",
        f"--workers={workers}",
        "--no-control-socket",
        "--log-level=warning",
    ]


def _start(command: list[str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(command, env=os.environ)  # noqa: S603 - our own programs


def _forward_signals(children: list["subprocess.Popen[bytes]"]) -> list[int]:
    received: list[int] = []

    def stop(number: int, frame: object) -> None:
        received.append(number)
        for child in children:
            child.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    return received


def _wait_until_served(port: int, children: list["subprocess.Popen[bytes]"]) -> None:
    for _ in range(150):
        if _taken(port) or any(child.poll() is not None for child in children):
            return
        time.sleep(0.1)


def _welcome(port: int) -> str:
    url = f"http://localhost:{port}"
    lines = [
        "",
        "Respite is running with a made-up clinic. Nothing in it is about a real person.",
        "",
        f"  Phone app   {url}/            (make the window narrow, or use a phone)",
        f"  Dashboard   {url}/dashboard/",
        f"  API         {url}/api/docs/",
        "",
        f"  Password for everyone: {demo_password()}",
    ]
    lines += [f"  {who:<12}{email}" for who, email in SIGN_INS]
    lines += [
        "",
        "Stop with Ctrl-C. Your entries are kept; make demo RESET=1 begins anew.",
        "",
    ]
    return "\n".join(lines)
