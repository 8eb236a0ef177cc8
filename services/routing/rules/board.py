"""Where a hand-over hangs, if it hangs: the board shows those first."""

from __future__ import annotations

from datetime import datetime

from services.routing.model import Delivery, Stage
from services.routing.rules.liveness import UNRECEIVED, Liveness

QUEUED_LONG = UNRECEIVED


def stuck(
    delivery: Delivery, now: datetime, liveness: Liveness | str = "unknown", *, at_gate: bool = False
) -> str:
    """Why a hand-over is stuck, or nothing; `at_gate` when it lies at a gate or is crossing it."""
    unreceived = "waiting_at_gate" if at_gate else "not_received"
    late = {
        Stage.QUEUED: ("not_sent", delivery.queued_at <= now - QUEUED_LONG),
        Stage.SENT: (unreceived, _over(delivery.sent_at, now) or liveness == "offline"),
        Stage.RECEIVED: ("not_accepted", delivery.accept_by is not None and delivery.accept_by <= now),
        Stage.ACCEPTED: ("overdue", delivery.due_at is not None and delivery.due_at <= now),
        Stage.FAILED: ("failed", True),
    }
    why, holds = late.get(delivery.stage, ("", False))
    if delivery.stage is Stage.SENT and not holds:
        why, holds = "not_accepted", delivery.accept_by is not None and delivery.accept_by <= now
    return why if holds else ""


def _over(at: datetime | None, now: datetime) -> bool:
    return at is not None and at <= now - UNRECEIVED


def since(delivery: Delivery) -> datetime:
    """Since when it has stood where it stands."""
    last = (delivery.ended_at, delivery.accepted_at, delivery.received_at, delivery.sent_at)
    return next((at for at in last if at), delivery.queued_at)
