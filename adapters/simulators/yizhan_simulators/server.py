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
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from yizhan_simulators.office import Office


class Server(ThreadingHTTPServer):
    """Serves one office."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], office: Office) -> None:
        self.office = office
        super().__init__(address, _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: Server
    timeout = 30

    def do_GET(self) -> None:
        self._answer("GET", None)

    def do_POST(self) -> None:
        try:
            body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
        except ValueError as error:
            self._reply(400, self.server.office.shape.refused(f"{type(error).__name__}: {error}"))
        else:
            self._answer("POST", body)

    def _answer(self, method: str, body: Any) -> None:
        try:
            self._reply(*self.server.office.answer(method, self.path, body))
        except (ValueError, KeyError, TypeError) as error:
            self._reply(400, self.server.office.shape.refused(f"{type(error).__name__}: {error}"))

    def _reply(self, status: int, body: Any) -> None:
        sent = json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(sent)))
        self.send_header("X-Simulator", self.server.office.shape.id)
        self.end_headers()
        self.wfile.write(sent)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: whoever wants to know asks."""
