"""Papers on their way: taken against a receipt, handed on, received; after a day somebody is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from services.intake.model.papers import Papers
from shared.contracts import hall
from shared.decision import Actor, Decision
from shared.errors import Forbidden, Illegal

WITHIN = timedelta(hours=24)  # IN-28


def take(papers: Papers) -> Decision[Papers]:
    """Papers are taken and the resident gets a receipt."""
    told = hall.DocumentTaken(
        document_id=papers.document_id,
        case_id=papers.case_id,
        receipt_no=papers.receipt_no,
        to_unit=papers.to_unit,
        items=sum(item.copies for item in papers.items),
    )
    after = replace(papers, due_at=papers.taken_at + WITHIN)
    return Decision(state=after, events=(told,), reason="document_taken")


def forward(papers: Papers, now: datetime) -> Decision[Papers]:
    """They are on their way to whom they are for; the day begins anew."""
    if papers.state != "taken":
        raise Illegal("材料已经转出", state=papers.state, allowed=_allowed(papers))
    told = hall.DocumentForwarded(
        document_id=papers.document_id, case_id=papers.case_id, to_unit=papers.to_unit
    )
    after = replace(papers, state="forwarded", forwarded_at=now, due_at=now + WITHIN, overdue_told=False)
    return Decision(state=after, events=(told,), reason="document_forwarded")


def receive(papers: Papers, *, actor: Actor, now: datetime) -> Decision[Papers]:
    """Whom they are for says that they have them. Raises Forbidden for anybody else."""
    if papers.state == "received":
        raise Illegal("材料已经签收", state="received", allowed=[])
    if actor.unit != papers.to_unit:
        raise Forbidden("只有收件单位能签收", code="other_unit")
    told = hall.DocumentReceived(document_id=papers.document_id, case_id=papers.case_id, unit=actor.unit)
    after = replace(papers, state="received", received_at=now, received_by=actor.ref, due_at=None)
    return Decision(state=after, events=(told,), reason="document_received")


def late(papers: Papers, now: datetime) -> Decision[Papers] | None:
    """For more than a day nobody said that they have them: told once for each way."""
    if papers.due_at is None or papers.due_at > now or papers.overdue_told:
        return None
    told = hall.DocumentOverdue(
        document_id=papers.document_id, case_id=papers.case_id, to_unit=papers.to_unit
    )
    after = replace(papers, overdue_told=True, due_at=None)
    return Decision(state=after, events=(told,), reason="document_overdue")


def erased(papers: Papers, reason: str) -> Decision[Papers] | None:
    """The titles go; the receipt and who had the papers stay."""
    if not any(item.title for item in papers.items):
        return None
    items = tuple(replace(item, title=b"") for item in papers.items)
    told = hall.DocumentErased(document_id=papers.document_id, case_id=papers.case_id, reason=reason)
    return Decision(state=replace(papers, items=items), events=(told,), reason=reason)


def _allowed(papers: Papers) -> list[str]:
    return {"taken": ["forward", "receive"], "forwarded": ["receive"], "received": []}[papers.state]
