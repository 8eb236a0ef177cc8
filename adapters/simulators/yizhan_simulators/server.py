"""The HTTP side of every simulator: its department's paths, and those by which a test looks and disturbs.

GET  /healthz    {"simulator": "court", "records": 3}
GET  /records    every record, with how often it was handed over
POST /faults     {"next": 2, "status": 500}                 the next two calls fail, nothing is done
                 {"next": 1, "status": 500, "after": true}  it is done, but the reply is lost
                 {"next": 1, "hang_s": 30}                  it is slow
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import Any
from urllib.parse import parse_qs, urlsplit

from yizhan_simulators.ledger import Ledger

Reply = tuple[int, Any]
View = Callable[[Ledger, Mapping[str, str], Any], Reply]  # ledger, words of path and query, body


@dataclass(frozen=True, kw_only=True)
class Simulator:
    """One simulated back office: its name and the paths it answers."""

    id: str
    title: str
    views: Mapping[tuple[str, str], View]  # (method, pattern of the path)
    refused: Callable[[str], Any]  # the department's own way to say no


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A disturbance of the next calls."""

    next: int
    status: int = 0
    after: bool = False
    hang_s: float = 0.0


class Faults:
    """The disturbance that is on, counted down call by call."""

    def __init__(self) -> None:
        self._fault, self._lock = Fault(next=0), Lock()

    def order(self, fault: Fault) -> None:
        """Disturb the next calls; next=0 ends it."""
        with self._lock:
            self._fault = fault

    def draw(self) -> Fault | None:
        """The disturbance of this call, if any."""
        with self._lock:
            fault = self._fault
            if not fault.next:
                return None
            self._fault = Fault(**(asdict(fault) | {"next": fault.next - 1}))
            return fault


class Server(ThreadingHTTPServer):
    """Serves one simulator."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], simulator: Simulator, ledger: Ledger) -> None:
        self.simulator, self.ledger, self.faults = simulator, ledger, Faults()
        super().__init__(address, _Handler)

    def answer(self, method: str, path: str, body: Any) -> Reply:
        """What the simulator says to a request."""
        if (method, path) == ("GET", "/healthz"):
            return 200, {"simulator": self.simulator.id, "records": len(self.ledger.all())}
        if (method, path) == ("GET", "/records"):
            return 200, {
                "simulator": self.simulator.id,
                "records": [asdict(one) for one in self.ledger.all()],
            }
        if (method, path) == ("POST", "/faults"):
            self.faults.order(Fault(**body))
            return 200, {"simulator": self.simulator.id}
        return self._disturbed(method, path, body)

    def _disturbed(self, method: str, path: str, body: Any) -> Reply:
        fault = self.faults.draw()
        if fault is None:
            return self._department(method, path, body)
        time.sleep(fault.hang_s)
        done = self._department(method, path, body) if fault.after or not fault.status else None
        return (
            (fault.status, self.simulator.refused("simulated fault")) if fault.status else done or (500, {})
        )

    def _department(self, method: str, path: str, body: Any) -> Reply:
        at = urlsplit(path)
        query = {name: values[-1] for name, values in parse_qs(at.query).items()}
        for (verb, pattern), view in self.simulator.views.items():
            found = re.fullmatch(pattern, at.path)
            if found and verb == method:
                return view(self.ledger, found.groupdict() | query, body)
        return 404, self.simulator.refused("no such path")


class _Handler(BaseHTTPRequestHandler):
    server: Server
    timeout = 30

    def do_GET(self) -> None:
        self._reply(*self.server.answer("GET", self.path, None))

    def do_POST(self) -> None:
        try:
            body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
            self._reply(*self.server.answer("POST", self.path, body))
        except (ValueError, KeyError, TypeError) as error:
            self._reply(400, self.server.simulator.refused(f"{type(error).__name__}: {error}"))

    def _reply(self, status: int, body: Any) -> None:
        sent = json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(sent)))
        self.send_header("X-Simulator", self.server.simulator.id)
        self.end_headers()
        self.wfile.write(sent)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: whoever wants to know asks /records."""
