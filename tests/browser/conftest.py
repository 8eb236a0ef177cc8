"""A whole suite with nothing in it, a browser, and a page that notices what a visitor should not meet."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

from deploy.local import state
from deploy.local.home import CHECKOUT, Home

PATIENCE = 240.0  # seconds until the suite has started on a busy machine
LOOK = 30_000  # milliseconds for anything to appear on a page
SCREENS = CHECKOUT / "var" / "screens"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
"""A browser that speaks to nobody but our pages."""


@dataclass
class Visit:
    """One page and what it has met: requests to other hosts, and errors the browser complains of."""

    page: Page
    strangers: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    refusals: set[str] = field(default_factory=set)  # paths that answer a wrong form with 4xx, as they should

    def __post_init__(self) -> None:
        self.page.on("request", self._asked)
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme != "data" and address.hostname != "127.0.0.1":
            self.strangers.append(request.url)

    def _said(self, message: ConsoleMessage) -> None:
        where = urlsplit(message.location.get("url", "")).path
        refused = where in self.refusals and "status of 4" in message.text
        if message.type == "error" and not refused:
            self.complaints.append(f"{where}: {message.text}")

    def keep(self, name: str) -> None:
        """A picture of the screen, for people to look at."""
        SCREENS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENS / f"{name}.png")


@pytest.fixture
def home(request: pytest.FixtureRequest) -> Iterator[Home]:
    """A folder of this run alone; it stays when something failed."""
    home = Home(root=CHECKOUT, var=CHECKOUT / "var" / f"browser-{os.getpid()}")
    home.logs.mkdir(parents=True)
    yield home
    if not request.session.testsfailed:
        shutil.rmtree(home.var)


@pytest.fixture
def suite(home: Home) -> Iterator[state.State]:
    """The suite in its compact form, ready."""
    with _launcher(home) as launcher:
        yield _ready(home, launcher)


@contextmanager
def _launcher(home: Home) -> Iterator[subprocess.Popen[bytes]]:
    given = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("MONGO_", "AMQP_", "YIZHAN_", "URL_", "BASE_URL"))
    }
    with (home.logs / "launcher.log").open("wb") as log:
        launcher = subprocess.Popen(
            [sys.executable, "-m", "deploy.local.cli", "up"],
            cwd=home.root,
            env=given | {"YIZHAN_VAR": str(home.var)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield launcher
    finally:
        launcher.terminate()
        launcher.wait()


def _ready(home: Home, launcher: subprocess.Popen[bytes]) -> state.State:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and launcher.poll() is None:
        now = state.running(home.state)
        if now is not None and now.ready_after is not None:
            return now
        time.sleep(0.1)
    pytest.fail(f"the suite did not start:\n{(home.logs / 'launcher.log').read_text()[-2000:]}")


@pytest.fixture
def chromium() -> Path:
    """The browser's program; without it these tests fail instead of being passed over."""
    found = shutil.which("chromium")
    if found is None:
        pytest.fail("chromium is not installed: run `python3 -m deploy.local.bootstrap --for test` as root")
    return Path(found)


@pytest.fixture
def visit(chromium: Path, suite: state.State) -> Iterator[Visit]:
    """A page of a PC's usual size that knows where the suite is."""
    expect.set_options(timeout=LOOK)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=list(QUIET))
        try:
            yield _visit(browser, suite.url)
        finally:
            browser.close()


def _visit(browser: Browser, url: str) -> Visit:
    context = browser.new_context(
        base_url=url, locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1366, "height": 768}
    )
    context.set_default_timeout(LOOK)
    return Visit(context.new_page())
