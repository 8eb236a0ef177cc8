"""`yizhan vault`: a key is added, all is sealed again, and an old key goes only when nothing needs it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from click.testing import CliRunner, Result

from services.intake import store
from services.intake.rules import sealing
from services.intake.store import Stores
from shared import crypto
from shared.settings import settings
from shared.vault_cli import vault
from tests.contracts.test_rotation import look, rotation, taken_in
from tests.servers import TestServers


@pytest.fixture
def all(servers: TestServers, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stores]:
    with servers.entered(monkeypatch):
        for cached in (crypto.sealer, store.stores):
            cached.cache_clear()
        yield store.stores()


def run(*words: str) -> Result:
    return CliRunner().invoke(vault, list(words))


def last(done: Result) -> dict[str, object]:
    said: dict[str, object] = json.loads(done.output.splitlines()[-1])
    return said


def test_an_old_key_goes_only_when_nothing_is_sealed_with_it(all: Stores) -> None:
    held = taken_in(all, 1)

    added = run("rotate", "--after", "0", "--no-wait")
    early = run("retire", "1")
    look(all)
    while rotation(all).work(5):
        pass
    standing, retired = run("status"), run("retire", "1")

    assert last(added)["key"] == 2 and (settings().secrets / "vault_key").stat().st_mode & 0o077 == 0
    assert early.exit_code == 1 and "还没有全部重新加密" in early.output
    assert {name: last(standing)[name] for name in ("key", "rotating", "failed")} == {
        "key": 2, "rotating": 0, "failed": 0,
    }  # fmt: skip
    assert retired.exit_code == 0, retired.output
    assert [line[:2] for line in (settings().secrets / "vault_key").read_text().split()] == ["2:"]
    for cached in (crypto.sealer, store.stores):
        cached.cache_clear()
    again = store.stores()
    state = again.registrations.load(held.id).state
    assert "院墙" in sealing.opened(state, "summary", again.sealer)


def test_the_key_in_use_stays_and_a_missing_file_is_said(all: Stores) -> None:
    in_use = run("retire", "1")
    (settings().secrets / "vault_key").unlink()
    missing = run("rotate", "--no-wait")

    assert in_use.exit_code == missing.exit_code == 1
    assert "正在使用" in in_use.output and "vault_key" in missing.output
    assert not (settings().secrets / "vault_key").exists()
