"""Whether a department's system is alive (BUS b12), and which hand-overs are to be sent again (b11)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from services.routing.model import Delivery, Stage
from services.routing.rules.by import By
from services.routing.rules.deliveries import asked
from shared.contracts.delivery import DeliverySent
from shared.decision import Decision
from shared.errors import Illegal, Refused

Liveness = Literal["unknown", "online", "silent", "stuck", "offline"]

BEATS = 3  # missed heartbeats after which it is not online any more
GONE = timedelta(minutes=5)
STUCK_S = 600  # seconds that the oldest unfinished may wait
UNRECEIVED = timedelta(minutes=15)


def liveness(
    last: datetime | None, oldest_s: int, consumers: int, now: datetime, heartbeat_s: int
) -> Liveness:
    """What heartbeats and the broker together say of it."""
    if last is None:
        return "silent" if consumers else "unknown"
    age = now - last
    if age < timedelta(seconds=BEATS * heartbeat_s):
        return "stuck" if oldest_s > STUCK_S else "online"
    return "offline" if age > GONE and not consumers else "silent"


def is_lost(delivery: Delivery, now: datetime) -> bool:
    """Whether a hand-over was sent so long ago that its receipt should be here."""
    return (
        delivery.stage is Stage.SENT and delivery.sent_at is not None and delivery.sent_at <= now - UNRECEIVED
    )


def resent(delivery: Delivery, by: By) -> Decision[Delivery] | None:
    """The same ask under the same id goes into the mailbox again: the broker or the department lost it."""
    return again(delivery, by, "未见回执，按账重送") if is_lost(delivery, by.at) else None


def replayed(delivery: Delivery, by: By) -> Decision[Delivery]:
    """A person has it sent again.

    Raises Illegal when it never was sent, or nothing is owed any more; Refused for a desk.
    """
    if delivery.stage not in (Stage.SENT, Stage.RECEIVED, Stage.ACCEPTED):
        raise Illegal("这次交接不能重送", state=delivery.stage.value, allowed=())
    if not any(unit.id == delivery.department and unit.adapter for unit in by.profile.departments):
        raise Refused("该单位没有信箱", code="no_mailbox")
    return again(delivery, by, "人工重送")


def again(delivery: Delivery, by: By, reason: str) -> Decision[Delivery]:
    """Sent once more; the department knows the id, so it acts once."""
    count = delivery.sent_n + 1
    after = replace(delivery, sent_n=count, sent_at=by.at)
    told = DeliverySent(
        delivery_id=delivery.delivery_id, case_id=delivery.case_id, department=delivery.department,
        attempt=count, sent_at=by.at,
    )  # fmt: skip
    return Decision(state=after, events=(told, asked(delivery)), reason=reason)
