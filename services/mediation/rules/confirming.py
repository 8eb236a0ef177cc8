"""Asking a court to confirm the agreement: late is counted and warned about, never refused (COR-18)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from services.mediation.model import Agreement, Filing, FilingState, Matter
from services.mediation.model.commands import CourtDecision, File
from services.mediation.model.table import AGREEMENT, FILING, must_allow
from services.mediation.model.words import COURT_RESULTS, PACKAGE, WANTED_ONLY_IF_PROPERTY
from services.mediation.rules import clocks
from services.mediation.rules.by import By
from services.mediation.rules.ending import days
from services.mediation.rules.step import moved
from shared.calendar import last_day, midnight
from shared.contracts.base import Event
from shared.contracts.mediation import MediationConfirmationFiled, MediationConfirmed, MediationRejected
from shared.contracts.request import RequestServed
from shared.decision import Decision
from shared.errors import NotFound, Refused

DECISION = "confirm_decision"


def file(matter: Matter, ask: File, by: By) -> Decision[Matter]:
    """The parties file together; days after the window are counted (民事诉讼法 art. 205)."""
    agreement = _in_force(matter)
    must_allow(AGREEMENT, agreement.state, "file")
    if agreement.filing:
        must_allow(FILING, agreement.filing.state, "file")
    if set(ask.applicants) != set(matter.refs):
        raise Refused("司法确认须双方共同申请", code="joint_application_needed", parties=list(matter.refs))
    _time_is_right(agreement, ask, by)
    late = late_by(agreement, ask.filed_at)
    filing = Filing(
        state=FilingState.FILED, court=ask.court, applicants=ask.applicants, filed_at=ask.filed_at,
        materials=ask.materials, days_late=late,
    )  # fmt: skip
    told = MediationConfirmationFiled(
        mm_id=matter.mm_id, agr_id=agreement.agr_id, case_id=matter.case_id, court_unit=ask.court,
        filed_at=ask.filed_at, days_late=late,
    )  # fmt: skip
    running = clocks.stopped(matter.clocks, told.TYPE, replace(by, at=ask.filed_at))
    decision = clocks.started(matter.mm_id, DECISION, by, ask.filed_at)
    others = tuple(clock for clock in running if clock.kind != DECISION)
    return moved(
        matter, by, told, reason="申请司法确认", agreement=replace(agreement, filing=filing),
        clocks=(*others, decision),
    )  # fmt: skip


def decide(matter: Matter, ask: CourtDecision, by: By) -> Decision[Matter]:
    """What the court decided is recorded as it decided."""
    agreement = _in_force(matter)
    if agreement.filing is None:
        raise NotFound("还没有申请司法确认", code="filing_not_found")
    must_allow(FILING, agreement.filing.state, "decide")
    if ask.decided_at > by.at or ask.decided_at < agreement.filing.filed_at:
        raise Refused("决定时间应在申请之后、现在之前", code="decided_at_wrong")
    confirmed = ask.result == "confirmed"
    state = FilingState.CONFIRMED if confirmed else FilingState.REJECTED
    filing = replace(agreement.filing, state=state, result=ask.result, decided_at=ask.decided_at)
    told = _decided(matter, agreement, ask)
    return moved(
        matter, by, told, reason=f"法院决定：{ask.result}", agreement=replace(agreement, filing=filing),
        clocks=clocks.stopped(matter.clocks, told.TYPE, replace(by, at=ask.decided_at)),
    )  # fmt: skip


def ruled(matter: Matter, told: RequestServed, by: By) -> Decision[Matter] | None:
    """What the court answered online is its decision; None for another agreement, or one decided before."""
    agreement = matter.agreement
    filing = agreement.filing if agreement and agreement.agr_id == told.agreement_id else None
    if filing is None or filing.state is not FilingState.FILED or told.result not in COURT_RESULTS:
        return None
    at = max(filing.filed_at, min(told.served_at, by.at))
    return decide(matter, CourtDecision(result=told.result, decided_at=at), by)


def warning(agreement: Agreement, now: datetime | None = None) -> str:
    """What a person is told about a request that is late, or would be now; empty when it is in time."""
    late = agreement.filing.days_late if agreement.filing else late_by(agreement, now)
    return f"已过申请期限{late}天，是否受理由法院决定；也可就协议另行起诉" if late else ""


def package(matter: Matter, now: datetime) -> dict[str, object]:
    """What the parties bring to the court, what is here of it, and a warning when the days are over."""
    agreement = _in_force(matter)
    papers = agreement.filing.materials if agreement.filing else ()
    here = {"agreement", "mediation_proof", *papers}
    return {
        "deadline": agreement.confirm_deadline,
        "warning": warning(agreement, now),
        "applicants": matter.refs,
        "proof": {
            "organisation": matter.organisation,
            "mediators": agreement_mediators(agreement),
            "sessions": [session.session_id for session in matter.sessions if session.started_at],
            "effective_at": agreement.effective_at,
        },
        "documents": [
            {
                "code": code,
                "name": name,
                "present": code in here,
                "needed": code not in WANTED_ONLY_IF_PROPERTY,
            }
            for code, name in PACKAGE.items()
        ],
    }


def agreement_mediators(agreement: Agreement) -> list[str]:
    """The mediators who signed."""
    return [one.signer for one in agreement.signatures if one.role == "mediator"]


def late_by(agreement: Agreement, at: datetime | None) -> int:
    """Days by which a request made at an instant is late."""
    deadline = agreement.confirm_deadline
    if at is None or deadline is None or at < deadline:
        return 0
    return max(days(midnight(last_day(deadline)), at), 1)


def _in_force(matter: Matter) -> Agreement:
    agreement = matter.agreement
    if agreement is None or agreement.effective_at is None:
        raise NotFound("还没有生效的协议", code="agreement_not_in_force")
    return agreement


def _time_is_right(agreement: Agreement, ask: File, by: By) -> None:
    assert agreement.effective_at is not None
    if ask.filed_at > by.at or ask.filed_at < agreement.effective_at:
        raise Refused("申请时间应在协议生效之后、现在之前", code="filed_at_wrong")


def _decided(matter: Matter, agreement: Agreement, ask: CourtDecision) -> Event:
    about = {"mm_id": matter.mm_id, "agr_id": agreement.agr_id, "case_id": matter.case_id}
    if ask.result == "confirmed":
        return MediationConfirmed(**about, decided_at=ask.decided_at)
    return MediationRejected(**about, decided_at=ask.decided_at, reason=ask.result)
