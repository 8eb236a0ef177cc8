"""What is due now."""

from __future__ import annotations

from datetime import datetime

from services.mediation.handlers.acting import act
from services.mediation.rules import time
from services.mediation.store import Stores
from shared.decision import Cause
from shared.each import each

AT_ONCE = 200


def tick(all: Stores, now: datetime) -> int:
    """Let time change every matter that it changes now; returns how many.

    Raises ExceptionGroup at the end for those that failed: none of them holds up the others.
    """
    why = Cause(at=now)
    return each(
        all.matters.overdue(now, AT_ONCE),
        lambda id: act(all, id, why, time.tick),
        failed="matters whose limits could not be told",
    )
