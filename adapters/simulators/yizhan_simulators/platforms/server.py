"""The HTTP side of a simulated platform.

GET  /healthz   which simulator this is; never to be taken for the real platform
POST /faults    {"down": true} until lifted with {}; {"fail": 2} {"lose": 1} {"twice": 1} {"recode": "99"}
POST /plant     {"path": "/rmtj/v1/aj", "key": "…", "change": {"zt": "50"}}; without change it is removed
POST /hand_out  {"id": "YY01", "row": {…}}: a citizen's appointment, a work order, an event
GET  /handed    what was handed out, and what was heard of it
"""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from yizhan_simulators.platforms.office import Office


class Server(ThreadingHTTPServer):
    """Serves one platform."""

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
            self._reply(400, f"{type(error).__name__}: {error}")
        else:
            self._answer("POST", body)

    def _answer(self, method: str, body: Any) -> None:
        try:
            self._reply(*self.server.office.answer(method, self.path, body))
        except (ValueError, KeyError, TypeError) as error:
            self._reply(400, f"{type(error).__name__}: {error}")

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
