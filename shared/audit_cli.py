"""`yizhan audit`: whether every audit trail is whole, and the first place of each that is not."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from pymongo import MongoClient

from shared.audit import Break, Entry, Head, MongoTrail, read, verify
from shared.audit.anchors import Anchors
from shared.clock import now
from shared.database import open_database
from shared.settings import settings

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group()
def audit() -> None:
    """The audit trails."""


@audit.command(name="verify")
@click.option("--noted", type=FILE, help="the last line an earlier verification printed")
@click.option("--anchors", type=FOLDER, help="a folder of anchors, if not that of YIZHAN_ANCHORS")
@click.option("--chain", "only", default="", help="only the trail of this service")
def verify_all(noted: Path | None, anchors: Path | None, only: str) -> None:
    """Verify the trail of every service; fails when one is broken. The last line is JSON."""
    known = Anchors(anchors or settings().anchors)
    found = list(verified(_noted(noted) if noted else {}, known, only))
    for result in found:
        click.echo(_line(result))
    heads = [asdict(result) for result in found if isinstance(result, Head)]
    breaks = [asdict(result) for result in found if isinstance(result, Break)]
    click.echo(json.dumps({"whole": not breaks, "heads": heads, "breaks": breaks}, ensure_ascii=False))
    sys.exit(1 if breaks else 0)


@audit.command()
def anchor() -> None:
    """Write down, outside the database, where every trail ends now. The last line is JSON."""
    with MongoClient[dict[str, Any]](settings().mongo_url, tz_aware=True) as client:
        services = sorted(_services(client))
    for service in services:
        open_database(service)
    heads = {service: Anchors(settings().anchors).drop(MongoTrail(service), now()) for service in services}
    click.echo(json.dumps({"anchored": [asdict(head) for head in heads.values() if head]}))


def verified(noted: Mapping[str, Sequence[Head]], anchors: Anchors, only: str = "") -> Iterator[Head | Break]:
    """The head or the first broken place of every chain that is there or was noted."""
    with MongoClient[dict[str, Any]](settings().mongo_url, tz_aware=True) as client:
        for service in sorted(_services(client) | noted.keys() | anchors.chains()):
            if only in ("", service):
                heads = [*noted.get(service, ()), *anchors.of(service)]
                result = verify(_entries(client, service), heads)
                if result is not None:
                    yield result


def _services(client: MongoClient[dict[str, Any]]) -> set[str]:
    prefix = settings().db_prefix
    return {name.removeprefix(prefix) for name in client.list_database_names() if name.startswith(prefix)}


def _entries(client: MongoClient[dict[str, Any]], service: str) -> Iterator[Entry]:
    trail = client[settings().database(service)]["audit"]
    yield from (read(doc) for doc in trail.find({}, sort=[("_id", 1)], batch_size=5_000))


def _noted(file: Path) -> dict[str, list[Head]]:
    heads = json.loads(file.read_text().splitlines()[-1])["heads"]
    return {head["chain"]: [Head(**head)] for head in heads}


def _line(result: Head | Break) -> str:
    if isinstance(result, Break):
        return f"{result.chain}: entry {result.n} {result.why} ({result.kind})"
    return f"{result.chain}: {result.n} entries, whole"
