"""What regions are called: asked of grid now and then, because a name is not told in events.

Nobody waits for it: when grid does not answer in two seconds, codes are shown and grid is asked again later.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import requests

from shared.settings import settings
from shared.tokens import service_token

KEEP, AGAIN = 600.0, 30.0  # seconds until names are asked for again, after an answer and after none


def own_token() -> str:
    """The token by which others know that reporting asks."""
    return service_token("reporting")


class Names(Protocol):
    """What regions are called."""

    def under(self, region: str) -> Mapping[str, str]:
        """Code -> name of the regions of a subtree, as far as they are known."""


class GridNames:
    """The names as grid has them."""

    def __init__(self, token: Callable[[], str] = own_token) -> None:
        self.token = token
        self.known: dict[str, tuple[float, dict[str, str]]] = {}

    def under(self, region: str) -> Mapping[str, str]:
        until, names = self.known.get(region, (0.0, {}))
        if time.monotonic() < until:
            return names
        found = self._ask(region)
        self.known[region] = time.monotonic() + (KEEP if found else AGAIN), found or names
        return self.known[region][1]

    def _ask(self, region: str) -> dict[str, str]:
        found: dict[str, str] = {}
        after: str | None = ""
        try:
            while after is not None:
                page = self._page(region, after)
                found |= {item["id"]: item["name"] for item in page["items"]}
                after = page["next"]
        except (requests.RequestException, OSError):
            return found
        return found

    def _page(self, region: str, after: str) -> dict[str, Any]:
        reply = requests.get(
            f"{settings().url('grid')}/regions",
            params={"under": region, "limit": "500", "after": after},
            headers={"Authorization": f"Bearer {self.token()}"},
            timeout=2,
        )
        reply.raise_for_status()
        page: dict[str, Any] = reply.json()
        return page


class GivenNames:
    """Names that are known beforehand, for tests."""

    def __init__(self, names: Mapping[str, str] | None = None) -> None:
        self.names = dict(names or {})

    def under(self, region: str) -> Mapping[str, str]:
        return {code: name for code, name in self.names.items() if code.startswith(region)}
