"""What is told about cases that turned out to be one matter: who joined whom, and what was undone."""

from __future__ import annotations

from shared.contracts.base import Event, event
from shared.contracts.fields import Code, Count, Id


@event("case.joined", by="routing", about="case")
class CaseJoined(Event):
    """Another case was merged into this one; its residents wait for the answer to this one now."""

    case_id: Id
    from_case_id: Id
    joined: Count  # how many have joined by now


@event("case.parted", by="routing", about="case")
class CaseParted(Event):
    """A case that had joined this one goes its own way again."""

    case_id: Id
    from_case_id: Id
    joined: Count


@event("case.unmerged", by="routing", about="case")
class CaseUnmerged(Event):
    """A merge was undone: the case is where it was before, and its clocks run to their old ends."""

    case_id: Id
    from_case_id: Id
    reason: Code
    state: Code  # where it is again
