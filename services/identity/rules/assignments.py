"""What identity decides about tasks and guidance: given downwards, acknowledged, reported done."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from services.identity.model.assignment import Assignment
from shared.contracts.organisation import AssignmentAcknowledged, AssignmentDone, AssignmentGiven
from shared.decision import Actor, Decision
from shared.errors import Forbidden, Illegal, Refused


def give(state: Assignment | None, id: str, asked: Assignment, today: str) -> Decision[Assignment] | None:
    """Something for a lower unit. Raises Refused for a task without owner and day, or for oneself."""
    if state is not None:
        return None
    if asked.unit == asked.from_unit:
        raise Refused("不能交办给本单位", code="own_unit", fields={"unit": ["请选下级单位"]})
    if asked.kind == "task" and not (asked.owner and asked.due_on):
        said = {name: ["任务要写明"] for name in ("owner", "due_on") if not getattr(asked, name)}
        raise Refused("任务要有责任人和期限", code="task_incomplete", fields=said)
    if asked.due_on and asked.due_on < today:
        raise Refused("期限已过", code="due_in_the_past", fields={"due_on": ["不能早于今天"]})
    told = AssignmentGiven(
        assignment_id=id,
        kind=asked.kind,
        from_unit=asked.from_unit,
        unit=asked.unit,
        owner=asked.owner or None,
    )
    return Decision(state=asked, events=(told,), reason="assignment_given")


def acknowledge(state: Assignment, id: str, actor: Actor, now: datetime) -> Decision[Assignment] | None:
    """The unit has read it. Raises Forbidden for anybody else."""
    _theirs(state, actor)
    if state.acknowledged_at:
        return None
    told = AssignmentAcknowledged(assignment_id=id, unit=state.unit)
    return Decision(state=replace(state, acknowledged_at=now), events=(told,), reason="acknowledged")


def done(state: Assignment, id: str, actor: Actor, now: datetime) -> Decision[Assignment]:
    """The unit reports it done. Raises Forbidden for anybody else, Illegal when it is no task or done."""
    _theirs(state, actor)
    if state.kind != "task" or state.done_at:
        raise Illegal("这一项不能报完成", state="done" if state.done_at else state.kind, allowed=[])
    late = bool(state.due_on) and f"{now:%Y-%m-%d}" > state.due_on
    told = AssignmentDone(assignment_id=id, unit=state.unit, late=late)
    after = replace(state, done_at=now, acknowledged_at=state.acknowledged_at or now)
    return Decision(state=after, events=(told,), reason="assignment_done")


def _theirs(state: Assignment, actor: Actor) -> None:
    if actor.unit != state.unit:
        raise Forbidden("只有承办单位可以签收和报完成", code="other_unit")
