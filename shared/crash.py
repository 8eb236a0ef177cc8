"""Crash points for the fault tests: `CRASH_AT=relay.after_publish:3` kills the process at the third pass.

Without that variable every call is one comparison.
"""

from __future__ import annotations

import os
import signal

_AT, _, _N = os.environ.get("CRASH_AT", "").partition(":")
_left = int(_N or "1")


def crash_here(name: str) -> None:
    """Die at once, as by `kill -9`, when this is the named point and its count has run out."""
    global _left
    if name != _AT:
        return
    _left -= 1
    if _left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
