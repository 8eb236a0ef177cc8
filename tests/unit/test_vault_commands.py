"""`yizhan vault rotate`: a key is added whole or not at all, and a process that runs takes it up."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from shared.crypto import Sealer
from shared.crypto.ring import FileRing
from shared.settings import settings
from shared.vault_cli import vault

KEY = base64.b64encode(b"k" * 32).decode()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("vault_key", "index_key"):
        (tmp_path / name).write_text(KEY + "\n")
    monkeypatch.setenv("YIZHAN_SECRETS", str(tmp_path))
    settings.cache_clear()
    return tmp_path


def test_a_running_process_reads_the_old_and_writes_the_new(folder: Path) -> None:
    box = Sealer(FileRing(folder))
    old, mark = box.seal("张三", owner="r", field="name"), box.blind_index("phone", "1")

    added = CliRunner().invoke(vault, ["rotate", "--aes", "--after", "0", "--no-wait"])
    marked = CliRunner().invoke(vault, ["rotate", "--index", "--after", "0", "--no-wait"])
    box.ring.look(at_once=True)

    assert (json.loads(added.output.splitlines()[-1])["key"], added.exit_code, marked.exit_code) == (2, 0, 0)
    new = box.seal("张三", owner="r", field="name")
    assert (old[0], new[0], box.current.cipher) == (1, 2, "aes")
    assert box.open(old, owner="r", field="name") == box.open(new, owner="r", field="name") == "张三"
    assert box.blind_index("phone", "1") != mark and mark in box.blind_indexes("phone", "1")
    assert (folder / "vault_key").stat().st_mode & 0o077 == 0
    settings.cache_clear()


def test_a_key_for_later_opens_at_once_and_seals_only_then(folder: Path) -> None:
    CliRunner().invoke(vault, ["rotate", "--after", "600", "--no-wait"])

    ring = FileRing(folder)

    assert sorted(ring.sealing) == [1, 2] and ring.current.id == 1
    settings.cache_clear()


def test_a_key_that_became_another_is_not_taken_up_and_the_old_one_stays(folder: Path) -> None:
    box = Sealer(FileRing(folder))
    sealed = box.seal("张三", owner="r", field="name")

    (folder / "vault_key").write_text(base64.b64encode(b"x" * 32).decode())
    box.ring.look(at_once=True)

    assert box.open(sealed, owner="r", field="name") == "张三"
    settings.cache_clear()


def test_without_its_file_no_key_is_made(folder: Path) -> None:
    (folder / "vault_key").unlink()

    missing = CliRunner().invoke(vault, ["rotate", "--no-wait"])

    assert missing.exit_code == 1 and "vault_key" in missing.output
    assert not (folder / "vault_key").exists()
    settings.cache_clear()
