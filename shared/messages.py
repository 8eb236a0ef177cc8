"""Short messages out of the suite: to a provider's gateway, or into a file that stands for it in a trial.

Whoever sends names an id: the same message may be sent twice after a crash, and a gateway drops the second.
No message carries a name, and no event carries a number or a text.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import requests

from shared.settings import settings

TIMEOUT = 5.0


class NotSent(Exception):
    """The gateway did not take it now; it is tried again."""


class Outlet(Protocol):
    """Where short messages leave."""

    def send(self, id: str, number: str, text: str) -> None:
        """Hand one message over. Raises NotSent."""


@dataclass(frozen=True, kw_only=True)
class FileOutlet:
    """A file of JSON lines, for its owner's eyes: a trial reads there what a telephone would show."""

    path: Path

    def send(self, id: str, number: str, text: str) -> None:
        line = json.dumps({"id": id, "to": number, "text": text}, ensure_ascii=False) + "\n"
        try:
            with os.fdopen(os.open(self.path, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600), "a") as out:
                out.write(line)
        except OSError as error:
            raise NotSent(type(error).__name__) from error


@dataclass(frozen=True, kw_only=True)
class GatewayOutlet:
    """A provider's gateway that takes JSON over HTTPS; the key is the secret `sms_key`."""

    url: str
    key: str

    def send(self, id: str, number: str, text: str) -> None:
        body, headers = {"id": id, "to": number, "text": text}, {"Authorization": f"Bearer {self.key}"}
        try:
            requests.post(self.url, json=body, headers=headers, timeout=TIMEOUT).raise_for_status()
        except requests.RequestException as error:
            raise NotSent(type(error).__name__) from error


def outlet() -> Outlet | None:
    """The outlet of the settings; None where messages are carried by people."""
    where = settings().messages
    if not where:
        return None
    if where.startswith(("http://", "https://")):
        return GatewayOutlet(url=where, key=settings().secret("sms_key"))
    return FileOutlet(path=Path(where))
