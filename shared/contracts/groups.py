"""What intake tells about matters that look the same: how many, and whether a person sees a crowd."""

from __future__ import annotations

from shared.contracts.base import Event, event
from shared.contracts.fields import CaseNo, Code, Count, Id, Region


@event("group.joined", by="intake", about="group")
class GroupJoined(Event):
    """A registration looks like the same matter as others; nothing is merged by this."""

    group_id: Id
    reg_id: Id
    case_id: Id
    region: Region
    members: Count
    reporters: Count


@event("group.left", by="intake", about="group")
class GroupLeft(Event):
    """A registration turned out not to belong to a group, or went to another one."""

    group_id: Id
    reg_id: Id
    members: Count


@event("group.mass_proposed", by="intake", about="group")
class GroupMassProposed(Event):
    """So many people report one matter that somebody should say whether it concerns a crowd."""

    group_id: Id
    case_id: Id
    case_no: CaseNo
    members: Count
    reporters: Count


@event("group.mass_decided", by="intake", about="group")
class GroupMassDecided(Event):
    """A person said whether many people are behind a matter; the case's flag follows."""

    group_id: Id
    case_id: Id
    mass: bool
    reason: Code
