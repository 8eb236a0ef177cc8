"""`yizhan audit verify`: whether every audit trail is whole, and the first link that is not."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from pymongo import MongoClient

from shared.audit import Break, Entry, Head, read, verify
from shared.settings import settings


@click.group()
def audit() -> None:
    """The audit trails."""


@audit.command(name="verify")
@click.option(
    "--noted",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="the last line an earlier verification printed: shows whether an end was cut off since",
)
def verify_all(noted: Path | None) -> None:
    """Verify the trail of every service; fails when one is broken. The last line is JSON."""
    found = list(verified(_noted(noted) if noted else {}))
    for result in found:
        click.echo(_line(result))
    heads = [asdict(result) for result in found if isinstance(result, Head)]
    breaks = [asdict(result) for result in found if isinstance(result, Break)]
    click.echo(json.dumps({"whole": not breaks, "heads": heads, "breaks": breaks}, ensure_ascii=False))
    sys.exit(1 if breaks else 0)


def verified(noted: dict[str, Head]) -> Iterator[Head | Break]:
    """The head or the first broken link of every chain that is there or was noted."""
    with MongoClient[dict[str, Any]](settings().mongo_url, tz_aware=True) as client:
        prefix = settings().db_prefix
        services = {
            name.removeprefix(prefix) for name in client.list_database_names() if name.startswith(prefix)
        }
        for service in sorted(services | noted.keys()):
            result = verify(_entries(client, service), noted.get(service))
            if result is not None:
                yield result


def _entries(client: MongoClient[dict[str, Any]], service: str) -> Iterator[Entry]:
    trail = client[settings().database(service)]["audit"]
    yield from (read(doc) for doc in trail.find({}, sort=[("_id", 1)]))


def _noted(file: Path) -> dict[str, Head]:
    heads = json.loads(file.read_text().splitlines()[-1])["heads"]
    return {head["chain"]: Head(**head) for head in heads}


def _line(result: Head | Break) -> str:
    if isinstance(result, Break):
        return f"{result.chain}: entry {result.n} {result.why}"
    return f"{result.chain}: {result.n} entries, whole"
