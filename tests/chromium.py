"""A real Chromium for the tests that need one; without it they are skipped loudly.

REQUIRE_BROWSER=1 turns a missing browser into a failure. CHROMIUM names another program. The shell
without windows is the same engine at half the price, so it is taken where it is.
"""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

NAMES = (
    "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome",
    "google-chrome-stable",
)  # fmt: skip
# No address but our own is found. A page lives half a second here: code that V8 would make faster
# for it in other threads is not run often enough to pay.
ARGUMENTS = (
    "--no-sandbox",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--js-flags=--no-opt --no-maglev --single-threaded-gc",
)
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
REASON = "no Chromium on this machine"


def program() -> str | None:
    """Path of a Chromium on this machine."""
    named = os.environ.get("CHROMIUM")
    found = [shutil.which(name) for name in ([named] if named else [*NAMES, MAC])]
    return next(filter(None, found), None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests that open a page, and skip them where no browser is."""
    tests = [item for item in items if "chromium" in getattr(item, "fixturenames", ())]
    for item in tests:
        item.add_marker(pytest.mark.browser)
    if program() is None and os.environ.get("REQUIRE_BROWSER") != "1":
        for item in tests:
            item.add_marker(pytest.mark.skip(reason=REASON))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say loudly what was not run."""
    if hasattr(config, "workerinput") or program() is not None:
        return
    skipped = terminalreporter.stats.get("skipped", [])
    names = [report.nodeid for report in skipped if REASON in str(report.longrepr)]
    terminalreporter.section("NO CHROMIUM: BROWSER TESTS WERE NOT RUN", sep="!", red=True)
    terminalreporter.line(
        "Install one (Debian: apt install chromium-headless-shell) or set CHROMIUM."
    )
    for name in names:
        terminalreporter.line(f"  not run: {name}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One browser per worker; a test opens its own context or takes `page`."""
    path = program()
    if path is None:
        pytest.fail("REQUIRE_BROWSER=1 and no Chromium on this machine.")
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*ARGUMENTS])
        yield browser
        browser.close()
