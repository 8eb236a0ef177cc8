"""How a petition is answered and ends, and how a wrong entry is voided by two people."""

from __future__ import annotations

from services.petition.model import CallBack, Petition, State, VoidAsked, Written
from services.petition.model.commands import Conclude, Serve, Void
from services.petition.model.words import OPINION_PARTS
from services.petition.rules import clocks
from services.petition.rules.by import By
from services.petition.rules.step import by_the_unit, entered, moved, noted
from shared.contracts.petition import PetitionConcluded, PetitionOpinionServed, PetitionVoided
from shared.decision import Decision
from shared.errors import Forbidden, Refused


def serve(petition: Petition, ask: Serve, by: By) -> Decision[Petition]:
    """The whole written opinion reached the petitioner; the days to ask for a review begin (art. 32, 35)."""
    state = entered(petition, "serve")
    by_the_unit(petition, by)
    missing = [part for part in OPINION_PARTS if not ask.parts.get(part, "").strip()]
    if missing:
        raise Refused("书面答复缺少内容", code="opinion_incomplete", missing=missing)
    served_at = ask.served_at or by.at
    assert petition.accepted_at is not None
    if not petition.accepted_at <= served_at <= by.at:
        raise Refused("送达时间应在受理之后、现在之前", code="time_wrong")
    written = Written(
        result=ask.result,
        served_at=served_at,
        how=ask.how,
        parts={part: _sealed(petition, part, ask.parts[part], by) for part in OPINION_PARTS},
        review_by=clocks.due(clocks.WINDOW, served_at, by),
    )
    told = PetitionOpinionServed(
        pet_id=petition.pet_id, case_id=petition.case_id, result=ask.result, served_at=served_at,
        review_by=written.review_by,
    )  # fmt: skip
    return moved(petition, by, "serve", told, state=state, reason="送达处理意见", opinion=written)


def conclude(petition: Petition, ask: Conclude, by: By) -> Decision[Petition]:
    """Nobody asks for a review any more, and the petitioner was asked how it went (PT-13)."""
    state = entered(petition, "conclude")
    opinion = petition.opinion
    assert opinion is not None
    if ask.basis == "window_passed" and by.at < opinion.review_by:
        raise Refused("申请复查的期限还没过", code="review_still_open", until=opinion.review_by.isoformat())
    if not ask.satisfied or ask.remaining_hardship is None:
        raise Refused("办结前须回访：是否满意、还有没有困难", code="callback_missing")
    told = PetitionConcluded(
        pet_id=petition.pet_id, case_id=petition.case_id, result=opinion.result, basis=ask.basis,
        concluded_at=by.at,
    )  # fmt: skip
    asked = CallBack(at=by.at, satisfied=ask.satisfied, remaining_hardship=ask.remaining_hardship)
    return moved(
        petition, by, "conclude", told, state=state, reason="办结", callback=asked, concluded_at=by.at,
        basis=ask.basis,
    )  # fmt: skip


def void(petition: Petition, ask: Void, by: By) -> Decision[Petition]:
    """Two people say that the entry is an error; it stays readable and is counted as voided (PT-10)."""
    entered(petition, "void")
    asked = petition.void_asked
    if asked is None:
        first = VoidAsked(by=by.actor.ref, at=by.at, reason=ask.reason)
        return moved(petition, by, "void", noted(petition, "void.asked"), reason="提出作废", void_asked=first)
    if asked.by == by.actor.ref:
        raise Forbidden("作废须由另一人再次批准", code="second_approval_needed")
    told = PetitionVoided(pet_id=petition.pet_id, case_id=petition.case_id, reason=asked.reason)
    return moved(petition, by, "void", told, state=State.VOIDED, reason="作废误录")


def _sealed(petition: Petition, part: str, text: str, by: By) -> bytes:
    return by.sealer.seal(text, owner=petition.pet_id, field=f"opinion.{part}")
