"""Asks the owner of a stream for events that never came: `GET /<service>/events?subject=…&after=…`."""

from __future__ import annotations

import base64

import requests

from shared.settings import settings
from shared.tokens import service_token


def fetch_events(stream: str, sequence: str) -> list[bytes]:
    """The owner's exact events of a stream from a sequence on.

    Raises requests.RequestException when the owner does not answer in two seconds.
    """
    source, _, subject = stream.partition("|")
    owner = source.split("/")[2]
    reply = requests.get(
        f"{settings().url(owner)}/events",
        params={"subject": subject, "after": _before(sequence)},
        headers={"Authorization": f"Bearer {service_token()}"},
        timeout=2,
    )
    reply.raise_for_status()
    return [base64.b64decode(body) for body in reply.json()["events"]]


def _before(sequence: str) -> str:
    """The largest sequence that sorts before this one, so that `after` includes it."""
    version, _, index = sequence.partition(".")
    return f"{version}.{int(index) - 1:02d}" if int(index) else f"{int(version) - 1:010d}.99"
