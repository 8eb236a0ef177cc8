"""Crash points for the fault tests: `CRASH_AT=adapter.before_ack:3` kills the process at the third pass.

The points of an adapter, in the order an ask meets them: before_store, before_ack, before_handle,
before_answer, before_publish, before_removal.
"""

from __future__ import annotations

import os
import signal
from itertools import count

_AT, _, _N = os.environ.get("CRASH_AT", "").partition(":")
_passes = count(1)


def crash_here(name: str) -> None:
    """Die at once, as by `kill -9`, when this is the named point and its count has run out."""
    if name == _AT and next(_passes) == int(_N or "1"):
        os.kill(os.getpid(), signal.SIGKILL)
