"""What a department answers, kept on the delivery: an answer leads on, never back, and none counts twice."""

from __future__ import annotations

from dataclasses import replace
from functools import singledispatch
from typing import Any

from services.routing.model import Delivery, Stage
from services.routing.model.delivery import DONE, WAY
from services.routing.rules.by import By
from shared.contracts.base import Event
from shared.contracts.delivery import (
    DeliveryAccepted,
    DeliveryConcluded,
    DeliveryProgressed,
    DeliveryReceived,
    DeliveryReturned,
)
from shared.contracts.edge import (
    AnswerAccepted,
    AnswerConcluded,
    AnswerProgressed,
    AnswerReceived,
    AnswerReturned,
)
from shared.decision import Decision


@singledispatch
def answered(told: Event | None, delivery: Delivery, by: By) -> Decision[Delivery] | None:
    """What an answer changes; None for one this version does not know."""
    return None


@answered.register
def received(told: AnswerReceived, delivery: Delivery, by: By) -> Decision[Delivery] | None:
    """The department's system has stored the ask."""
    if delivery.received_at:
        return None
    event = DeliveryReceived(**_named(delivery), received_at=by.at)
    return _on(delivery, Stage.RECEIVED, event, by, received_at=by.at)


@answered.register
def accepted(told: AnswerAccepted, delivery: Delivery, by: By) -> Decision[Delivery] | None:
    """The department takes the case."""
    if delivery.accepted_at:
        return None
    event = DeliveryAccepted(**_named(delivery), accepted_at=told.accepted_at)
    return _on(delivery, Stage.ACCEPTED, event, by, accepted_at=told.accepted_at)


@answered.register
def progressed(told: AnswerProgressed, delivery: Delivery, by: By) -> Decision[Delivery] | None:
    """The department reached a step on its own way; the step where it stands already is no news."""
    if delivery.steps[-1:] == (told.step,):
        return None
    event = DeliveryProgressed(**_named(delivery), step=told.step)
    return _on(delivery, delivery.stage, event, by, steps=(*delivery.steps, told.step))


@answered.register
def returned(told: AnswerReturned, delivery: Delivery, by: By) -> Decision[Delivery] | None:
    """The department gives the case back; the dispatcher decides."""
    if delivery.returned_reason:
        return None
    event = DeliveryReturned(**_named(delivery), reason=told.reason)
    return _on(delivery, Stage.RETURNED, event, by, returned_reason=told.reason)


@answered.register
def concluded(told: AnswerConcluded, delivery: Delivery, by: By) -> Decision[Delivery] | None:
    """The department finished its part."""
    if delivery.outcome:
        return None
    event = DeliveryConcluded(**_named(delivery), outcome=told.outcome, concluded_at=told.concluded_at)
    return _on(delivery, Stage.CONCLUDED, event, by, outcome=told.outcome)


def _on(delivery: Delivery, stage: Stage, event: Event, by: By, **kept: Any) -> Decision[Delivery]:
    """The answer is kept and told; the stage moves if the answer leads on."""
    changes = kept | {"late": delivery.late + (delivery.stage in DONE)}
    if WAY[stage] > WAY[delivery.stage]:
        changes |= {"stage": stage, "ended_at": by.at if stage in DONE else None}
    return Decision(state=replace(delivery, **changes), events=(event,), reason="部门答复")


def _named(delivery: Delivery) -> dict[str, Any]:
    return {
        "delivery_id": delivery.delivery_id,
        "case_id": delivery.case_id,
        "department": delivery.department,
    }
