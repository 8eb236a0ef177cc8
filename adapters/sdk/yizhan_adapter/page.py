"""The adapter's small page, for whoever minds processes: does it live, is it connected, what waits for it.

GET /healthz   200 while the link's loop turns
GET /readyz    200 while there is a connection to the broker and the store answers
GET /metrics   the same in figures, and what the heartbeat says
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any, Protocol

from yizhan_adapter.errors import Misconfigured

Burden = Callable[[float], tuple[int, int]]


class Linked(Protocol):
    """What is asked of the link."""

    connection: Any
    alive: float


@dataclass(frozen=True, kw_only=True)
class Page:
    """What the page says; `burden` is asked in the page's own thread."""

    department: str
    link: Linked
    burden: Burden
    silence: float
    clock: Callable[[], float] = time.monotonic

    def answer(self, path: str) -> tuple[int, str]:
        """Status and text for a path."""
        if path == "/healthz":
            return (200, "live\n") if self._lives() else (503, "the link's loop stands still\n")
        if path == "/readyz":
            return (200, "ready\n") if self._connected() and self._waiting() else (503, "not connected\n")
        if path == "/metrics":
            return 200, self._figures()
        return 404, "no such page\n"

    def _lives(self) -> bool:
        return self.clock() - self.link.alive < self.silence

    def _connected(self) -> bool:
        return self.link.connection is not None

    def _waiting(self) -> tuple[int, int] | None:
        try:
            return self.burden(time.time())
        except sqlite3.Error:
            return None

    def _figures(self) -> str:
        waiting = self._waiting()
        figures = {
            "connected": int(self._connected()),
            "store_answers": int(waiting is not None),
            "in_flight": waiting[0] if waiting else 0,
            "oldest_seconds": waiting[1] if waiting else 0,
        }
        lines = [
            f"# TYPE yizhan_adapter_{name} gauge\n"
            f'yizhan_adapter_{name}{{department="{self.department}"}} {value}\n'
            for name, value in figures.items()
        ]
        return "".join(lines)


class Pages:
    """One page for several adapters in one process: well when all are, figures of each."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self.pages = pages

    def answer(self, path: str) -> tuple[int, str]:
        """Status and text for a path."""
        found = [page.answer(path) for page in self.pages]
        texts = [text for _, text in found] if path == "/metrics" else [max(found)[1]]
        return max(status for status, _ in found), "".join(_declared_once(texts))


def _declared_once(texts: Iterable[str]) -> Iterator[str]:
    """The lines of several texts, each declaration before its first figure only."""
    known: set[str] = set()
    for line in (line for text in texts for line in text.splitlines(keepends=True)):
        if not line.startswith("#") or line not in known:
            yield line
        known.add(line)


def serve(bind: str, page: Page | Pages) -> HTTPServer:
    """Answer at `host:port` from now on, beside the work; raises Misconfigured when that cannot be had."""
    host, _, port = bind.rpartition(":")
    try:
        server = HTTPServer((host, int(port)), _handler(page))
    except (OSError, ValueError, OverflowError) as error:
        raise Misconfigured(f"cannot listen at {bind!r}: {error}") from error
    Thread(target=server.serve_forever, name="page", daemon=True).start()
    return server


def _handler(page: Page | Pages) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 5

        def do_GET(self) -> None:
            status, text = page.answer(self.path.partition("?")[0])
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: probes come every few seconds."""

    return Handler
