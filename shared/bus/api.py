"""The broker's management API: the few calls that apply and verify a topology, each safe to repeat."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

import requests


class Management:
    """`http://user:password@host:port` of one broker."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.base = f"{parts.scheme}://{parts.hostname}:{parts.port}/api"
        self.session = requests.Session()
        self.session.auth = (parts.username or "guest", parts.password or "guest")
        self.session.trust_env = False

    def get(self, *path: str) -> Any:
        """What is there, or None."""
        reply = self.session.get(self._url(path), timeout=10)
        if reply.status_code == 404:
            return None
        reply.raise_for_status()
        return reply.json()

    def put(self, *path: str, **body: Any) -> None:
        """Make it so."""
        self._send("PUT", path, body)

    def post(self, *path: str, **body: Any) -> None:
        """Add it."""
        self._send("POST", path, body)

    def delete(self, *path: str) -> None:
        """Take it away; it may be gone already."""
        reply = self.session.delete(self._url(path), timeout=10)
        if reply.status_code != 404:
            reply.raise_for_status()

    def ask(self, *path: str, **body: Any) -> Any:
        """Do it, and say what came of it."""
        return self._send("POST", path, body).json()

    def _send(self, method: str, path: tuple[str, ...], body: dict[str, Any]) -> requests.Response:
        reply = self.session.request(method, self._url(path), json=body, timeout=10)
        if reply.status_code >= 400:
            raise RuntimeError(f"{method} {'/'.join(path)}: {reply.status_code} {reply.text[:200]}")
        return reply

    def _url(self, path: tuple[str, ...]) -> str:
        return "/".join((self.base, *(quote(part, safe="") for part in path)))
