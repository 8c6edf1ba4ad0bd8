"""`make bench`: every measurement, one after the other."""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PARTS = (
    "relief_spells.py",
    "relief_estimates.py",
    "relief_model.py",
    "npmle.py",
    "checkin.py",
    "dashboard.py",
)
# The figures are those of one core; sites run their workers so too.
ONE_CORE = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}


def main() -> int:
    failed = 0
    for part in PARTS:
        print(f"== {part} ==", flush=True)
        failed |= subprocess.run(
            [sys.executable, str(HERE / part)], check=False, env=ONE_CORE
        ).returncode
        print()
    return failed


if __name__ == "__main__":
    sys.exit(main())
