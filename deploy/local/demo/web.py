"""The demo's way into the suite: public HTTP, as a browser or another system would use it.

Every request that changes something carries an Idempotency-Key, so that it can be sent again when a process
was killed before it answered: the suite then does it once.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import orjson
import urllib3

PATIENCE = 120.0  # seconds to keep asking a suite that is being killed and restarted
AGAIN = {502, 503, 504}

Token = Callable[[bool], str]
"""A token for a person; True asks for a fresh one."""


class Refusal(Exception):
    """The suite said no, with its reason."""

    def __init__(self, status: int, problem: Mapping[str, Any], where: str) -> None:
        self.status, self.code = status, str(problem.get("code", ""))
        super().__init__(
            f"{where}: {status} {self.code} {problem.get('message', '')} {problem.get('fields', '')}"
        )


class Web:
    """Requests to one running suite, from several threads."""

    def __init__(self, base: str) -> None:
        self.base = base.rstrip("/")
        self.requests = 0
        self.pool = urllib3.PoolManager(maxsize=32, timeout=30, retries=False)

    def get(self, path: str, token: Token, **query: Any) -> Any:
        """Read something."""
        return self._send("GET", path, token, fields={k: str(v) for k, v in query.items()} or None)

    def post(self, path: str, token: Token, body: Any = None) -> Any:
        """Change something, once."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
        return self._send("POST", path, token, headers, body=orjson.dumps(body or {}))

    def upload(self, path: str, token: Token, fields: Mapping[str, Any]) -> Any:
        """Send a form with a file in it."""
        return self._send("POST", path, token, fields=fields)

    def _send(
        self, method: str, path: str, token: Token, headers: Mapping[str, str] | None = None, **more: Any
    ) -> Any:
        until = time.monotonic() + PATIENCE
        fresh, pause = False, 0.05
        while True:
            reply = self._try(method, path, token(fresh), headers or {}, more)
            if reply is not None and reply.status == 401 and not fresh:
                fresh = True
                continue
            if reply is not None and reply.status not in AGAIN:
                return _body(reply, f"{method} {path}")
            if time.monotonic() > until:
                raise Refusal(reply.status if reply else 0, {"code": "no_answer"}, f"{method} {path}")
            time.sleep(pause)
            pause = min(pause * 2, 1.0)

    def _try(self, method: str, path: str, token: str, headers: Mapping[str, str], more: Any) -> Any:
        bearer = {"Authorization": f"Bearer {token}"} if token else {}
        self.requests += 1
        try:
            return self.pool.request(method, self.base + path, headers={**headers, **bearer}, **more)
        except urllib3.exceptions.HTTPError:
            return None


def _body(reply: Any, where: str) -> Any:
    kind = reply.headers.get("content-type", "")
    content = orjson.loads(reply.data) if "json" in kind and reply.data else reply.data.decode()
    if reply.status < 400:
        return content
    raise Refusal(reply.status, content if isinstance(content, dict) else {"message": content[:200]}, where)
