"""Learns which sessions ended early: signed out, closed, or replaced by a sign-in elsewhere.

A token is checked without asking anybody, so every web process asks identity now and then which sessions
are over. When identity does not answer, what was known last holds: tokens end by themselves in half an hour.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

import requests

from shared import tokens
from shared.settings import settings

log = logging.getLogger(__name__)

EVERY = 10.0  # seconds
WAIT = 2.0


def fetch() -> list[str]:
    """Ids of ended sessions. Raises requests.RequestException when identity does not answer in time."""
    reply = requests.get(f"{settings().url('identity')}/sessions/ended", timeout=WAIT)
    reply.raise_for_status()
    return [str(id) for id in reply.json()["sessions"]]


def learn(ask: Callable[[], list[str]] = fetch) -> bool:
    """Ask once; whether there was an answer."""
    try:
        tokens.end_sessions(ask())
    except (requests.RequestException, ValueError, KeyError) as error:
        log.info("identity does not answer", extra={"error": type(error).__name__})
        return False
    return True


def watch() -> threading.Thread:
    """Keep asking, beside the work, for as long as the process lives."""

    def forever() -> None:
        while True:
            time.sleep(EVERY)
            learn()

    thread = threading.Thread(target=forever, name="ended-sessions", daemon=True)
    thread.start()
    return thread
