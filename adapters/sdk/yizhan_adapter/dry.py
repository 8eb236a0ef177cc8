"""A dry run: what a plug-in would do with an ask. Nothing is stored, and the centre hears nothing.

Without `--send` nothing is handed to the back office either: the first request is shown instead of sent.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from yizhan_adapter import answers, asks
from yizhan_adapter.asks import Ask
from yizhan_adapter.errors import Misconfigured, NeverPossible, TryLater, Unreadable
from yizhan_adapter.fixtures import SAMPLE, PlayedVault
from yizhan_adapter.office import Office
from yizhan_adapter.plugins import Plugin, Polls


class Shown(Exception):
    """A request was shown; there is no reply to go on with."""


class Showing(Office):
    """An office that only shows what would be asked of it."""

    def send(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Any:
        """Show the request, and stop there."""
        _say(f"would send {method} {self.url}{path}", body)
        raise Shown


class Telling(Office):
    """The real office; every exchange is shown."""

    def send(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Any:
        """Send, and show both sides."""
        _say(f"sent {method} {self.url}{path}", body)
        reply = super().send(method, path, body, headers)
        _say("reply", reply)
        return reply


def ask_in(file: str, department: str) -> Ask:
    """The ask in a file (an event as it travels), or the sample ask; raises Misconfigured when it is none."""
    if not file:
        return Ask(**SAMPLE, department=department, vault=PlayedVault({}))  # type: ignore[arg-type]
    try:
        return asks.read(Path(file).read_bytes(), asks.CONTENT_TYPE, department)
    except (OSError, Unreadable) as error:
        raise Misconfigured(f"{file}: {error}") from error


def dry(plugin: Plugin, url: str, ask: Ask, send: bool) -> int:
    """Hand the ask to the plug-in and say what it says; the exit status."""
    adapter = plugin.make(Telling(url) if send else Showing(url))
    try:
        for answer in _answers(adapter, ask):
            _say(f"would tell the centre: {answers.said(answer)}")
    except Shown:
        _say("nothing was sent; --send sends it")
    except (TryLater, NeverPossible) as error:
        again = "tried again later" if isinstance(error, TryLater) else "left to a person"
        _say(f"{type(error).__name__}: {error} ({again})")
        return 1
    return 0


def _answers(adapter: Any, ask: Ask) -> list[answers.Answer]:
    first = adapter.handle(ask)
    return [*([first] if first else []), *(adapter.poll(ask) if isinstance(adapter, Polls) else ())]


def _say(words: str, body: Any = None) -> None:
    shown = "" if body is None else "\n  " + json.dumps(body, ensure_ascii=False)
    sys.stdout.write(f"{words}{shown}\n")
