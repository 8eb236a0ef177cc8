"""Sittings: opening one, and saying how it ended."""

from __future__ import annotations

from dataclasses import replace

from services.mediation.model import Matter, Session
from services.mediation.model.commands import Hold, Start
from services.mediation.model.table import OUTCOMES
from services.mediation.model.words import LONGEST_DROP, MEANS, OPPOSED
from services.mediation.rules import ending, minutes, rounds
from services.mediation.rules.by import By
from services.mediation.rules.panel import sitting_panel
from services.mediation.rules.step import entered, moved, noted, then
from services.mediation.rules.willing import everybody_agreed
from shared.contracts.base import Event
from shared.contracts.mediation import (
    MediationSessionDeclined,
    MediationSessionFailed,
    MediationSessionHeld,
)
from shared.decision import Decision
from shared.errors import Forbidden, NotFound, Refused

ENDED_IN_WORDS = ("agreed", "partial", "failed")  # outcomes after which there must be means and offers


def start(matter: Matter, session_id: str, ask: Start, by: By) -> Decision[Matter]:
    """The sitting begins, once everybody agreed, the rights were explained, and identities are checked."""
    state = entered(matter, "start", by)
    session = found(matter, session_id)
    everybody_agreed(matter, by)
    ready(matter, session, ask, by)
    begun = replace(
        session,
        started_at=by.at,
        panel=sitting_panel(matter),
        rights_notice=True,
        identity_checked=ask.identity_checked,
        recorded=ask.recorded,
    )
    told = noted(matter, "session.started", session_id)
    return moved(matter, by, told, state=state, reason="开始调解", sessions=swapped(matter, begun))


def ready(matter: Matter, session: Session, ask: Start, by: By) -> None:
    """What must be done before anybody speaks."""
    if len(sitting_panel(matter)) < by.profile.mediation.panel.min:
        raise Refused("没有可以主持的调解员，请先增选", code="panel_too_small")
    if not ask.rights_notice:
        raise Refused("须先告知当事人的权利义务", code="rights_notice_missing")
    if session.mode == "online" and not ask.identity_checked:
        raise Refused("线上调解须先核验身份", code="identity_not_checked")
    if ask.recorded and set(ask.recording_agreed_by) != set(matter.refs):
        raise Forbidden("录音录像须各方都同意", code="recording_not_agreed")


def hold(matter: Matter, session_id: str, ask: Hold, by: By) -> Decision[Matter]:
    """How the sitting ended; an ended limit ends the matter with it."""
    session = found(matter, session_id)
    ask = interrupted(session, ask)
    if session.started_at is None and ask.outcome in ("not_held", "declined"):
        return ending.lapsed(_never_began(matter, session, ask, by), by)
    entered(matter, "hold", by)
    complete(matter, ask, by)
    ended = replace(
        session,
        ended_at=by.at,
        attendance=ask.attendance,
        officials=ask.officials,
        means=ask.means,
        offers=ask.offers,
        outcome=ask.outcome,
        reason=ask.reason,
    )
    if ask.minutes:
        ended = minutes.written(matter, ended, ask.minutes, by)
    return ending.lapsed(_ended(matter, ended, ask, by), by)


def interrupted(session: Session, ask: Hold) -> Hold:
    """An online sitting in which one side was gone too long was interrupted: it did not fail (MD-18)."""
    gone = session.mode == "online" and ask.dropped_minutes > LONGEST_DROP
    return replace(ask, outcome="interrupted") if gone and ask.outcome == "failed" else ask


def complete(matter: Matter, ask: Hold, by: By) -> None:
    """Who came is known for each party, and a result has its means and its offers of further help."""
    if ask.outcome == "not_held":
        raise Refused("已经开始的调解不能记为未开成", code="session_was_started")
    if sorted(there.party_ref for there in ask.attendance) != sorted(matter.refs):
        raise Refused("每位当事人到没到场都要记", code="attendance_incomplete", parties=list(matter.refs))
    if ask.outcome not in ENDED_IN_WORDS:
        return
    means = by.profile.mediation.means or tuple(MEANS)
    if not ask.means or not set(ask.means) <= set(means):
        which = f"请写明用了哪些办法：{'、'.join(means)}"
        raise Refused("请写明用了哪些办法", code="means_missing", fields={"means": [which]})
    if not ask.offers:
        raise Refused("请记录法律服务、法律援助、司法确认的选择", code="offers_missing")


