"""Make .venv and fill it from the locked, hashed requirements.

Runs on a bare Python 3.11 or newer, with nothing of the project installed:

    python3 .ci/bootstrap.py demo     what the demo needs
    python3 .ci/bootstrap.py dev      and what tests and checks need

Nothing happens when the environment already is what the lock says. Packages come
from wherever pip is set up to look.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UV = VENV / "bin" / "uv"
REQUIREMENTS = ROOT / "requirements"
OLDEST = (3, 11)
# Which sets hold which, smallest first.
SETS = ("demo", "dev")


def main(wanted: str) -> int:
    if wanted not in SETS:
        return fail(f"'{wanted}' is not one of {', '.join(SETS)}.")
    if sys.version_info < OLDEST:
        found = ".".join(map(str, sys.version_info[:2]))
        return fail(f"Python 3.11 or newer is needed, but this is {found}.")
    if is_done(wanted):
        return 0
    if not PYTHON.exists() and not make_environment():
        return 1
    if not UV.exists() and not install_uv():
        return 1
    install(wanted)
    return 0


def stamp(name: str) -> Path:
    return VENV / f".installed-{name}"


def digest(name: str) -> str:
    return hashlib.sha256((REQUIREMENTS / f"{name}.txt").read_bytes()).hexdigest()


def is_done(wanted: str) -> bool:
    """Whether this set, or a larger one, is installed as locked."""
    for name in SETS[SETS.index(wanted) :]:
        path = stamp(name)
        if PYTHON.exists() and path.exists() and path.read_text() == digest(name):
            return True
    return False


def make_environment() -> bool:
    say("Making .venv ...")
    # Debian's own Python has no ensurepip; pip is brought in by other ways below.
    run([sys.executable, "-m", "venv", "--without-pip", str(VENV)])
    return PYTHON.exists()


def install_uv() -> bool:
    """The pinned uv, checked by its hash, by the first way there is."""
    lock = ["--require-hashes", "--quiet", "-r", str(REQUIREMENTS / "uv.txt")]
    if has_module("pip"):
        return ok([*pip_of_this_python(), "--python", str(PYTHON), "install", *lock])
    if has_module("ensurepip"):
        run([str(PYTHON), "-m", "ensurepip", "--default-pip"])
        return ok([str(PYTHON), "-m", "pip", "install", *lock])
    wheel = debian_pip_wheel()
    if wheel is None and may_use_apt():
        say("Installing python3-pip with apt-get ...")
        apt_install("python3-pip-whl")
        wheel = debian_pip_wheel()
    if wheel is not None:
        return ok([str(PYTHON), f"{wheel}/pip", "install", *lock])
    fail(
        "This Python has no pip. One line is missing; run it, then the same "
        "command again:\n\n    sudo apt-get install -y python3-pip-whl\n"
    )
    return False


def has_module(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def pip_of_this_python() -> list[str]:
    return [sys.executable, "-m", "pip"]


def debian_pip_wheel() -> Path | None:
    """Debian keeps pip as a wheel for its venv module; a wheel can be run."""
    wheels = sorted(Path("/usr/share/python-wheels").glob("pip-*.whl"))
    return wheels[-1] if wheels else None


def may_use_apt() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt_install(package: str) -> None:
    waiting = ["-o", "DPkg::Lock::Timeout=600"]
    run(["apt-get", "update", "-qq"])
    run(["apt-get", "install", "-y", "-qq", *waiting, package])


def install(wanted: str) -> None:
    say(f"Installing requirements/{wanted}.txt ...")
    lock = str(REQUIREMENTS / f"{wanted}.txt")
    done = ok([str(UV), "pip", "sync", "--quiet", "--system-certs", "--python", str(PYTHON),
               "--require-hashes", lock, str(REQUIREMENTS / "uv.txt")])  # fmt: skip
    if not done:
        raise SystemExit(
            "The packages could not be installed; see above. Nothing else was "
            "changed. Check the network, then run the same command again."
        )
    for name in SETS:
        stamp(name).unlink(missing_ok=True)
    stamp(wanted).write_text(digest(wanted))


def run(command: list[str]) -> None:
    subprocess.run(command, check=True)


def ok(command: list[str]) -> bool:
    return subprocess.run(command, check=False).returncode == 0


def say(text: str) -> None:
    print(text, flush=True)


def fail(text: str) -> int:
    print(text, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "demo"))
