"""What is due now."""

from __future__ import annotations

from datetime import datetime

from services.mediation.handlers.acting import act
from services.mediation.rules import time
from services.mediation.store import Stores
from shared.decision import Cause

AT_ONCE = 200


def tick(all: Stores, now: datetime) -> int:
    """Let time change every matter that it changes now; returns how many."""
    due = all.matters.overdue(now, AT_ONCE)
    for mm_id in due:
        act(all, mm_id, Cause(at=now), time.tick)
    return len(due)
