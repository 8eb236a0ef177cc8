"""A case as one row, with its clocks, hand-overs, sittings and its timeline; a petition as another."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

ClockState = Literal["running", "paused", "late", "met", "cancelled"]
Way = Literal["mailbox", "desk"]

WAITING = ("incoming", "registered", "triaged")  # nobody has the case yet
ENDED = ("closed", "referred_out", "withdrawn", "not_accepted", "merged", "answered", "refused")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing that happened: when, by whom, and the small codes that say what."""

    at: datetime
    name: str  # the event's type: case.assigned
    sequence: str
    service: str
    role: str
    codes: dict[str, str] = field(default_factory=dict)

    @property
    def place(self) -> tuple[datetime, bool, str, str, str, list[tuple[str, str]]]:
        """Its place on the timeline, the same whatever order it was heard in: what came in came first."""
        came_later = self.service != "intake"
        return self.at, came_later, self.sequence, self.service, self.name, sorted(self.codes.items())


@dataclass(frozen=True, kw_only=True)
class Clock:
    """One of the case's clocks as routing told of it. It counts while it is running, paused or late."""

    id: str
    kind: str
    started_at: datetime
    due_at: datetime
    state: ClockState = "running"
    was_late: bool = False  # stays, whatever happens later
    pct: int = 0  # the last mark somebody was reminded at
    unit: str = ""
    stopped_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Hop:
    """One handing over: to a department's mailbox, or to a unit that works at a desk."""

    id: str
    unit: str
    way: Way
    stage: str
    given_at: datetime
    sent_at: datetime | None = None
    received_at: datetime | None = None
    accepted_at: datetime | None = None
    ended_at: datetime | None = None
    accept_by: datetime | None = None
    due_at: datetime | None = None
    result: str = ""  # outcome or reason code

    @property
    def last_at(self) -> datetime:
        """When something last happened to it."""
        times = (self.sent_at, self.received_at, self.accepted_at, self.ended_at)
        return max([self.given_at, *(at for at in times if at)])


@dataclass(frozen=True, kw_only=True)
class Copy:
    """The copy of the case that one platform keeps: how far its newest revision has come."""

    platform: str
    revision: int
    stage: str
    at: datetime
    receipt_hash: str = ""
    reason: str = ""  # why the platform did not take it


@dataclass(frozen=True, kw_only=True)
class Sitting:
    """A sitting of mediation; without an outcome it is still to be held."""

    id: str
    mm_id: str
    mode: str = ""
    start: datetime | None = None
    outcome: str = ""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One case as the others told of it. Without `case_no` nothing but a later part of it was heard yet."""

    region: str
    case_no: str = ""
    reg_id: str = ""
    state: str = ""
    opened: bool = False  # routing has told of it; before that only intake has
    rested_from: str = ""
    category: str | None = None
    tier: str = ""
    complexity: str = ""
    matter_type: str = ""
    channel: str = ""
    persons_band: str = ""
    grid_id: str = ""
    flags: tuple[str, ...] = ()
    suggested_by: str = ""
    suggested_category: str | None = None
    suggestion_kept: tuple[str, ...] = ()  # parts of the suggestion that a person took over
    suggestion_changed: tuple[str, ...] = ()
    lead_unit: str = ""
    co_units: tuple[str, ...] = ()
    outcome: str = ""
    protected: bool = False
    kept_from: tuple[str, ...] = ()  # units that are complained about in it
    profile_version: str = ""
    registered_at: datetime | None = None
    registered_day: str = ""
    discovered_at: datetime | None = None
    assigned_at: datetime | None = None  # for the first time; so with the next
    accepted_at: datetime | None = None
    resolved_at: datetime | None = None  # unless a check found the result wanting
    closed_at: datetime | None = None  # when it ended, in whatever way
    closed_day: str = ""
    returns: int = 0
    attempts: int = 0
    relapses: int = 0
    finding_id: str = ""
    clocks: tuple[Clock, ...] = ()
    next_due: datetime | None = None  # of the clocks that run and are not late, the first to end
    late_since: datetime | None = None  # of the clocks that are late and still open, the first that ended
    breaches: int = 0
    hops: tuple[Hop, ...] = ()
    copies: tuple[Copy, ...] = ()
    moved_at: datetime | None = None  # the last hand-over
    units: tuple[str, ...] = ()  # whoever has or had it, leading or helping
    sittings: tuple[Sitting, ...] = ()
    sittings_open: int = 0
    timeline: tuple[Entry, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PetitionRow:
    """One petition as petition told of it; it may be a case itself, and about the matter of others."""

    region: str
    case_id: str = ""
    links: tuple[str, ...] = ()  # cases whose matter it is about, as a person confirmed
    state: str = ""
    legal_type: str = ""
    route: str = ""
    channel: str = ""
    standing: str = ""  # first or repeat, once a person has confirmed it
    unit: str = ""
    result: str = ""
    protected: bool = False
    received_at: datetime | None = None
    due_at: datetime | None = None
    concluded_at: datetime | None = None
    timeline: tuple[Entry, ...] = ()
