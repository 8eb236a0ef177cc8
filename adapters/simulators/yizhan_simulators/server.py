"""The HTTP side of a simulated office: its own paths, and those by which a test looks and disturbs.

GET  /healthz   which simulator this is; never to be taken for the real system
GET  /records   every case and service taken in, with how often it was handed over
GET  /handed    what was handed out, and what was heard of it
POST /hand_out  {"id": "YY01", "row": {…}}: an appointment, a work order, a referral
POST /plant     {"path": "/rmtj/v1/aj", "key": "…", "change": {"zt": "50"}}; without change it is removed
POST /faults    {"next": 2, "status": 500}                 the next two calls fail, nothing is done
                {"next": 1, "status": 500, "after": true}  it is done, but the reply is lost
                {"next": 1, "hang_s": 30} slow   {"down": true} until {}   {"twice": 1}   {"recode": "99"}
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from yizhan_simulators.office import Office


class Server(ThreadingHTTPServer):
    """Serves one office."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], office: Office) -> None:
        self.offices: tuple[Office, ...] = (office,)
        super().__init__(address, _Handler)

    @property
    def office(self) -> Office:
        """The only office, or the first."""
        return self.offices[0]

    def found(self, path: str) -> tuple[Office, str]:
        """Which office a path leads to, and the rest of the path there."""
        return self.offices[0], path

    def close(self) -> None:
        """Close every office's storage."""
        for office in self.offices:
            office.close()


class Building(Server):
    """Several offices under one address: the first part of a path is the office's id."""

    def __init__(self, address: tuple[str, int], offices: Sequence[Office]) -> None:
        super().__init__(address, offices[0])
        self.offices = tuple(offices)

    def found(self, path: str) -> tuple[Office, str]:
        """The office whose id begins the path; the first one speaks for the building's own health."""
        id, slash, rest = path.removeprefix("/").partition("/")
        for office in self.offices:
            if office.shape.id == id and slash:
                return office, slash + rest
        if path == "/healthz":
            return self.offices[0], path
        raise ValueError(f"no office {id!r} here")


class _Handler(BaseHTTPRequestHandler):
    server: Server
    timeout = 30
    office: Office

    def do_GET(self) -> None:
        self._answer("GET", None)

    def do_POST(self) -> None:
        try:
            body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
        except ValueError as error:
            self.office = self.server.offices[0]
            self._reply(400, self.office.shape.refused(f"{type(error).__name__}: {error}"))
        else:
            self._answer("POST", body)

    def _answer(self, method: str, body: Any) -> None:
        self.office = self.server.offices[0]
        try:
            self.office, path = self.server.found(self.path)
            self._reply(*self.office.answer(method, path, body))
        except (ValueError, KeyError, TypeError) as error:
            self._reply(400, self.office.shape.refused(f"{type(error).__name__}: {error}"))

    def _reply(self, status: int, body: Any) -> None:
        sent = json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(sent)))
        self.send_header("X-Simulator", self.office.shape.id)
        self.end_headers()
        self.wfile.write(sent)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: whoever wants to know asks."""
