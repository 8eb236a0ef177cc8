"""The petition: one matter that somebody brought before the authorities, with its steps and limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from services.petition.model.states import State
from shared import deadlines
from shared.contracts.fields import Channel, Opinion, PetitionType
from shared.deadlines import Deadline


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A step that was taken: when, by whom, of which unit and tier (PT-09)."""

    at: datetime
    step: str
    by: str
    role: str
    unit: str
    tier: str


@dataclass(frozen=True, kw_only=True)
class Written:
    """The written opinion: its five parts sealed, its result, and when it reached the petitioner."""

    result: Opinion
    served_at: datetime
    how: str
    parts: dict[str, bytes]
    review_by: datetime


@dataclass(frozen=True, kw_only=True)
class Extension:
    """More time, granted once by the head of the unit, for a reason that the petitioner was told."""

    days: int
    reason: str
    approved_by: str
    told_at: datetime


@dataclass(frozen=True, kw_only=True)
class Link:
    """A person found that this petition is about the matter of a case."""

    case_id: str
    by: str
    role: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class CallBack:
    """The petitioner was asked how it went and whether hardship remains (PT-13)."""

    at: datetime
    satisfied: int
    remaining_hardship: bool


@dataclass(frozen=True, kw_only=True)
class VoidAsked:
    """Somebody says that the entry is an error; another person must say so too."""

    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, kw_only=True)
class Petition:
    """One petition."""

    pet_id: str
    region: str
    channel: Channel
    legal_type: PetitionType
    route: str
    received_at: datetime
    registered_at: datetime
    state: State
    unit: str  # who must take the next step
    profile_version: str
    case_id: str | None = None
    case_no: str = ""
    summary: bytes | None = None
    representatives: int = 0
    complained_units: tuple[str, ...] = ()  # none of them ever reads it (条例 art. 30)
    protected: bool = False
    simple: bool = False  # the simple procedure
    first_or_repeat: str = ""
    repeat_of: str | None = None
    transferred_at: datetime | None = None
    notified_at: datetime | None = None
    notified_how: str = ""
    refusal: str = ""
    refusal_route: str = ""
    accepted_at: datetime | None = None
    extension: Extension | None = None
    opinion: Written | None = None
    callback: CallBack | None = None
    concluded_at: datetime | None = None
    basis: str = ""
    links: tuple[Link, ...] = ()
    void_asked: VoidAsked | None = None
    clocks: tuple[Deadline, ...] = ()
    steps: tuple[Taken, ...] = ()
    request_key: str = ""

    def clock(self, kind: str) -> Deadline | None:
        """The clock of a kind."""
        return next((clock for clock in self.clocks if clock.kind == kind), None)

    @property
    def next_at(self) -> datetime | None:
        """When time next changes this petition."""
        return min((at for clock in self.clocks if (at := deadlines.next_at(clock))), default=None)

    @property
    def first_due(self) -> datetime | None:
        """The earliest end of a limit that is still to be met."""
        running = (clock.due_at for clock in self.clocks if deadlines.is_open(clock))
        return min(running, default=None)


@dataclass(frozen=True, kw_only=True)
class CaseView:
    """A case as far as petitions need it. `told` says for each field how new it is."""

    case_id: str
    region: str
    case_no: str = ""
    matter_type: str = ""
    channel: Channel = "window"
    protected: bool = False
    received_at: datetime | None = None
    told: dict[str, str] = field(default_factory=dict)
