"""A sitting: when, where and how, who came, what came of it, and its minutes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from shared.contracts.fields import PlaceKind, SessionMode, SessionOutcome, Tier


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A proper invitation to a sitting."""

    at: datetime
    how: str


@dataclass(frozen=True, kw_only=True)
class Presence:
    """Whether a party came, and how often it was invited."""

    party_ref: str
    present: bool
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OfficialPresence:
    """Whether an official who must attend came, or is excused."""

    role: str
    present: bool
    excused: bool = False


@dataclass(frozen=True, kw_only=True)
class Minutes:
    """One version of the record of a sitting, sealed. Versions are added, never overwritten."""

    at: datetime
    by: str
    facts: bytes
    law: bytes
    proposals: bytes
    views: dict[str, bytes]  # side -> what it said


@dataclass(frozen=True, kw_only=True)
class Session:
    """One sitting."""

    session_id: str
    seq: int
    tier: Tier
    panel: tuple[str, ...]
    mode: SessionMode
    planned_start: datetime
    planned_end: datetime | None = None
    agreed_by: tuple[str, ...] = ()  # parties who said yes to this form
    place_cell: str = ""
    place_kind: PlaceKind | None = None
    room: str = ""
    video_link: str = ""  # the room's number in the video network: no picture passes through here

    started_at: datetime | None = None
    ended_at: datetime | None = None
    rights_notice: bool = False
    identity_checked: bool = False
    recorded: bool = False
    attendance: tuple[Presence, ...] = ()
    officials: tuple[OfficialPresence, ...] = ()
    officials_absent: tuple[str, ...] = ()  # the round counts for the parties all the same (COR-11)
    means: tuple[str, ...] = ()
    offers: dict[str, str] = field(default_factory=dict)
    outcome: SessionOutcome | None = None
    reason: str = ""
    counts_as_attempt: bool = False
    counts_reason: str = ""  # why it counts or does not
    minutes: tuple[Minutes, ...] = ()
