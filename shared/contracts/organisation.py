"""What identity tells of the organisation: cards of units, posts, what hangs on the wall. No names."""

from __future__ import annotations

from shared.contracts.base import Event, event
from shared.contracts.fields import Code, Id, Unit


@event("card.changed", by="identity", about="card")
class CardChanged(Event):
    """Something of a unit's card is different: its host, its parts, its size, its rooms, its seats."""

    unit: Unit
    parts: tuple[Code, ...]


@event("card.renamed", by="identity", about="card")
class CardRenamed(Event):
    """A unit is called otherwise from a day on; what was written before keeps the name of then."""

    unit: Unit


@event("card.merged", by="identity", about="card")
class CardMerged(Event):
    """A unit went into another one."""

    unit: Unit
    into: Unit


@event("posting.begun", by="identity", about="posting")
class PostingBegun(Event):
    """Somebody holds a post at a unit."""

    posting_id: Id
    unit: Unit
    post: Code
    account_id: Id
    responsibility: Code | None = None


@event("posting.ended", by="identity", about="posting")
class PostingEnded(Event):
    """Somebody holds a post no longer."""

    posting_id: Id
    unit: Unit
    post: Code


@event("sheet.agreed", by="identity", about="sheet")
class SheetAgreed(Event):
    """Somebody agreed to what hangs on the wall about them."""

    account_id: Id


@event("sheet.taken_down", by="identity", about="sheet")
class SheetTakenDown(Event):
    """Nothing hangs on the wall about somebody any more."""

    account_id: Id


@event("assignment.given", by="identity", about="assignment")
class AssignmentGiven(Event):
    """A higher body gave a lower one a task, or guidance."""

    assignment_id: Id
    kind: Code
    from_unit: Unit
    unit: Unit
    owner: Id | None = None


@event("assignment.acknowledged", by="identity", about="assignment")
class AssignmentAcknowledged(Event):
    """Whom it was given to has read it."""

    assignment_id: Id
    unit: Unit


@event("assignment.done", by="identity", about="assignment")
class AssignmentDone(Event):
    """Whom it was given to reports it done."""

    assignment_id: Id
    unit: Unit
    late: bool = False
