"""Run a command with a throw-away PostgreSQL behind it.

    python .ci/postgres.py run -- python -m pytest
    python .ci/postgres.py available

The server lives in a temporary folder, listens on a Unix socket there and
nowhere else, and is gone afterwards. RESPITE_DATABASE_URL names it.
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# PostgreSQL refuses to run as root.
SERVANT = "postgres"
QUICK = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


def server_programs() -> Path | None:
    """The folder of initdb and pg_ctl, the newest there is."""
    found = shutil.which("initdb")
    if found and Path(found).resolve().with_name("pg_ctl").exists():
        return Path(found).resolve().parent
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name)
    )
    return folders[-1] if folders and (folders[-1] / "initdb").exists() else None


def can_start() -> str:
    """Why no server can be started here; empty when one can."""
    if server_programs() is None:
        return "PostgreSQL's initdb is not installed (apt-get install postgresql)"
    if os.geteuid() == 0 and _servant() is None:
        return "PostgreSQL refuses to run as root and there is no user 'postgres'"
    return ""


@contextmanager
def server(*, durable: bool = False) -> Iterator[str]:
    """A running server; gives the URL of an empty database in it."""
    programs = server_programs()
    if programs is None:
        raise RuntimeError(can_start())
    with tempfile.TemporaryDirectory(prefix="respite-pg-", dir="/tmp") as folder:
        _hand_over(folder)
        data = f"{folder}/data"
        _as_servant(
            [f"{programs}/initdb", "-D", data, "-U", "respite", "--auth=trust",
             "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"]
        )  # fmt: skip
        options = f"-c listen_addresses='' -c unix_socket_directories={folder}"
        options += " -c max_connections=150" + ("" if durable else f" {QUICK}")
        control = [f"{programs}/pg_ctl", "-D", data, "-w", "-l", f"{folder}/log"]
        _as_servant([*control, "-o", options, "start"])
        try:
            yield f"postgresql://respite@/postgres?host={folder}"
        finally:
            _as_servant([*control, "-m", "immediate", "stop"])


def _servant() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(SERVANT)
    except KeyError:
        return None


def _hand_over(folder: str) -> None:
    servant = _servant()
    if os.geteuid() == 0 and servant is not None:
        os.chown(folder, servant.pw_uid, servant.pw_gid)
        os.chmod(folder, 0o755)  # noqa: PTH101, S103 - the socket is in it


def _as_servant(command: list[str]) -> None:
    if os.geteuid() == 0:
        command = ["runuser", "-u", SERVANT, "--", *command]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")


def main(arguments: list[str]) -> int:
    reason = can_start()
    if arguments[:1] == ["available"]:
        print(reason)
        return 1 if reason else 0
    if arguments[:2] != ["run", "--"]:
        print(__doc__, file=sys.stderr)
        return 2
    if reason:
        print(reason, file=sys.stderr)
        return 1
    with server() as url:
        environment = {**os.environ, "RESPITE_DATABASE_URL": url}
        return subprocess.run(arguments[2:], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
