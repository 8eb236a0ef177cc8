"""A department: where it sits and who of it (入驻), and how its own system is connected."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from shared.contracts.department import Link, OnboardingStep, ResidencyMode

Slot = Literal["a", "b"]
Weekday = Literal["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]
WEEKDAYS: tuple[Weekday, ...] = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")


class Seat(StrEnum):
    """How far a residency has come."""

    REQUESTED = "requested"
    APPROVED = "approved"
    SUSPENDED = "suspended"
    ENDED = "ended"


@dataclass(frozen=True, kw_only=True)
class Seconded:
    """Somebody sent to the centre, by reference, and what they may decide on the spot."""

    ref: str
    authority: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Leave:
    """Somebody seconded is away, and who sits there meanwhile."""

    ref: str
    since: datetime
    until: datetime
    stand_in: str = ""


@dataclass(frozen=True, kw_only=True)
class Call:
    """A unit on call was called for a case, and stays until the caller lets it go."""

    case_id: str
    since: datetime
    by: str
    released_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Residency:
    """The seats of a unit at one centre. They say who is reachable, never who is competent."""

    centre: str
    mode: ResidencyMode
    seat: Seat = Seat.REQUESTED
    windows: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()  # what is handled at the seat; empty: all that the unit is competent for
    staff: tuple[Seconded, ...] = ()
    days: tuple[Weekday, ...] = ()  # of a rotating unit
    leaves: tuple[Leave, ...] = ()
    calls: tuple[Call, ...] = ()
    since: datetime
    until: datetime | None = None
    requested_by: str
    approved_by: str = ""
    suspended_until: datetime | None = None
    reason: str = ""


class Stage(StrEnum):
    """How far the connection has come; cases are handed over at `onboarded` only."""

    NONE = "none"
    REQUESTED = "requested"
    APPROVED = "approved"
    PROVISIONED = "provisioned"
    ONBOARDED = "onboarded"
    SUSPENDED = "suspended"
    LEAVING_ASKED = "leaving_asked"
    LEAVING = "leaving"
    OFFBOARDED = "offboarded"


NEXT: dict[Stage, tuple[Stage, ...]] = {
    Stage.NONE: (Stage.REQUESTED, Stage.ONBOARDED),
    Stage.REQUESTED: (Stage.APPROVED, Stage.NONE),
    Stage.APPROVED: (Stage.PROVISIONED, Stage.LEAVING_ASKED, Stage.ONBOARDED),
    Stage.PROVISIONED: (Stage.ONBOARDED, Stage.APPROVED, Stage.LEAVING_ASKED),
    Stage.ONBOARDED: (Stage.SUSPENDED, Stage.APPROVED, Stage.LEAVING_ASKED),
    Stage.SUSPENDED: (Stage.ONBOARDED, Stage.LEAVING_ASKED),
    Stage.LEAVING_ASKED: (Stage.LEAVING,),
    Stage.LEAVING: (Stage.OFFBOARDED,),
    Stage.OFFBOARDED: (Stage.REQUESTED,),
}
"""Every way from one stage to another."""

WITH_QUEUES = (
    Stage.APPROVED, Stage.PROVISIONED, Stage.ONBOARDED, Stage.SUSPENDED, Stage.LEAVING_ASKED, Stage.LEAVING,
)  # fmt: skip
TAKES_CASES = (Stage.ONBOARDED, Stage.SUSPENDED)  # owed to it; only `onboarded` is sent anything


@dataclass(frozen=True, kw_only=True)
class BrokerUser:
    """One of the two users of a mailbox. Only the broker's own salted hash of its password is kept."""

    slot: Slot
    generation: int
    password_hash: str = ""  # nobody can sign in until the password was claimed
    deployed: bool = False  # its password is a secret of the deployment, which also makes it
    ends_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A link that gives a password once. Only a hash of it is kept."""

    token_hash: str
    slot: Slot
    generation: int
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class Checked:
    """One case of the conformance kit."""

    name: str
    passed: bool


@dataclass(frozen=True, kw_only=True)
class Report:
    """What the conformance kit found, kept with the department."""

    kit: str
    schema_versions: tuple[str, ...]
    cases: tuple[Checked, ...]
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Connection:
    """How cases reach the department."""

    stage: Stage = Stage.NONE
    link: Link = "desk"
    types: tuple[str, ...] = ()
    window: int = 1
    heartbeat_s: int = 30
    contact: str = ""  # the unit's own duty telephone
    requested_by: str = ""
    approved_by: str = ""
    users: tuple[BrokerUser, ...] = ()
    claim: Claim | None = None
    report: Report | None = None
    rebuild: bool = False  # its queues are to be made again, because the broker lost them
    failed_step: OnboardingStep | None = None
    failed_reason: str = ""
    reason: str = ""  # of a suspension or an end
    until: datetime | None = None
    secure: bool = False  # suspended for security: its users are taken away
    away: bool = False  # it was told to be offline
    leaving_by: str = ""


@dataclass(frozen=True, kw_only=True)
class Department:
    """One unit: its seats and its connection."""

    department: str
    region: str
    name: str = ""  # the public name of a unit that the county's file does not have
    kind: str = "department"
    profile_version: str = ""
    connection: Connection = field(default_factory=Connection)
    residencies: tuple[Residency, ...] = ()
