"""首问负责: who answers for a matter until the resident has been answered, and who takes over.

Who received it first is never written over; a succession is added, and everybody can see it (IN-22, COR-09).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from services.intake.model import CaseView, Registration
from services.intake.model.desk import Succession, ZoneStep
from shared.contracts.hall import (
    RegistrationReceiverBound,
    RegistrationReceiverReleased,
    RegistrationReceiverSucceeded,
    RegistrationZoneChanged,
)
from shared.decision import Actor, Decision
from shared.errors import Forbidden, Illegal, Refused

ANSWERED = ("resolved", "verified", "closed", "referred_out", "withdrawn", "not_accepted", "merged")
LEFT = "first_receiver_left"
MAY_HAND_ON = ("dispatcher", "director")


@dataclass(frozen=True, kw_only=True)
class Answerable:
    """Who received first, who answers now, and whether that duty is still on."""

    first: str
    now: str
    lasts: bool
    until: datetime | None
    successions: tuple[Succession, ...]
    pickup_late: bool = False  # the unit should have taken the case already


def answerable(state: Registration, view: CaseView | None) -> Answerable:
    """The duty of a matter: it ends when the resident has been answered, whoever has the case meanwhile."""
    over = state.registered_at if state.state != "registered" else None
    if view is not None and view.state in ANSWERED:
        over = view.state_at
    return Answerable(
        first=state.first_receiver,
        now=holder(state),
        lasts=over is None,
        until=over,
        successions=state.desk.successions,
        pickup_late=view is not None and view.waits_too_long,
    )


def holder(state: Registration) -> str:
    """Who answers for the matter now."""
    return state.desk.successions[-1].to_ref if state.desk.successions else state.first_receiver


def succeed(
    state: Registration, to: str, reason: str, duty: Answerable, *, actor: Actor, now: datetime
) -> Decision[Registration]:
    """Somebody else answers from now on.

    Raises Forbidden unless the present one or a dispatcher says so, Illegal when the resident was answered,
    Refused for a hand-over to the same person.
    """
    if actor.ref != duty.now and actor.role not in MAY_HAND_ON:
        raise Forbidden("只有现在的首问责任人、调度员或主任可以移交", code="not_answerable")
    if not duty.lasts:
        raise Illegal("群众已得到答复，首问责任已经结束", state="answered", allowed=[])
    if to == duty.now:
        raise Refused("接手的人就是现在的责任人", code="same_receiver", fields={"to": ["请填另一个人"]})
    step = Succession(from_ref=duty.now, to_ref=to, reason=reason, at=now, by=actor.ref)
    desk = replace(state.desk, successions=(*state.desk.successions, step))
    told = RegistrationReceiverSucceeded(
        reg_id=state.reg_id, case_id=state.case_id, from_ref=duty.now, to_ref=to, reason=reason
    )
    return Decision(state=replace(state, desk=desk, answerable=to), events=(told,), reason=reason)


def inherited(state: Registration, leaving: str, to: str, now: datetime) -> Decision[Registration] | None:
    """Who answered for the matter has left; the successor named for their duties answers from now on."""
    if state.answerable != leaving:
        return None
    step = Succession(from_ref=leaving, to_ref=to, reason=LEFT, at=now, by="system")
    desk = replace(state.desk, successions=(*state.desk.successions, step))
    told = RegistrationReceiverSucceeded(
        reg_id=state.reg_id, case_id=state.case_id, from_ref=leaving, to_ref=to, reason=LEFT
    )
    return Decision(state=replace(state, desk=desk, answerable=to), events=(told,), reason=LEFT)


def followed(state: Registration, view: CaseView) -> Decision[Registration] | None:
    """The duty after its case moved: over when the resident was answered, on again when it is open again."""
    if state.state != "registered":
        return None
    ref = "" if view.state in ANSWERED else holder(state)
    if ref == state.answerable:
        return None
    about = {"reg_id": state.reg_id, "case_id": state.case_id, "ref": holder(state)}
    told = RegistrationReceiverBound(**about) if ref else RegistrationReceiverReleased(**about)
    return Decision(state=replace(state, answerable=ref), events=(told,), reason=f"case_{view.state}")


def refuse_replacing(state: Registration) -> None:
    """Raises Illegal always: the first receiver stays the first (IN-22)."""
    raise Illegal(
        "首问责任人不能更换；人走了请登记移交", state="first_receiver_fixed", allowed=["succession"]
    )


def lead(state: Registration, zone: str, *, actor: Actor, now: datetime) -> Decision[Registration]:
    """The resident goes on to another zone of the centre. Raises Refused when it is the same one."""
    before = state.desk.zones[-1].zone if state.desk.zones else state.zone
    if zone == before:
        raise Refused("已经在这个区", code="same_zone", fields={"zone": ["请选择另一个区"]})
    step = ZoneStep(zone=zone, at=now, by=actor.ref)
    told = RegistrationZoneChanged(reg_id=state.reg_id, case_id=state.case_id, from_zone=before, to_zone=zone)
    desk = replace(state.desk, zones=(*state.desk.zones, step))
    return Decision(state=replace(state, desk=desk), events=(told,), reason="zone_changed")
