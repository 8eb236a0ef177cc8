"""Handing a case to a department: owed until it answers, sent while its window is open (BUS b11)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from services.routing.model import ENDED, Assignment, Case, Delivery, Stage, State
from services.routing.model.delivery import DONE, delivery_id
from services.routing.rules import links
from services.routing.rules.by import By
from services.routing.rules.clocks import CLASSES, running
from services.routing.rules.shown import public_flags, shown_category
from shared.contracts.delivery import (
    DeliveryQueued,
    DeliverySent,
    DeliveryWithdrawn,
)
from shared.contracts.edge import (
    AskHandleCase,
)
from shared.decision import Decision

OVER = (*ENDED, State.RESOLVED, State.VERIFIED)


def is_owed(case: Case, turn: Assignment, by: By) -> bool:
    """Whether this turn is to be handed over: the present one, of a department with a mailbox or a desk."""
    connected = {department.id for department in by.profile.departments}
    return turn.unit in connected and not turn.ended and case.state not in OVER


def kept_in_step(
    delivery: Delivery | None, case: Case, turn: Assignment, by: By
) -> Decision[Delivery] | None:
    """The delivery of one turn as the case now wants it: queued, left alone, or withdrawn."""
    owed = is_owed(case, turn, by)
    if delivery is None:
        return queued(case, turn, by) if owed else None
    if owed or delivery.stage in DONE:
        return None
    return withdrawn(delivery, turn.ended or "case_" + case.state.value, by)


def queued(case: Case, turn: Assignment, by: By) -> Decision[Delivery]:
    """A department is to get the case."""
    assert case.complexity is not None
    pickup, whole = running(case, "pickup"), running(case, *CLASSES)
    delivery = Delivery(
        delivery_id=delivery_id(case.case_id, turn.unit, turn.n),
        case_id=case.case_id,
        case_no=case.case_no,
        department=turn.unit,
        assignment=turn.n,
        region=case.region,
        profile_version=case.profile_version,
        protected=case.protected,
        category=shown_category(case),
        complexity=case.complexity,
        matter_type=case.matter_type,
        tier=case.tier,
        persons_band=case.persons_band,
        flags=public_flags(case),
        complained_units=case.complained_units,
        accept_by=pickup.due_at if pickup else None,
        due_at=whole.due_at if whole else None,
        queued_at=by.at,
    )
    event = DeliveryQueued(
        **_named(delivery), role="lead", accept_by=delivery.accept_by, due_at=delivery.due_at
    )
    return Decision(state=delivery, events=(event,), reason="排队待送")


def sent(delivery: Delivery, case: Case, by: By, link: timedelta = links.VALID) -> Decision[Delivery] | None:
    """The ask goes into the department's mailbox, once; a case that has gone another way is not sent.

    A unit without a system has no mailbox: it gets a link for this case.
    """
    if delivery.stage is not Stage.QUEUED:
        return None
    turn = case.assignments[delivery.assignment - 1]
    if not is_owed(case, turn, by):
        return kept_in_step(delivery, case, turn, by)
    count = delivery.sent_n + 1
    after = replace(delivery, stage=Stage.SENT, sent_n=count, sent_at=by.at)
    event = DeliverySent(**_named(delivery), attempt=count, sent_at=by.at)
    if not links.has_desk(by.profile, delivery.department):
        return Decision(state=after, events=(event, asked(delivery)), reason="已送达信箱")
    issued = links.issued(after, link, by)
    return Decision(state=issued.state, events=(event, *issued.events), reason="已送达办件台")


def asked(delivery: Delivery) -> AskHandleCase:
    """What the department is asked."""
    return AskHandleCase(
        delivery_id=delivery.delivery_id,
        case_id=delivery.case_id,
        case_no=delivery.case_no,
        department=delivery.department,
        category=delivery.category,
        complexity=delivery.complexity,
        matter_type=delivery.matter_type,
        tier=delivery.tier,
        region=delivery.region,
        persons_band=delivery.persons_band,
        accept_by=delivery.accept_by,
        due_at=delivery.due_at,
        flags=delivery.flags,
        dataref=f"/intake/deliveries/{delivery.delivery_id}/files",
    )


def withdrawn(delivery: Delivery, reason: str, by: By) -> Decision[Delivery]:
    """The department no longer has to answer: the case went another way."""
    after = replace(delivery, stage=Stage.WITHDRAWN, ended_at=by.at)
    event = DeliveryWithdrawn(**_named(delivery), reason=reason)
    return Decision(state=after, events=(event,), reason=f"撤回：{reason}")


def _named(delivery: Delivery) -> dict[str, Any]:
    return {
        "delivery_id": delivery.delivery_id,
        "case_id": delivery.case_id,
        "department": delivery.department,
    }
