"""The papers of a case as a desk may open them: listed by intake, which keeps them, each with its own link.

Nobody waits for it: when intake does not answer in two seconds, the page says so and shows everything else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

import requests

from shared.settings import settings
from shared.tokens import service_token


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One file: what it is, how large, and where it opens."""

    kind: str
    size: int
    address: str


class Papers(Protocol):
    """The papers of a hand-over."""

    def of(self, delivery_id: str) -> Sequence[Paper] | None:
        """What there is to read; None when it cannot be said now."""


class GivenPapers:
    """Papers that are known beforehand, for tests; none unless they are given."""

    def __init__(self, papers: Sequence[Paper] | None = ()) -> None:
        self.papers = papers

    def of(self, delivery_id: str) -> Sequence[Paper] | None:
        return self.papers


class IntakePapers:
    """The papers as intake lists them for the unit that has the case."""

    def __init__(self, token: Callable[[], str] = lambda: service_token("routing")) -> None:
        self.token = token

    def of(self, delivery_id: str) -> Sequence[Paper] | None:
        url = f"{settings().url('intake')}/deliveries/{delivery_id}/files"
        try:
            reply = requests.get(url, headers={"Authorization": f"Bearer {self.token()}"}, timeout=2)
            reply.raise_for_status()
            return [_paper(one) for one in reply.json()["items"]]
        except (requests.RequestException, OSError, KeyError):
            return None


def _paper(one: dict[str, Any]) -> Paper:
    parts = urlsplit(one["address"])  # through the same front door, whatever it is called
    return Paper(kind=one["kind"], size=one["size"], address=f"{parts.path}?{parts.query}")
