"""Other people's software on the same data, where it is installed.

R is found on the path. lifelines does not live with the pandas of the project, so it
has an environment of its own, `.peers/` or the one `RESPITE_PEERS` names:

    python3 -m venv .peers && .peers/bin/pip install lifelines==0.30.3
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
REPEATS = 3


def lifelines() -> list[str] | None:
    """The command that runs Python with lifelines, or None."""
    folder = Path(os.environ.get("RESPITE_PEERS", ROOT / ".peers"))
    python = folder / "bin" / "python"
    return (
        [str(python)]
        if python.exists() and _runs([str(python), "-c", "import lifelines"])
        else None
    )


def rscript(package: str) -> list[str] | None:
    """The command that runs R with a package, or None."""
    program = shutil.which("Rscript")
    if program and _runs([program, "-e", f"library({package})"]):
        return [program]
    return None


def ask(
    command: list[str], script: str, repeats: int = REPEATS, **arrays: np.ndarray
) -> list[float]:
    """What a peer's script prints of some arrays of whole numbers: seconds first."""
    with tempfile.TemporaryDirectory() as folder:
        for name, values in arrays.items():
            finite = np.where(np.isfinite(values), values, -1)
            finite.astype("<i4").tofile(Path(folder) / f"{name}.bin")
        done = subprocess.run(
            [*command, str(HERE / script), folder, str(repeats)],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
    return [float(value) for value in done.stdout.split()]


def _runs(command: list[str]) -> bool:
    return subprocess.run(command, check=False, capture_output=True).returncode == 0
