"""The demo's way into the suite: public HTTP, as a browser or another system would use it.

Every request that changes something carries an Idempotency-Key, so that it can be sent again when a process
was killed before it answered: the suite then does it once.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

import httpx

PATIENCE = 90.0  # seconds to keep asking a suite that is being killed and restarted
AGAIN = {502, 503, 504}

Token = Callable[[bool], str]
"""A token for a person; True asks for a fresh one."""


class Refusal(Exception):
    """The suite said no, with its reason."""

    def __init__(self, status: int, code: str, message: str, where: str) -> None:
        super().__init__(f"{where}: {status} {code} {message}")
        self.status, self.code = status, code


class Web:
    """Requests to one running suite, from several threads."""

    def __init__(self, base: str) -> None:
        self.base = base.rstrip("/")
        self.requests = 0
        self._local = threading.local()

    def get(self, path: str, token: Token, **params: Any) -> Any:
        """Read something."""
        return self._send("GET", path, token, params=params)

    def post(self, path: str, token: Token, body: Any = None, **more: Any) -> Any:
        """Change something, once."""
        return self._send("POST", path, token, key=str(uuid.uuid4()), json=body or {}, **more)

    def upload(self, path: str, token: Token, files: Any, data: Any) -> Any:
        """Send a file."""
        return self._send("POST", path, token, files=files, data=data)

    def _send(self, method: str, path: str, token: Token, key: str = "", **options: Any) -> Any:
        until = time.monotonic() + PATIENCE
        fresh, pause = False, 0.05
        while True:
            reply = self._try(method, path, token(fresh), key, options)
            if reply is not None and reply.status_code == 401 and not fresh:
                fresh = True
                continue
            if reply is not None and reply.status_code not in AGAIN:
                return _body(reply, f"{method} {path}")
            if time.monotonic() > until:
                raise Refusal(reply.status_code if reply else 0, "no_answer", "没有回应", f"{method} {path}")
            time.sleep(pause)
            pause = min(pause * 2, 1.0)

    def _try(self, method: str, path: str, token: str, key: str, options: Any) -> httpx.Response | None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if key:
            headers["Idempotency-Key"] = key
        self.requests += 1
        try:
            return self._client().request(method, self.base + path, headers=headers, **options)
        except httpx.TransportError:
            return None

    def _client(self) -> httpx.Client:
        if not hasattr(self._local, "client"):
            self._local.client = httpx.Client(timeout=30, trust_env=False)
        client: httpx.Client = self._local.client
        return client


def _body(reply: httpx.Response, where: str) -> Any:
    if reply.status_code < 400:
        return reply.json() if "json" in reply.headers.get("content-type", "") else reply.text
    try:
        problem = reply.json()
    except ValueError:
        problem = {}
    raise Refusal(reply.status_code, problem.get("code", ""), str(problem)[:300], where)
