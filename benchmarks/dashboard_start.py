"""How soon the dashboard can be used: time and bytes, cold and warm.

python -m benchmarks.dashboard_start         the demo clinic's caseload, in Chromium

From asking for the address to the first patient on the screen that can be clicked, on
loopback and over a line of 10 Mbit/s with 40 ms. Cold is a browser that has never been
here, signed in; warm has been. The least of several runs; nothing fails.
"""

import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.browser.conftest import DESKTOP, chromium, type_password
from tests.servers import Site, demo_site
from tracker.demo import people

REPEATS = 5
SLOW = {
    "offline": False,
    "latency": 40,
    "downloadThroughput": 10_000_000 / 8,
    "uploadThroughput": 10_000_000 / 8,
}


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        demo_site(Path(folder), patients=30) as site,
        chromium() as browser,
    ):
        signed_in = sign_in(site, browser)
        print(f"{'':32}{'cold s':>8}{'held to':>9}{'warm s':>8}{'held to':>9}{'MB':>7}")
        for name, line, most_cold, most_warm in (
            ("loopback", None, 1.6, None),
            ("10 Mbit/s, 40 ms", SLOW, 2.5, 0.8),
        ):
            runs = [start(site, browser, signed_in, line) for _ in range(REPEATS)]
            cold, warm, size = (min(values) for values in zip(*runs, strict=True))
            held = "" if most_warm is None else f"{most_warm}"
            print(
                f"{name:32}{cold:8.2f}{most_cold:9}{warm:8.2f}{held:>9}"
                f"{size / 1e6:7.2f} (held to 1.3)"
            )


def sign_in(site: Site, browser: Browser) -> Any:
    """What a browser keeps of a sign-in, without its store of files."""
    context = browser.new_context(viewport=DESKTOP, base_url=site.url)
    page = context.new_page()
    page.goto("/dashboard/")
    type_password(page, people.CLINICIAN_EMAIL, people.demo_password())
    page.locator(".caseload tbody tr").first.wait_for(timeout=60_000)
    kept = context.storage_state()
    context.close()
    return kept


def start(
    site: Site, browser: Browser, signed_in: Any, line: Any
) -> tuple[float, float, float]:
    """Seconds of a cold and of a warm start, and the bytes of the cold one."""
    context = browser.new_context(
        viewport=DESKTOP, base_url=site.url, storage_state=signed_in
    )
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    if line is not None:
        network.send("Network.emulateNetworkConditions", line)
    sizes: list[float] = []
    network.on(
        "Network.loadingFinished", lambda got: sizes.append(got["encodedDataLength"])
    )
    cold, size = opened(page), sum(sizes)
    page.goto("about:blank")
    warm = opened(page)
    context.close()
    return cold, warm, size


def opened(page: Page) -> float:
    began = time.perf_counter()
    page.goto("/dashboard/", wait_until="commit")
    page.locator(".caseload tbody tr a").first.click(trial=True, timeout=60_000)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
