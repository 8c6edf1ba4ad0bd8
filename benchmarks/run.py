"""`make bench`: every measurement, one after the other."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PARTS = ("relief_spells.py", "checkin.py")


def main() -> int:
    failed = 0
    for part in PARTS:
        print(f"== {part} ==", flush=True)
        failed |= subprocess.run(
            [sys.executable, str(HERE / part)], check=False
        ).returncode
        print()
    return failed


if __name__ == "__main__":
    sys.exit(main())
