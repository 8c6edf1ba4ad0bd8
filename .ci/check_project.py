"""Rules of the project that no linter knows."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = [
    *sorted((ROOT / "requirements").glob("*.txt")),
    ROOT / "pwa" / "package-lock.json",
]
DEPENDENCY = re.compile(r'^\s+"[A-Za-z][\w.-]*(\[[\w,]+\])?\s*([<>=~!].*)?",?$')
IN_LISTS = re.compile(r"^(dependencies|build|test|check) = \[$")


def main() -> int:
    problems = [*hosts_in_locks(), *unexplained_dependencies(), *stale_schema()]
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def hosts_in_locks() -> Iterator[str]:
    for path in LOCKS:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            # A package's home page is no place to download from.
            if "://" in line and '"url":' not in line:
                yield f"{path.relative_to(ROOT)}:{number} names a host: {line.strip()}"


def unexplained_dependencies() -> Iterator[str]:
    inside, before = False, ""
    for line in (ROOT / "pyproject.toml").read_text().splitlines():
        if IN_LISTS.match(line):
            inside = True
        elif line.startswith("]"):
            inside = False
        elif inside and DEPENDENCY.match(line) and not before.strip().startswith("#"):
            yield f"pyproject.toml: say what {line.strip()} is for"
        before = line


def stale_schema() -> Iterator[str]:
    fresh = subprocess.run(
        [sys.executable, "manage.py", "spectacular", "--validate", "--fail-on-warn"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if fresh.returncode:
        yield fresh.stderr
    elif fresh.stdout.strip() != (ROOT / "api" / "openapi.yaml").read_text().strip():
        yield "api/openapi.yaml is older than the API; run make schema"


if __name__ == "__main__":
    sys.exit(main())
