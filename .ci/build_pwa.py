"""Build the phone app, unless what is built is newer than what it is made of."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PWA = ROOT / "pwa"
BUILT = PWA / "dist" / "index.html"
SQUEEZED = PWA / "dist-dashboard" / "plotly-cartesian.min.js.br"
INSTALLED = PWA / "node_modules" / ".package-lock.json"


def main() -> int:
    environment = {
        # As pip does: some networks have a certificate of their own.
        "NODE_USE_SYSTEM_CA": "1",
        **os.environ,
        "PATH": f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}",
    }
    if not newer(INSTALLED, [PWA / "package-lock.json"]):
        print("Installing what the phone app is built with ...", flush=True)
        if call(["npm", "ci", "--no-audit", "--no-fund"], environment):
            return 1
        INSTALLED.touch()
    if newer(BUILT, sources()) and SQUEEZED.exists():
        return 0
    print("Building the phone app ...", flush=True)
    if call(["npm", "run", "--silent", "build"], environment):
        return 1
    # Squeezed once here, not at each request: a phone fetches a third of it.
    return max(
        call(
            [sys.executable, "-m", "whitenoise.compress", "--quiet", str(folder)],
            environment,
        )
        for folder in (PWA / "dist", SQUEEZED.parent)
    )


def sources() -> list[Path]:
    top = [path for path in PWA.iterdir() if path.is_file()]
    inner = [
        path
        for folder in ("src", "public", "scripts")
        for path in (PWA / folder).rglob("*")
        if path.is_file() and path.name != "schema.d.ts"
    ]
    return [*top, *inner, ROOT / "api" / "openapi.yaml"]


def newer(product: Path, parts: list[Path]) -> bool:
    if not product.exists():
        return False
    made = product.stat().st_mtime
    return all(part.stat().st_mtime <= made for part in parts)


def call(command: list[str], environment: dict[str, str]) -> int:
    return subprocess.run(command, cwd=PWA, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
