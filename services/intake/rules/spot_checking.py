"""Matters that were answered on the spot open no case; some of them are drawn, and the resident is asked.

Which are drawn follows from the number alone, so that nobody can choose; the share is the profile's.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime

from services.intake.model import Registration
from services.intake.model.spot_check import SpotCheck
from shared.contracts import hall
from shared.decision import Actor, Decision
from shared.errors import Forbidden, Illegal, Refused


def is_drawn(reg_id: str, share: float) -> bool:
    """Whether this one is among the share that is asked about."""
    first = int.from_bytes(hashlib.sha256(f"spot check\n{reg_id}".encode()).digest()[:8])
    return first < share * 2**64


def draw(check_id: str, state: Registration, due_at: datetime) -> Decision[SpotCheck]:
    """This one is to be asked about."""
    check = SpotCheck(
        check_id=check_id,
        region=state.region,
        protected=state.protected,
        reg_id=state.reg_id,
        case_id=state.case_id,
        case_no=state.case_no,
        answered_by=state.first_receiver,
        answered_at=state.answered_at or state.registered_at,
        due_at=due_at,
    )
    told = hall.SpotCheckDrawn(check_id=check_id, reg_id=state.reg_id, case_id=state.case_id, due_at=due_at)
    return Decision(state=check, events=(told,), reason="spot_check_drawn")


def ask(
    check: SpotCheck,
    *,
    reached: bool,
    answered: bool | None,
    satisfied: int | None,
    places_visited: int | None,
    actor: Actor,
    most_tries: int,
    now: datetime,
) -> Decision[SpotCheck]:
    """What the resident said, or that nobody answered; after so many tries it is done without an answer.

    Raises Forbidden for who answered the matter, Illegal when it was asked, Refused without an answer.
    """
    if check.done_at is not None:
        raise Illegal("这件抽查已经做过", state="done", allowed=[])
    if actor.ref == check.answered_by:
        raise Forbidden("当场答复的人不能自己抽查", code="own_answer")
    if reached and answered is None:
        raise Refused("请记下是否已答复", code="invalid_fields", fields={"answered": ["请选择是或否"]})
    tries = check.tries + 1
    done = reached or tries >= most_tries
    after = replace(
        check,
        tries=tries,
        reached=reached,
        answered=answered if reached else None,
        satisfied=satisfied if reached else None,
        places_visited=places_visited if reached else None,
        done_at=now if done else None,
        done_by=actor.ref if done else "",
    )
    told = hall.SpotCheckDone(
        check_id=check.check_id,
        case_id=check.case_id,
        reached=reached,
        answered=after.answered,
        satisfied=after.satisfied,
        places_visited=after.places_visited,
        reopened=bool(reached and not answered),
    )
    return Decision(state=after, events=(told,), reason="spot_check_done")
