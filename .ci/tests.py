"""Run every test this machine can run, and say which ones it cannot.

python .ci/tests.py           all of them
python .ci/tests.py quick     SQLite only, no browser
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import postgres

ROOT = Path(__file__).resolve().parent.parent
PYTHON = str(ROOT / ".venv" / "bin" / "python")
NODE_FOLDER = str(ROOT / ".venv" / "bin")
# What audits.py ends with then.
NOT_FETCHED = 77
ON_CI = os.environ.get("CI", "") not in {"", "0", "false"}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main(arguments: list[str]) -> int:
    quick = arguments[:1] == ["quick"]
    environment = {
        **os.environ,
        "PATH": f"{NODE_FOLDER}{os.pathsep}{os.environ['PATH']}",
    }
    environment.pop("RESPITE_DATABASE_URL", None)
    left_out: list[str] = []
    failed: list[str] = []

    if not quick:
        environment |= bring_browser(left_out)
        step(
            "phone app",
            ["npm", "test", "--prefix", str(ROOT / "pwa")],
            environment,
            failed,
        )
    pytest = [PYTHON, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile"]
    where = ["-m", "not browser"] if quick or "CHROMIUM" not in environment else []
    step("tests on SQLite", [*pytest, *where], environment, failed)
    if "CHROMIUM" in environment:
        audits(environment, failed)
    if not quick:
        on_postgresql(pytest, environment, left_out, failed)
    return report(left_out, failed)


def on_postgresql(
    pytest: list[str],
    environment: dict[str, str],
    left_out: list[str],
    failed: list[str],
) -> None:
    reason = postgres.can_start()
    if reason:
        left_out.append(f"The tests on PostgreSQL: {reason}.")
        return
    with postgres.server() as url:
        # What touches no database, or only the browser, ran above.
        step(
            "tests on PostgreSQL",
            [*pytest, "-m", "not browser", "tests/integration", "tests/unit"],
            environment | {"RESPITE_DATABASE_URL": url},
            failed,
        )


def audits(environment: dict[str, str], failed: list[str]) -> None:
    """Lighthouse; a machine that cannot fetch it still tests everything of ours."""
    print("\n== audits ==", flush=True)
    # It signs in as the browser tests do: `tests` is the project's folder for it, and
    # not this file, which would come first without -P.
    done = subprocess.run(
        [PYTHON, "-P", ".ci/audits.py"],
        cwd=ROOT,
        env=environment | {"PYTHONPATH": str(ROOT)},
        check=False,
    )
    if done.returncode == NOT_FETCHED:
        print("NOT RUN  Lighthouse could not be fetched.", flush=True)
    elif done.returncode:
        failed.append("audits")


def bring_browser(left_out: list[str]) -> dict[str, str]:
    """Where Chromium is, after bringing one if need be."""
    found = find_browser()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium with apt-get ...", flush=True)
        run(["apt-get", "update", "-qq"])
        run(
            [
                "apt-get",
                "install",
                "-y",
                "-qq",
                "-o",
                "DPkg::Lock::Timeout=600",
                "chromium",
            ]
        )
        found = find_browser()
    if found is None:
        print("Downloading a Chromium for the browser tests ...", flush=True)
        run([PYTHON, "-m", "playwright", "install", "chromium"])
        found = find_browser()
    if found is None:
        left_out.append(
            "The browser tests: there is no Chromium and none could be brought. "
            "Install one (apt-get install chromium) or set CHROMIUM to its path."
        )
        return {}
    return {"CHROMIUM": found}


def find_browser() -> str | None:
    if os.environ.get("CHROMIUM"):
        return os.environ["CHROMIUM"]
    for name in BROWSERS:
        path = shutil.which(name)
        if path:
            return path
    downloads = Path.home() / ".cache" / "ms-playwright"
    own = sorted(downloads.glob("chromium-*/chrome-linux*/chrome"))
    return str(own[-1]) if own else None


def step(
    name: str, command: list[str], environment: dict[str, str], failed: list[str]
) -> None:
    print(f"\n== {name} ==", flush=True)
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False)
    if done.returncode:
        failed.append(name)


def run(command: list[str]) -> None:
    subprocess.run(command, check=False)


def report(left_out: list[str], failed: list[str]) -> int:
    print("\n== what ran ==")
    for line in left_out:
        print(f"NOT RUN  {line}")
    for name in failed:
        print(f"FAILED   {name}")
    if not left_out and not failed:
        print("Everything ran and passed, on SQLite, PostgreSQL and in Chromium.")
    if left_out and ON_CI:
        print("On CI nothing may be left out.")
        return 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
