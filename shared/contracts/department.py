"""What routing tells about a department: who of it sits where (入驻), and whether its system is connected.

The aggregate is the unit, `department/<unit id>`: residency and connection share one sequence. Residency says
who is reachable, never who is competent. No event carries a password, an address or a name.
"""

from __future__ import annotations

from typing import Literal

from shared.contracts.base import Event, event
from shared.contracts.fields import Code, Count, Hash, Id, Instant, Number, Ref, Unit, Version

ResidencyMode = Literal["resident", "rotating", "on_call"]  # 常驻 | 轮驻 | 随叫随驻
ResidencyChange = Literal[
    "mode",
    "windows",
    "categories",
    "staff",
    "schedule",
    "leave",
    "stand_in",
    "called",
    "released",
    "resumed",
]
Link = Literal["mailbox", "desk"]
OnboardingStep = Literal["user", "rights", "queues", "limits", "safe", "probe", "conformance"]


# ── residency 入驻 ───────────────────────────────────────────────────────────────────────────────


@event("department.residency_requested", by="routing", about="department")
class DepartmentResidencyRequested(Event):
    """A unit is to take seats at a centre; a second person has not agreed yet."""

    department: Unit
    centre: Unit
    mode: ResidencyMode
    windows: tuple[Code, ...] = ()
    categories: tuple[Code, ...] = ()
    staff: tuple[Ref, ...] = ()
    since: Instant
    until: Instant | None = None


@event("department.residency_approved", by="routing", about="department")
class DepartmentResidencyApproved(Event):
    """The unit has its seats at the centre from this instant on."""

    department: Unit
    centre: Unit
    mode: ResidencyMode
    windows: tuple[Code, ...] = ()
    categories: tuple[Code, ...] = ()
    staff: tuple[Ref, ...] = ()
    since: Instant
    until: Instant | None = None


@event("department.residency_changed", by="routing", about="department")
class DepartmentResidencyChanged(Event):
    """Something about the seats is different: `what` names it, the fields say how it is from now on.

    `staff` and `authority` are of the seconded; `staff_ref` is who is on leave, `stand_in_ref` who sits there
    meanwhile; `case_id` is the case a unit on call was called for, or released from.
    """

    department: Unit
    centre: Unit
    what: ResidencyChange
    mode: ResidencyMode
    windows: tuple[Code, ...] = ()
    categories: tuple[Code, ...] = ()
    staff: tuple[Ref, ...] = ()
    authority: tuple[Code, ...] = ()
    staff_ref: Ref | None = None
    stand_in_ref: Ref | None = None
    case_id: Id | None = None
    since: Instant | None = None
    until: Instant | None = None


@event("department.residency_suspended", by="routing", about="department")
class DepartmentResidencySuspended(Event):
    """The unit's seats at the centre stay empty for a while."""

    department: Unit
    centre: Unit
    reason: Code
    until: Instant | None = None


@event("department.residency_ended", by="routing", about="department")
class DepartmentResidencyEnded(Event):
    """The unit has no seats at the centre any more."""

    department: Unit
    centre: Unit
    reason: Code


# ── connection ──────────────────────────────────────────────────────────────────────────────────


@event("department.onboarding_requested", by="routing", about="department")
class DepartmentOnboardingRequested(Event):
    """A unit is to be connected: by a mailbox for its own system, or by a desk when it has none.

    Told first without `approved_by`, and once more with it when a second person agreed.
    """

    department: Unit
    link: Link
    types: tuple[Version, ...]
    window: Number
    heartbeat_s: Number
    requested_by: Ref
    approved_by: Ref | None = None


@event("department.provisioned", by="routing", about="department")
class DepartmentProvisioned(Event):
    """Its mailbox stands and was tried: what was put in came out."""

    department: Unit
    user: Literal["a", "b"]
    generation: Number


@event("department.conformance_passed", by="routing", about="department")
class DepartmentConformancePassed(Event):
    """Its adapter did right in every case of the kit; the report is kept with the department."""

    department: Unit
    kit: Version
    schema_versions: tuple[Version, ...]
    passed: Number


@event("department.onboarded", by="routing", about="department")
class DepartmentOnboarded(Event):
    """Cases may be handed to it from now on, by mailbox or by desk."""

    department: Unit
    link: Link
    types: tuple[Version, ...]
    window: Number
    heartbeat_s: Number


@event("department.onboarding_failed", by="routing", about="department")
class DepartmentOnboardingFailed(Event):
    """A step of connecting it failed; it is tried again."""

    department: Unit
    step: OnboardingStep
    reason: Code


@event("department.suspended", by="routing", about="department")
class DepartmentSuspended(Event):
    """Nothing new is put into its mailbox; what it owes it still owes, and clocks run on."""

    department: Unit
    reason: Code
    until: Instant | None = None


@event("department.resumed", by="routing", about="department")
class DepartmentResumed(Event):
    """Its mailbox is filled again."""

    department: Unit


@event("department.access_changed", by="routing", about="department", minor=1)
class DepartmentAccessChanged(Event):
    """The way it signs in to the broker: a claim link made, a password claimed, or the user changed over.

    `verifier` is of a claimed password: a hash by which identity knows it again, and nobody can guess it.
    """

    department: Unit
    what: Literal["link_made", "claimed", "rotated"]
    user: Literal["a", "b"]
    generation: Number
    until: Instant | None = None
    verifier: Hash | None = None


@event("department.offboarding_requested", by="routing", about="department")
class DepartmentOffboardingRequested(Event):
    """Its connection is to end: two people agreed; what it still owes goes elsewhere first."""

    department: Unit
    reason: Code
    approved_by: Ref | None = None


@event("department.offboarded", by="routing", about="department")
class DepartmentOffboarded(Event):
    """Its mailbox was empty and is gone, and so is its user."""

    department: Unit


@event("department.went_offline", by="routing", about="department")
class DepartmentWentOffline(Event):
    """Its system gave no sign of life; clocks run on, the duty officer is told."""

    department: Unit
    liveness: Literal["silent", "stuck", "offline"]
    last_beat: Instant | None = None
    outstanding: Count


@event("department.came_online", by="routing", about="department")
class DepartmentCameOnline(Event):
    """Its system gives signs of life again."""

    department: Unit
    version: Version | None = None
