"""`yizhan vault`: a new key while everything runs, how far it has come, and taking old keys away."""

from __future__ import annotations

import base64
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from pymongo import MongoClient

from shared.aggregate.rotation import NOTES
from shared.clock import now
from shared.crypto import BadKeys, read_index_keys, read_keys
from shared.crypto.ring import FileRing
from shared.key_register import KNOWN
from shared.settings import settings

READABLE_FIRST = 3  # seconds in which every process on one machine has read the new key before it seals
LOOK = 1.0


@click.group()
def vault() -> None:
    """保管库的密钥。"""


@vault.command()
@click.option("--aes", is_flag=True, help="新密钥用 AES-256-GCM；不写则用 SM4-GCM")
@click.option("--index", is_flag=True, help="换盲索引的密钥，而不是加密的密钥")
@click.option(
    "--after", default=READABLE_FIRST, show_default=True, help="多少秒后开始用新密钥写；多机部署用 120"
)
@click.option("--wait/--no-wait", default=True, help="等到全部重新加密完")
def rotate(aes: bool, index: bool, after: int, wait: bool) -> None:
    """加一把新密钥；各服务边运行边把旧内容重新加密。中断后自动接着做。"""
    file = settings().secrets / ("index_key" if index else "vault_key")
    id = _add(file, "" if index else ("aes:" if aes else "sm4:"), after)
    click.echo(f"已在 {file.name} 中加入密钥 {id}，{after} 秒后启用；旧密钥继续可读", err=True)
    while wait and not _tell(index, id):
        time.sleep(LOOK)
    click.echo(json.dumps({"file": file.name, "key": id, "done": wait}))


@vault.command()
def status() -> None:
    """每个库封存的内容用哪把密钥、重新加密到哪里。最后一行是 JSON。"""
    notes = list(_notes())
    for note in notes:
        click.echo(_line(note))
    ring = _ring()
    keys = {"sealing": sorted(ring.sealing), "index": sorted(ring.index)}
    now_used = {"key": ring.current.id, "index_key": ring.marking.id}
    left = sum(not _is_done(note, ring) for note in notes)
    failed = sum(note["failed"] for note in notes)
    click.echo(json.dumps(keys | now_used | {"rotating": left, "failed": failed}))


@vault.command()
@click.argument("key", type=int)
@click.option("--index", is_flag=True, help="盲索引的密钥")
def retire(key: int, index: bool) -> None:
    """拿掉一把旧密钥；还有内容用它，就拒绝。"""
    ring, kind = _ring(), "index" if index else "seal"
    keys = ring.index if index else ring.sealing
    current = ring.marking.id if index else ring.current.id
    if key not in keys or key == current:
        raise click.ClickException(f"密钥 {key} 不存在，或者正在使用")
    undone = [note for note in _notes() if not _is_done(note, ring) or note["failed"]]
    if undone or (len(keys) > 1 and not any(_notes())):
        raise click.ClickException("还没有全部重新加密，或者有打不开的内容；先看 yizhan vault status")
    _remove(settings().secrets / ("index_key" if index else "vault_key"), key, kind)
    click.echo(json.dumps({"retired": key, "kind": kind}))


def _ring() -> FileRing:
    try:
        return FileRing(settings().secrets)
    except BadKeys as error:
        raise click.ClickException(str(error)) from None


def _add(file: Path, cipher: str, after: int) -> int:
    """Append a key, whole or not at all. Raises ClickException when the file cannot be written."""
    ring = _ring()
    keys = ring.sealing if cipher else ring.index
    id = max(keys) + 1
    lines = [_numbered(line, cipher) for line in file.read_text().split()]
    since = int(now().timestamp()) + after
    _write(file, [*lines, f"{id}:{cipher}{base64.b64encode(os.urandom(32)).decode()}:{since}"])
    return id


def _numbered(line: str, cipher: str) -> str:
    return line if ":" in line else f"1:{'sm4:' if cipher else ''}{line}"


def _write(file: Path, lines: list[str]) -> None:
    (read_keys if file.name == "vault_key" else read_index_keys)("\n".join(lines))
    draft = file.with_name(f".{file.name}.new")
    try:
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as out:
            out.write("\n".join(lines) + "\n")
            out.flush()
            os.fsync(out.fileno())
        os.chown(draft, file.stat().st_uid, file.stat().st_gid)
        draft.replace(file)
    except OSError as error:
        said = f"不能写 {file}（{error.strerror}）：在保存密钥的地方手工加一行，各服务会自己读到"
        raise click.ClickException(said) from None


def _remove(file: Path, key: int, kind: str) -> None:
    with MongoClient[dict[str, Any]](settings().mongo_url) as client:
        for name in _databases(client):
            client[name][KNOWN].update_one({"_id": f"{kind}/{key}"}, {"$set": {"retired": True}})
    kept = [line for line in file.read_text().split() if ":" in line and not line.startswith(f"{key}:")]
    _write(file, kept)


def _databases(client: MongoClient[dict[str, Any]]) -> list[str]:
    prefix = settings().db_prefix
    return [name for name in client.list_database_names() if name.startswith(prefix)]


def _notes() -> Iterator[dict[str, Any]]:
    """How far each collection of each database has come."""
    with MongoClient[dict[str, Any]](settings().mongo_url, tz_aware=True) as client:
        for name in _databases(client):
            if any(client[name][KNOWN].find({}, limit=1)):
                yield from (note | {"database": name} for note in client[name][NOTES].find())


def _is_done(note: dict[str, Any], ring: FileRing) -> bool:
    newest = (note["key"], note["index"]) == (ring.current.id, ring.marking.id)
    return newest and note["done_at"] is not None


def _tell(index: bool, id: int) -> bool:
    """Show the progress; True when everything is sealed with the new key."""
    name = "index" if index else "key"
    notes = [note for note in _notes() if note[name] >= id]
    done = [note for note in notes if note["done_at"]]
    seen, renewed = sum(n["seen"] for n in notes), sum(n["renewed"] for n in notes)
    click.echo(f"\r{len(done)}/{len(notes)} 个集合完成，看过 {seen}，重新加密 {renewed}", err=True, nl=False)
    return bool(notes) and len(done) == len(notes) and _all_began(notes)


def _all_began(notes: list[dict[str, Any]]) -> bool:
    """Whether every database that has sealed fields has begun with the new key."""
    with MongoClient[dict[str, Any]](settings().mongo_url) as client:
        sealing = {name for name in _databases(client) if any(client[name][KNOWN].find({}, limit=1))}
    return sealing <= {note["database"] for note in notes}


def _line(note: dict[str, Any]) -> str:
    state = "完成" if note["done_at"] else f"第 {note['round']} 轮，{note['seen']}/{note['of']}"
    failed = f"，打不开 {note['failed']}" if note["failed"] else ""
    keys = f"密钥 {note['key']}，索引 {note['index']}"
    return f"{note['database']}.{note['_id']}：{keys}，{state}，重新加密 {note['renewed']}{failed}"
