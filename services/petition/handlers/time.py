"""What is due now."""

from __future__ import annotations

from datetime import datetime

from services.petition.handlers.acting import act
from services.petition.rules import going
from services.petition.store import Stores
from shared.decision import Cause

AT_ONCE = 200


def tick(all: Stores, now: datetime) -> int:
    """Let time change every petition that it changes now; returns how many."""
    due = all.petitions.overdue(now, AT_ONCE)
    for pet_id in due:
        act(all, pet_id, Cause(at=now), going.tick)
    return len(due)
