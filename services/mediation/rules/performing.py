"""After the agreement: what is done on time, what is not, and what somebody disputes. A person says which."""

from __future__ import annotations

from dataclasses import replace

from services.mediation.model import Agreement, AgreementState, Item, Matter
from services.mediation.model.commands import Perform
from services.mediation.model.table import AGREEMENT, must_allow
from services.mediation.rules import clocks
from services.mediation.rules.by import By
from services.mediation.rules.step import moved, noted
from shared.contracts.base import Event
from shared.contracts.mediation import (
    MediationPerformanceBreached,
    MediationPerformanceDue,
    MediationPerformed,
)
from shared.deadlines import BREACH
from shared.decision import Decision
from shared.errors import NotFound, Refused

KIND = "performance"


def perform(matter: Matter, ask: Perform, by: By) -> Decision[Matter]:
    """An item was done, in time or late."""
    agreement, item = _item(matter, "perform", ask.no)
    if item.done_at:
        raise Refused("这一项已经记为履行", code="already_performed")
    if ask.done_at > by.at:
        raise Refused("履行时间不能晚于现在", code="done_in_the_future")
    done = replace(item, done_at=ask.done_at, proof_hash=ask.proof_hash)
    after = _with(agreement, done)
    told = MediationPerformed(
        mm_id=matter.mm_id, agr_id=agreement.agr_id, case_id=matter.case_id, item_no=item.no,
        due=item.due_at, done_at=ask.done_at,
    )  # fmt: skip
    return moved(matter, by, told, reason="记录履行", agreement=replace(after, state=_state_after(after)))


def breach(matter: Matter, no: int, by: By) -> Decision[Matter]:
    """A person says that an item was not done although it was due."""
    agreement, item = _item(matter, "breach", no)
    if by.at < item.due_at:
        raise Refused("还没到履行期限", code="not_due_yet")
    if item.settled:
        raise Refused("这一项已经有结论", code="item_is_settled")
    after = _with(agreement, replace(item, breached_at=by.at))
    told = MediationPerformanceBreached(
        mm_id=matter.mm_id, agr_id=agreement.agr_id, case_id=matter.case_id, item_no=no, due=item.due_at
    )
    return moved(matter, by, told, reason="记录违约", agreement=replace(after, state=AgreementState.BREACHED))


def dispute(matter: Matter, by: By) -> Decision[Matter]:
    """A party disputes the agreement; it stays as it is until a court says otherwise (art. 32)."""
    agreement = _agreement(matter)
    row = must_allow(AGREEMENT, agreement.state, "dispute")
    disputed = replace(agreement, state=AgreementState(row.to or agreement.state))
    return moved(matter, by, noted(matter, "agreement.disputed"), reason="对协议有争议", agreement=disputed)


def reminded(matter: Matter, by: By) -> tuple[Matter, tuple[Event, ...]]:
    """The matter with each item told once on its day, and once more when its day has passed undone."""
    agreement = matter.agreement
    if agreement is None or agreement.effective_at is None:
        return matter, ()
    told: list[Event] = []
    items = []
    for item in agreement.items:
        told += _due_facts(matter, agreement, item, by)
        items.append(
            replace(item, reminded=_is_due(item, by), overdue_told=_is_overdue(item, by))
            if not item.settled
            else item
        )
    return replace(matter, agreement=replace(agreement, items=tuple(items))), tuple(told)


def _due_facts(matter: Matter, agreement: Agreement, item: Item, by: By) -> list[Event]:
    facts: list[Event] = []
    if item.settled:
        return facts
    if _is_due(item, by) and not item.reminded:
        facts.append(
            MediationPerformanceDue(
                mm_id=matter.mm_id,
                agr_id=agreement.agr_id,
                case_id=matter.case_id,
                item_no=item.no,
                due=item.due_at,
            )
        )
    if _is_overdue(item, by) and not item.overdue_told:
        facts.append(clocks.threshold(matter, agreement.agr_id, KIND, BREACH, item.due_at))
    return facts


def _is_due(item: Item, by: By) -> bool:
    return item.reminded or by.at >= item.remind_at


def _is_overdue(item: Item, by: By) -> bool:
    return item.overdue_told or by.at >= item.due_at


def _state_after(agreement: Agreement) -> AgreementState:
    if all(item.done_at for item in agreement.items):
        return AgreementState.PERFORMED
    if agreement.state in (AgreementState.BREACHED, AgreementState.DISPUTED):
        return agreement.state
    return AgreementState.PERFORMING


def _with(agreement: Agreement, item: Item) -> Agreement:
    items = tuple(item if each.no == item.no else each for each in agreement.items)
    return replace(agreement, items=items)


def _item(matter: Matter, step: str, no: int) -> tuple[Agreement, Item]:
    agreement = _agreement(matter)
    must_allow(AGREEMENT, agreement.state, step)
    found = next((item for item in agreement.items if item.no == no), None)
    if found is None:
        raise NotFound("协议里没有这一项", code="item_not_found")
    return agreement, found


def _agreement(matter: Matter) -> Agreement:
    if matter.agreement is None:
        raise NotFound("这件调解没有协议", code="agreement_not_found")
    return matter.agreement
