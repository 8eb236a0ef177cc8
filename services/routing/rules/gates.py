"""Departments behind a gate: alive when bundles come as often as they should, and patient with what crosses.

Bundles may take hours, so neither a heartbeat's minutes nor a receipt's quarter of an hour fit here.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from services.routing.model import Delivery, Stage
from services.routing.model.gate import Gate
from services.routing.rules.liveness import BEATS, GONE, STUCK_S, Liveness

FERRY_S = 30  # how often the ferry at the centre says that it works
SLACK = timedelta(minutes=2)  # two clocks, and the way from the broker into the gate's memory


def standing(gate: Gate | None, last: datetime | None) -> Gate | None:
    """The gate by which a department is reached now, if any; `last` is when its own heartbeat came."""
    return gate if gate and (last is None or last - gate.at < GONE) else None


def liveness(gate: Gate, oldest_s: int, consumers: int, now: datetime) -> Liveness:
    """What the ferry and the bundles from there together say."""
    age = now - gate.at
    if age >= timedelta(seconds=BEATS * FERRY_S):
        return "offline" if age > GONE and not consumers else "silent"
    if gate.silent_s is None:
        return "silent"
    quiet = age.total_seconds() + gate.silent_s
    if quiet >= BEATS * gate.expect_s:
        return "offline"
    if quiet >= gate.expect_s:
        return "silent"
    return "stuck" if oldest_s > STUCK_S + gate.expect_s else "online"


def waits_there(delivery: Delivery, gate: Gate | None) -> bool:
    """Whether a hand-over lies at the gate or is crossing it: its loss is the gate's to heal."""
    if gate is None or delivery.stage is not Stage.SENT or delivery.sent_at is None or not gate.waiting:
        return False
    return delivery.sent_at >= gate.at - timedelta(seconds=gate.oldest_s) - SLACK
