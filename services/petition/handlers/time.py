"""What is due now."""

from __future__ import annotations

from datetime import datetime

from services.petition.handlers.acting import act
from services.petition.rules import going
from services.petition.store import Stores
from shared.decision import Cause
from shared.each import each

AT_ONCE = 200


def tick(all: Stores, now: datetime) -> int:
    """Let time change every petition that it changes now; returns how many.

    Raises ExceptionGroup at the end for those that failed: none of them holds up the others.
    """
    why = Cause(at=now)
    return each(
        all.petitions.overdue(now, AT_ONCE),
        lambda id: act(all, id, why, going.tick),
        failed="petitions whose limits could not be told",
    )
