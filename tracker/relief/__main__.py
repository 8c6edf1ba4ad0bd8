"""`python -m tracker.relief diary.csv infusions.csv --item mood`."""

import sys

from tracker.relief.command import main

if __name__ == "__main__":
    sys.exit(main())
