"""Everywhere that something is left behind: databases, queues, definitions, metrics, files and logs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from deploy.local.privacy.disguises import table_of

MARK = "privacy_planted"  # the name of everything planted
BATCH = 2_000
PIECE, OVERLAP = 8 * 1024 * 1024, 4_096
_RAW = CodecOptions(document_class=RawBSONDocument)

Pieces = Iterator[bytes]


@dataclass(frozen=True)
class Place:
    """One place by its name, and how to read it."""

    name: str
    read: Callable[[], Pieces]


def databases(url: str) -> Iterator[Place]:
    """Every collection of every database, the server's own log of changes included."""
    with MongoClient[dict[str, Any]](url) as client:
        for database in client.list_database_names():
            for name in sorted(client[database].list_collection_names()):
                yield Place(f"mongo/{database}.{name}", lambda d=database, n=name: _documents(url, d, n))  # type: ignore[misc]


def _documents(url: str, database: str, name: str) -> Pieces:
    """All documents, some thousand at a time; of the log of changes all but what earlier runs planted."""
    but = {"ns": {"$not": {"$regex": f"{MARK}$"}}} if name == "oplog.rs" else {}
    with MongoClient[dict[str, Any]](url) as client, suppress(OperationFailure):  # some of its own are closed
        collection = client[database].get_collection(name, codec_options=_RAW)
        found = iter(collection.find(but, batch_size=BATCH))
        while some := [doc.raw for doc in islice(found, BATCH)]:
            yield b"".join(some)


@dataclass(frozen=True)
class Broker:
    """The broker by the address of its management API."""

    api: str

    def get(self, path: str) -> Any:
        """What the management API says."""
        return httpx.get(self.api + path, timeout=30, trust_env=False).raise_for_status().json()

    def places(self) -> Iterator[Place]:
        """All that is defined, and every queue with what waits in it."""
        yield Place("broker/definitions", lambda: iter([json.dumps(self.get("/api/definitions")).encode()]))
        yield Place("broker/queues", lambda: iter([json.dumps(self.get("/api/queues")).encode()]))
        for queue in self.get("/api/queues"):
            vhost, name = queue["vhost"], queue["name"]
            yield Place(f"queue/{vhost}/{name}", lambda v=vhost, n=name: self.messages(v, n))  # type: ignore[misc]

    def messages(self, vhost: str, queue: str) -> Pieces:
        """Every message of a queue, looked at and put back, headers too."""
        ask = {"count": 100_000, "ackmode": "ack_requeue_true", "encoding": "auto"}
        address = f"{self.api}/api/queues/{quote(vhost, safe='')}/{quote(queue, safe='')}/get"
        for message in httpx.post(address, json=ask, timeout=60, trust_env=False).raise_for_status().json():
            yield json.dumps(message, ensure_ascii=False).encode()
            yield str(message["payload"]).encode()


def pages(addresses: dict[str, str]) -> Iterator[Place]:
    """What every process and the broker show of themselves."""
    for name, address in addresses.items():
        yield Place(f"metrics/{name}", lambda a=address: iter([_page(a)]))  # type: ignore[misc]


def _page(address: str) -> bytes:
    with suppress(httpx.HTTPError):
        return httpx.get(address, timeout=10, trust_env=False).content
    return b""


def files(folder: Path, *, without: tuple[str, ...]) -> Iterator[Place]:
    """Every file below a folder but those under the given names."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not path.is_symlink() and not name.startswith(without):
            kind = "" if name.startswith("log/") else "file/"
            yield Place(f"{kind}{name}", lambda p=path: _content(p))  # type: ignore[misc]


def _content(path: Path) -> Pieces:
    with suppress(OSError):
        with path.open("rb") as file:
            before = b""
            while piece := file.read(PIECE):
                yield before + piece
                before = piece[-OVERLAP:]
        if path.suffix == ".sqlite":
            yield from table_of(path)
