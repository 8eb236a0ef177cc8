"""Proving who one is, in a real browser with a key of its own: by keyboard, in Chinese, on identity alone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyotp
import pytest
from flask import Flask, Response
from playwright.sync_api import Page, expect, sync_playwright
from werkzeug.serving import make_server

from services.identity.api import create_app
from shared.clock import real
from shared.settings import settings
from shared.web.access import public
from tests.api.identity_door import Machines, house
from tests.api.identity_house import LI, PASSWORD, House
from tests.browser.conftest import LOOK, QUIET, SCREENS
from tests.signing import secrets_folder


@pytest.fixture
def county() -> House:
    """Identity in memory, at the present time, where a clerk's account works on registered machines only."""
    secrets_folder()
    found = house(machines=Machines(required_for=("clerk",)))
    found.now = real()
    found.stores.credentials.set_password(LI, _kept(found), must_change=False, at=found.now)
    return found


def _kept(found: House) -> str:
    kept = found.stores.credentials.find(LI)
    assert kept is not None
    return kept.password


@pytest.fixture
def address(county: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Identity on a port of its own, under the name that browsers keep keys for."""
    app = create_app(county.stores)
    _home(app)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    where = f"http://localhost:{server.server_port}"
    monkeypatch.setenv("YIZHAN_ORIGINS", where)
    settings.cache_clear()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield where
    server.shutdown()
    monkeypatch.undo()
    settings.cache_clear()


def _home(app: Flask) -> None:
    """Where people go after signing in: another service's page, which is not there."""

    def board() -> Response:
        return Response("<h1>指挥室</h1>", mimetype="text/html")

    app.add_url_rule("/reporting/board", "board", public(board))


@pytest.fixture
def page(chromium: Path, address: str) -> Iterator[Page]:
    """A browser with an authenticator built in."""
    expect.set_options(timeout=LOOK)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=list(QUIET))
        context = browser.new_context(
            base_url=address, locale="zh-CN", viewport={"width": 1366, "height": 900}
        )
        found = context.new_page()
        _built_in_key(found)
        yield found
        browser.close()


def _built_in_key(page: Page) -> None:
    devtools: Any = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_in(page: Page) -> None:
    page.goto("/identity/sign-in")
    page.keyboard.type("li.mei")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")


def keep(page: Page, name: str) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENS / f"{name}.png", full_page=True)


@pytest.mark.requirement("XS-01")
def test_a_machine_is_registered_proves_the_person_and_a_code_does_so_too(page: Page, county: House) -> None:
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))

    sign_in(page)
    expect(page.get_by_role("alert")).to_contain_text("请先登记第二重验证或本机")
    page.get_by_label("给这台机器起个名字").fill("二号窗口")
    page.keyboard.press("Enter")
    machines = page.get_by_role("table", name="登记的机器")
    expect(machines).to_contain_text("二号窗口")
    expect(machines).to_contain_text("在用")
    keep(page, "security")

    page.get_by_role("button", name="退出").click()
    sign_in(page)
    expect(page.get_by_role("button", name="用本机验证")).to_be_focused()
    keep(page, "second-step")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="指挥室")).to_be_visible()

    page.goto("/identity/security")
    expect(page.get_by_role("table", name="登录记录")).to_contain_text("这一次")
    secret = enrol(page, county)
    page.get_by_role("button", name="退出").click()
    (machine,) = county.stores.devices.of(LI)
    assert machine.state.state == "active"
    assert pyotp.TOTP(secret).verify(pyotp.TOTP(secret).now())
    assert complaints == []


def enrol(page: Page, county: House) -> str:
    """An authenticator, and its sheet of codes."""
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    secret = page.locator("code").inner_text()
    expect(page.get_by_alt_text("给验证器扫描的方形码")).to_be_visible()
    page.get_by_label("验证码").fill("000000")
    page.keyboard.press("Enter")
    expect(page.get_by_text("不正确，请看手机上现在的六位数字")).to_be_visible()
    page.get_by_label("验证码").fill(pyotp.TOTP(secret).at(county.now))
    page.keyboard.press("Enter")
    expect(page.get_by_role("list", name="备用码").get_by_role("listitem")).to_have_count(10)
    keep(page, "recovery-codes")
    page.get_by_role("link", name="已经收好").click()
    expect(page.get_by_text("已启用验证器，还剩 10 个备用码。")).to_be_visible()
    return secret