def _ended(matter: Matter, ended: Session, ask: Hold, by: By) -> Decision[Matter]:
    missing = rounds.missing_officials(ended, by.profile.attempt, by.profile.ladder)
    ended = replace(ended, officials_absent=missing)
    after = replace(matter, sessions=swapped(matter, ended))
    if ask.outcome in ("agreed", "partial") and not both_were_met(after, ended, by):
        raise Refused("双方都谈过才能达成一致", code="side_absent")
    ended = judged(after, ended, by)
    events: list[Event] = [_held(matter, ended)]
    if ask.outcome == "failed":
        events.append(failed(matter, ended))
    if ask.outcome == "declined":
        return _declined(replace(matter, sessions=swapped(matter, ended)), ended, ask, by, *events)
    return moved(
        matter,
        by,
        *events,
        state=OUTCOMES[ask.outcome],
        sessions=swapped(matter, ended),
        reason="记录调解结果",
    )


def both_were_met(matter: Matter, session: Session, by: By) -> bool:
    """Whether the mediators spoke with both sides in this round, together or one by one."""
    mine = rounds.round_of(matter, session, by.profile.attempt)
    return all(any(rounds.present(matter, each, side) for each in mine) for side in OPPOSED)


def judged(matter: Matter, session: Session, by: By) -> Session:
    """The sitting with the verdict whether it counts."""
    if session.outcome != "failed":
        return session
    verdict = rounds.verdict(matter, session, by.profile.attempt)
    return replace(session, counts_as_attempt=verdict in rounds.COUNTS, counts_reason=verdict)


def _never_began(matter: Matter, session: Session, ask: Hold, by: By) -> Decision[Matter]:
    state = entered(matter, "call_off", by)
    ended = replace(session, ended_at=by.at, outcome=ask.outcome, reason=ask.reason)
    after = replace(matter, sessions=swapped(matter, ended))
    if ask.outcome == "declined":
        return _declined(after, ended, ask, by)
    told = noted(matter, "session.not_held", session.session_id)
    return moved(after, by, told, state=state, reason="未开成")


def _declined(matter: Matter, session: Session, ask: Hold, by: By, *events: Event) -> Decision[Matter]:
    """Somebody does not want to go on: no failed attempt, and the other routes are explained."""
    unknown = [ref for ref in ask.declined_by if ref not in matter.refs]
    if unknown or not ask.declined_by:
        raise Refused("请写明是哪一方不愿调解", code="declined_by_missing")
    parties = tuple(
        replace(party, consent="refused", asked_at=by.at) if party.party_ref in ask.declined_by else party
        for party in matter.parties
    )
    sides = {party.side for party in parties if party.consent == "refused"}
    told = MediationSessionDeclined(
        mm_id=matter.mm_id, session_id=session.session_id, case_id=matter.case_id, side_count=len(sides)
    )
    said = moved(matter, by, *events, told, reason="当事人不愿调解", parties=parties)
    return then(
        said, ending.closed(said.state, "declined", by, reason="declined_by_party", routes_shown=True)
    )


def failed(matter: Matter, session: Session) -> MediationSessionFailed:
    """The sitting ended without agreement; whether it counts is in it."""
    return MediationSessionFailed(
        mm_id=matter.mm_id,
        session_id=session.session_id,
        case_id=matter.case_id,
        tier=session.tier,
        counts_as_attempt=session.counts_as_attempt,
        reason_code=session.counts_reason,
    )


def _held(matter: Matter, session: Session) -> MediationSessionHeld:
    assert session.started_at and session.ended_at and session.outcome
    return MediationSessionHeld(
        mm_id=matter.mm_id,
        session_id=session.session_id,
        case_id=matter.case_id,
        tier=session.tier,
        mode=session.mode,
        outcome=session.outcome,
        minutes=int((session.ended_at - session.started_at).total_seconds() // 60),
    )


def found(matter: Matter, session_id: str) -> Session:
    """The present sitting.

    Raises NotFound for an unknown one and Refused for one that is over.
    """
    session = matter.session(session_id)
    if session is None:
        raise NotFound("没有找到这次调解", code="session_not_found")
    if session.outcome is not None:
        raise Refused("这次调解已经有结果", code="session_is_over")
    return session


def swapped(matter: Matter, session: Session) -> tuple[Session, ...]:
    """The sittings with one of them replaced."""
    return tuple(session if s.session_id == session.session_id else s for s in matter.sessions)
