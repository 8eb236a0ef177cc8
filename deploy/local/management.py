"""The broker's management API, as much of it as the launcher and the tests need."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

import httpx

EVERYTHING = {"configure": ".*", "write": ".*", "read": ".*"}


class Management:
    """Speaks to http://user:password@host:port; every change is a PUT or DELETE that may be repeated."""

    def __init__(self, url: str, timeout: float = 10) -> None:
        self.user = urlsplit(url).username or ""
        no_idle = httpx.Limits(max_keepalive_connections=0)  # nothing stays open between two calls
        base = url.rstrip("/") + "/api"
        self._http = httpx.Client(base_url=base, timeout=timeout, limits=no_idle, trust_env=False)

    def get(self, path: str) -> Any:
        """The decoded answer; raises httpx.HTTPError when there is none or it is a refusal."""
        return self._http.get(path).raise_for_status().json()

    def put(self, path: str, body: dict[str, object]) -> None:
        self._http.put(path, json=body).raise_for_status()

    def delete(self, path: str) -> None:
        """Deletes; what is not there is deleted already."""
        answer = self._http.delete(path)
        if answer.status_code != httpx.codes.NOT_FOUND:
            answer.raise_for_status()

    def ensure_vhost(self, name: str) -> None:
        """Creates the virtual host and lets this user do everything in it."""
        self.put(f"/vhosts/{quote(name, safe='')}", {})
        self.put(f"/permissions/{quote(name, safe='')}/{quote(self.user, safe='')}", dict(EVERYTHING))

    def delete_vhost(self, name: str) -> None:
        self.delete(f"/vhosts/{quote(name, safe='')}")
