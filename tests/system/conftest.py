"""A real browser against a real server. One Chromium a run, a fresh context a test."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Playwright

from tests.system.walk import Walker

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
CHROMIUM = Path(os.environ.get("EBOK_CHROMIUM", "/usr/bin/chromium"))
REQUIRED = os.environ.get("EBOK_REQUIRE_BROWSER") == "1"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Debian's Chromium; without it the tests are skipped, or fail where a browser is required."""
    try:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    except Error as error:
        said = f"Chromium did not start from {CHROMIUM}: {error.message.splitlines()[0]}"
        if REQUIRED:
            pytest.fail(said)
        sys.stderr.write(f"Browser tests skipped: {said}\n")
        pytest.skip(said)
    yield started
    started.close()


@pytest.fixture
def walker(browser: Browser, live_server) -> Iterator[Walker]:
    """Opens pages of the running server and judges them."""
    walking = Walker(browser=browser, address=live_server.url.replace("127.0.0.1", "localhost"))
    yield walking
    walking.close()
