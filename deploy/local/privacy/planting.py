"""Leaks made on purpose, in each kind of place and in many disguises: the search must find them."""

from __future__ import annotations

import base64
import gzip
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import xlsxwriter
from pymongo import MongoClient

from deploy.local.privacy.needles import Needle
from deploy.local.privacy.places import MARK, Place


@dataclass(frozen=True)
class Plant:
    """A leak: what kind it is, under which name the search knows its place, and what was put there."""

    kind: str
    place: str
    needle: Needle


@dataclass
class Garden:
    """Plants leaks into a running suite, and takes them out again."""

    mongo_url: str
    prefix: str
    api: str
    var: Path
    chosen: dict[str, Needle]

    def __post_init__(self) -> None:
        self.undo: list[Callable[[], Any]] = []
        self.server: HTTPServer | None = None

    def plant(self) -> list[Plant]:
        """All of them."""
        return [
            self._event(), self._document(), self._outbox(), self._log(), self._access(), self._metric(),
            self._definition(), self._answer(), self._table(), self._packed(),
        ]  # fmt: skip

    def clear(self) -> None:
        """Nothing stays."""
        for undo in reversed(self.undo):
            undo()

    def _event(self) -> Plant:
        """An event with a sentence in it, in a queue."""
        needle = self.chosen["text"]
        self._queue(MARK)
        body = {
            "routing_key": MARK,
            "payload": json.dumps({"data": {"note": needle.words}}),
            "properties": {},
        }
        self._ask("POST", "/exchanges/core/amq.default/publish", body | {"payload_encoding": "string"})
        return Plant("event", f"queue/core/{MARK}", needle)

    def _metric(self) -> Plant:
        """A number in the name of a queue, which the broker's metrics name."""
        needle = self.chosen["phone"]
        self._queue(f"{MARK}_{needle.words}_")
        return Plant("metric", "metrics/broker", needle)

    def _definition(self) -> Plant:
        """A name in the arguments of an exchange."""
        needle = self.chosen["name"]
        path = f"/exchanges/core/{MARK}"
        self._ask("PUT", path, {"type": "fanout", "arguments": {"about": needle.words}})
        self.undo.append(lambda: self._ask("DELETE", path))
        return Plant("definition", "broker/definitions", needle)

    def _document(self) -> Plant:
        """A name in another service's database."""
        return self._in_database("database", "reporting", {"who": self.chosen["name"].words}, "name")

    def _outbox(self) -> Plant:
        """An identity number in base64, in an outbox."""
        words = f"id {self.chosen['id_no'].words}"
        body = base64.b64encode(words.encode()).decode()
        return self._in_database("outbox", "routing", {"outbox": [{"body": body}]}, "id_no")

    def _in_database(self, kind: str, service: str, doc: dict[str, Any], needle: str) -> Plant:
        name = f"{self.prefix}{service}"
        with MongoClient[dict[str, Any]](self.mongo_url) as client:
            client[name][MARK].insert_one(doc)
        self.undo.append(lambda: self._dropped(name))
        return Plant(kind, f"mongo/{name}.{MARK}", self.chosen[needle])

    def _dropped(self, database: str) -> None:
        with MongoClient[dict[str, Any]](self.mongo_url) as client:
            client[database].drop_collection(MARK)

    def _log(self) -> Plant:
        """A sentence in a log, escaped as JSON does it."""
        needle = self.chosen["text"]
        self._file(f"log/{MARK}.log", json.dumps({"event": f"could not save {needle.words}"}).encode())
        return Plant("log", f"log/{MARK}.log", needle)

    def _access(self) -> Plant:
        """A name in an address in an access log."""
        needle = self.chosen["name"]
        line = f'127.0.0.1 - - "GET /intake/query?who={quote(needle.words)}&page=2 HTTP/1.1" 200\n'
        self._file(f"log/{MARK}_access.log", line.encode())
        return Plant("url", f"log/{MARK}_access.log", needle)

    def _table(self) -> Plant:
        """An address in a spreadsheet."""
        needle, path = self.chosen["address"], self._file(f"{MARK}.xlsx", b"")
        with xlsxwriter.Workbook(str(path)) as book:
            book.add_worksheet().write(0, 0, f"住在{needle.words}")
        return Plant("spreadsheet", f"file/{MARK}.xlsx", needle)

    def _packed(self) -> Plant:
        """A sentence in a compressed file, in the character set of an old system."""
        needle = self.chosen["text"]
        self._file(f"{MARK}.csv.gz", gzip.compress(f"编号,内容\n1,{needle.words}\n".encode("gb18030")))
        return Plant("compressed", f"file/{MARK}.csv.gz", needle)

    def _answer(self) -> Plant:
        """An error message that says back what it was given."""
        needle = self.chosen["phone"]
        page = f'{{"code":"invalid","message":"{needle.words} is not a valid phone"}}'.encode()
        self.server = HTTPServer(("127.0.0.1", 0), _saying(page))
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.undo.append(self.server.shutdown)
        return Plant("error", "answer/planted", needle)

    def answers(self) -> Iterator[Place]:
        """The error message, as it is answered."""
        if self.server:
            address = f"http://127.0.0.1:{self.server.server_port}/"
            yield Place("answer/planted", lambda: iter([httpx.get(address, trust_env=False).content]))

    def _file(self, name: str, content: bytes) -> Path:
        path = self.var / name
        path.write_bytes(content)
        self.undo.append(path.unlink)
        return path

    def _queue(self, name: str) -> None:
        path = f"/queues/core/{quote(name, safe='')}"
        self._ask("PUT", path, {"durable": True, "auto_delete": False})
        self.undo.append(lambda: self._ask("DELETE", path))

    def _ask(self, method: str, path: str, body: Any = None) -> None:
        address = f"{self.api}/api{path}"
        httpx.request(method, address, json=body, timeout=30, trust_env=False).raise_for_status()


def _saying(page: bytes) -> type[BaseHTTPRequestHandler]:
    class Saying(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the library's name
            self.send_response(422)
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    return Saying


@contextmanager
def planted(garden: Garden) -> Iterator[list[Plant]]:
    """The leaks, as long as this lasts."""
    try:
        yield garden.plant()
    finally:
        garden.clear()
