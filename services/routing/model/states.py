"""The sixteen places where a case can be."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a case is. The order of the first ten is the straight way through."""

    REGISTERED = "registered"
    TRIAGED = "triaged"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    HANDLING = "handling"
    MEDIATING = "mediating"
    AGREED = "agreed"
    RESOLVED = "resolved"
    VERIFIED = "verified"
    CLOSED = "closed"
    SUSPENDED = "suspended"
    ESCALATING = "escalating"
    REFERRED_OUT = "referred_out"
    WITHDRAWN = "withdrawn"
    NOT_ACCEPTED = "not_accepted"
    MERGED = "merged"


ENDED = (State.CLOSED, State.REFERRED_OUT, State.WITHDRAWN, State.NOT_ACCEPTED, State.MERGED)
OPEN = tuple(state for state in State if state not in ENDED)

SAFETY_FLAGS = ("violence_risk", "minor_harm", "dv")  # known to routing only; elsewhere: `protected`
PUBLIC_FLAGS = ("mass", "cross_unit", "cross_tier", "cross_township", "major", "sudden")
