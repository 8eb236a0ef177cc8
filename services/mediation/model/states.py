"""Where a matter, an agreement and a request for confirmation can be."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a matter is."""

    OPENED = "opened"
    SCHEDULED = "scheduled"
    IN_SESSION = "in_session"
    AGREED = "agreed"
    FAILED = "failed"
    ADJOURNED = "adjourned"
    CLOSED = "closed"


class AgreementState(StrEnum):
    """Where an agreement is. Whether it was confirmed by a court is told beside, in its filing."""

    DRAFT = "draft"
    SIGNING = "signing"
    EFFECTIVE = "effective"
    PERFORMING = "performing"
    PERFORMED = "performed"
    BREACHED = "breached"
    DISPUTED = "disputed"


class FilingState(StrEnum):
    """Where a joint request for judicial confirmation is."""

    FILED = "filed"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


OPEN = tuple(state for state in State if state is not State.CLOSED)
WAITING = (State.OPENED, State.SCHEDULED, State.FAILED, State.ADJOURNED)
"""States in which nothing goes on between the parties: here the limit of mediation ends a matter."""

IN_FORCE = (
    AgreementState.EFFECTIVE,
    AgreementState.PERFORMING,
    AgreementState.PERFORMED,
    AgreementState.BREACHED,
    AgreementState.DISPUTED,
)
