"""What mediation's events do to a case: rounds count, agreements stick, a case that went on is left alone.

An event that does not fit the present state is only noted: mediation has done nothing wrong.
"""

from __future__ import annotations

from dataclasses import replace
from functools import singledispatch

from services.routing.model import Agreement, Case, Mediation, knows, row
from services.routing.model import commands as asks
from services.routing.rules import units
from services.routing.rules.by import By
from services.routing.rules.ladder import needed
from services.routing.rules.step import entered, moved, then
from shared.contracts.base import Event
from shared.contracts.fields import MediationResult
from shared.contracts.mediation import (
    MediationAgreementEffective,
    MediationClockThreshold,
    MediationMatterClosed,
    MediationMatterOpened,
    MediationSessionDeclined,
    MediationSessionFailed,
)
from shared.contracts.routing import (
    CaseAgreementReached,
    CaseAttemptRecorded,
    CaseMediationClosed,
    CaseMediationOpened,
    CaseNoted,
)
from shared.decision import Decision
from shared.errors import Problem

NOTHING = asks.Nothing()


@singledispatch
def hear(told: Event | None, case: Case, by: By) -> Decision[Case] | None:
    """What an event of mediation changes; None for those that only matter elsewhere."""
    return None


@hear.register
def opened(told: MediationMatterOpened, case: Case, by: By) -> Decision[Case]:
    """G9: mediation begins, if the case is where it may begin; else it begins when handling does."""
    matter = Mediation(mm_id=told.mm_id, opened_at=by.at)
    refusal = refused(case, "open_mediation", NOTHING, by)
    if refusal:
        return noted(replace(case, mediation=matter), told.TYPE, refusal, by)
    return begun(replace(case, mediation=matter), by)


def begun(case: Case, by: By) -> Decision[Case]:
    """G9: the case is in mediation from now on."""
    assert case.mediation is not None
    step = entered(case, "open_mediation", NOTHING, by)
    return moved(case, step, by, CaseMediationOpened(case_id=case.case_id, mm_id=case.mediation.mm_id))


def start(case: Case, by: By) -> Decision[Case]:
    """G8, and G9 at once where mediation was opened before the unit began."""
    started = units.start(case, by)
    machine = replace(by, actor=replace(by.actor, role="service"))
    waiting = case.mediation is not None and case.mediation.result is None
    if not waiting or refused(started.state, "open_mediation", NOTHING, machine):
        return started
    return then(started, lambda handling: begun(handling, machine))


@hear.register
def failed(told: MediationSessionFailed, case: Case, by: By) -> Decision[Case]:
    """G10: a round that counts brings the case nearer to the next tier; one that does not is noted."""
    ask = asks.Round(tier=told.tier, counts=told.counts_as_attempt)
    refusal = refused(case, "record_attempt", ask, by) or _foreign(case, told.mm_id)
    if refusal:
        return noted(case, told.TYPE, refusal, by)
    count = case.attempts.get(told.tier, 0) + 1
    event = CaseAttemptRecorded(
        case_id=case.case_id, tier=told.tier, n=count, threshold=needed(case, by.profile)
    )
    step = entered(case, "record_attempt", ask, by)
    return moved(case, step, by, event, attempts=case.attempts | {told.tier: count})


@hear.register
def overdue(told: MediationClockThreshold, case: Case, by: By) -> Decision[Case] | None:
    """The limit of a referred case's mediation ran out: the office it came from is to hear that (MD-09)."""
    matter = case.mediation
    if told.pct < 100 or not case.referred or case.agreement or _foreign(case, told.mm_id):
        return None
    if matter is None or matter.late:
        return None
    return noted(replace(case, mediation=replace(matter, late=True)), told.TYPE, "referral_late", by)


@hear.register
def declined(told: MediationSessionDeclined, case: Case, by: By) -> Decision[Case]:
    """G11: nobody is made to mediate; the case goes back to its unit and no attempt is counted."""
    return _ended(case, told, told.mm_id, "declined", by, declined_sides=told.side_count)


@hear.register
def closed(told: MediationMatterClosed, case: Case, by: By) -> Decision[Case] | None:
    """G11: mediation ended without agreement; one that ended with it has said so before."""
    if told.result == "agreed":
        return None
    return _ended(case, told, told.mm_id, told.result, by)


def _ended(
    case: Case, told: Event, mm_id: str, result: MediationResult, by: By, declined_sides: int = 0
) -> Decision[Case]:
    refusal = refused(case, "close_mediation", NOTHING, by) or _foreign(case, mm_id)
    if refusal:
        return noted(_with_result(case, mm_id, result), told.TYPE, refusal, by)
    step = entered(case, "close_mediation", NOTHING, by)
    event = CaseMediationClosed(case_id=case.case_id, mm_id=mm_id, result=result)
    after = _with_result(case, mm_id, result, declined_sides)
    return moved(after, step, by, event, reason=f"调解终止：{result}")


@hear.register
def agreed(told: MediationAgreementEffective, case: Case, by: By) -> Decision[Case]:
    """G12: the parties agreed and the agreement took effect; wherever the case is, the agreement is kept."""
    agreement = Agreement(
        agr_id=told.agr_id,
        form=told.form,
        effective_at=told.effective_at,
        confirm_deadline=told.confirm_deadline,
    )
    after = replace(_with_result(case, told.mm_id, "agreed"), agreement=agreement)
    refusal = refused(case, "agree", NOTHING, by) or _foreign(case, told.mm_id)
    if refusal:
        return noted(after, told.TYPE, refusal, by)
    step = entered(case, "agree", NOTHING, by)
    event = CaseAgreementReached(case_id=case.case_id, agr_id=told.agr_id, form=told.form, tier=case.tier)
    return moved(after, step, by, event)


def _with_result(case: Case, mm_id: str, result: MediationResult, declined_sides: int = 0) -> Case:
    """The case with its matter ended; another matter's end does not touch it."""
    if case.mediation is None or _foreign(case, mm_id):
        return case
    ended = replace(case.mediation, result=result, declined_sides=declined_sides)
    return replace(case, mediation=ended)


def _foreign(case: Case, mm_id: str) -> str:
    mine = case.mediation is not None and case.mediation.mm_id == mm_id
    return "" if mine else "other_matter"


def refused(case: Case, command: str, ask: object, by: By) -> str:
    """Why a step cannot be taken now, as a code; empty when it can."""
    if not knows(case.state, command):
        return "moved_on"
    try:
        entered(case, command, ask, by)
    except Problem as problem:
        return problem.code
    return ""


def noted(case: Case, about: str, reason: str, by: By) -> Decision[Case]:
    """B5: heard, kept on the timeline, and nothing moved."""
    event = CaseNoted(case_id=case.case_id, about=about, reason=reason)
    return moved(case, row("note"), by, event, reason=f"只作记录：{about}（{reason}）")
