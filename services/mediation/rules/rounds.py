"""Which failed sittings count as an attempt: a round counts once, whatever number of talks it took (COR-11).

A sitting counts when it ended without agreement, was really held, both sides were met in its round or the one
that was not had been invited properly often enough, the round is on record and has not counted yet, and the
one before lies long enough back. Refusing, interrupting, adjourning and not meeting never count. The numbers
are the profile's (`attempt`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from services.mediation.model import Matter, Party, Presence, Session
from services.mediation.model.words import OPPOSED
from shared.profile.tiers import Attempt, Ladder

COUNTS = ("no_agreement", "absent")


def verdict(matter: Matter, session: Session, attempt: Attempt) -> str:
    """Why a sitting counts (`no_agreement`, `absent`), or why it does not."""
    if session.outcome != "failed" or session.started_at is None:
        return "not_held"
    mine = round_of(matter, session, attempt)
    came = {side: any(present(matter, each, side) for each in mine) for side in OPPOSED}
    if not any(came.values()):
        return "nobody_came"
    if not all(came[side] or invited(matter, session, side, attempt) for side in OPPOSED):
        return "absent_not_invited"
    if not any(each.minutes for each in mine):
        return "minutes_missing"
    return repeated(matter, session, mine, attempt) or ("no_agreement" if all(came.values()) else "absent")


def repeated(matter: Matter, session: Session, mine: list[Session], attempt: Attempt) -> str:
    """Why a sitting adds nothing to what has counted already; empty when it does."""
    if any(each.counts_as_attempt for each in mine if each is not session):
        return "same_round"
    counted = [each for each in matter.sessions if each.counts_as_attempt and each is not session]
    least = timedelta(hours=attempt.min_gap_hours)
    return "too_soon" if any(gap(session, other) < least for other in counted) else ""


def present(matter: Matter, session: Session, side: str) -> bool:
    """Whether somebody of a side came."""
    return any(there.present for there in _of(matter, session, side))


def invited(matter: Matter, session: Session, side: str, attempt: Attempt) -> bool:
    """Whether everybody of a side was properly invited often enough before the sitting."""
    began = session.started_at
    return began is not None and all(
        sum(notice.at < began for notice in there.notices) >= attempt.notices
        for there in _of(matter, session, side)
    )


def round_of(matter: Matter, session: Session, attempt: Attempt) -> list[Session]:
    """The sittings of one round: visits to each side by itself are one round with one record."""
    window = timedelta(hours=attempt.round_window_hours)
    found = rounds(matter.sessions, window)
    return next(each for each in found if any(one.session_id == session.session_id for one in each))


def rounds(sessions: Iterable[Session], window: timedelta) -> list[list[Session]]:
    """The sittings that were held, as rounds: same panel, begun within the window of the round's first."""
    found: list[list[Session]] = []
    held = [session for session in sessions if session.started_at]
    for session in sorted(held, key=_began):
        first = next((each[0] for each in reversed(found) if set(each[0].panel) == set(session.panel)), None)
        if first is not None and _began(session) - _began(first) <= window:
            next(each for each in found if each[0] is first).append(session)
        else:
            found.append([session])
    return found


def gap(one: Session, other: Session) -> timedelta:
    """The time between the end of one sitting and the beginning of the other."""
    first, second = sorted((one, other), key=_began)
    return _began(second) - (first.ended_at or _began(first))


def missing_officials(session: Session, attempt: Attempt, ladder: Ladder) -> tuple[str, ...]:
    """Posts that had to be there, were not, and have no excuse: noted against them, not the parties."""
    step = ladder.step(session.tier)
    required = dict.fromkeys((*attempt.attendance_required, *(step.attendance_required if step else ())))
    there = {official.role for official in session.officials if official.present or official.excused}
    return tuple(role for role in required if role not in there)


def _of(matter: Matter, session: Session, side: str) -> list[Presence]:
    refs = [party.party_ref for party in _side(matter.parties, side)]
    return [there for there in session.attendance if there.party_ref in refs]


def _side(parties: Iterable[Party], side: str) -> list[Party]:
    return [party for party in parties if party.side == side]


def _began(session: Session) -> datetime:
    assert session.started_at is not None
    return session.started_at
