"""The exact events of every aggregate, as its owner has kept them: asked over HTTP, page by page."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import requests

from services.reporting.store.names import own_token
from shared.errors import Unavailable
from shared.settings import settings

PATIENCE = 60  # seconds for one page


class Owners(Protocol):
    """Where everything that was ever told can be had again."""

    def pages(self, service: str, aggregate: str) -> Iterator[list[bytes]]:
        """All events of all aggregates of a kind, some aggregates at a time, each one's events in order."""


class HttpOwners:
    """The owners as they answer `GET /<service>/histories`."""

    def __init__(self, token: Callable[[], str] = own_token) -> None:
        self.token = token

    def pages(self, service: str, aggregate: str) -> Iterator[list[bytes]]:
        after: str | None = ""
        while after is not None:
            reply = self._ask(service, {"aggregate": aggregate, "after": after})
            yield [base64.b64decode(body) for item in reply["items"] for body in item["events"]]
            after = reply["next"]

    def _ask(self, service: str, asked: dict[str, str]) -> dict[str, Any]:
        try:
            headers = {"Authorization": f"Bearer {self.token()}"}
            reply = requests.get(
                f"{settings().url(service)}/histories", params=asked, headers=headers, timeout=PATIENCE
            )
            reply.raise_for_status()
        except requests.RequestException as error:
            raise Unavailable(f"{service} 没有应答，无法重算", code="owner_silent", owner=service) from error
        found: dict[str, Any] = reply.json()
        return found
