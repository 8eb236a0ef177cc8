"""The matter: one mediation of a case at one tier, its sittings, minutes and agreement in one document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.mediation.model.agreement import Agreement
from services.mediation.model.session import Session
from services.mediation.model.states import State
from shared import deadlines
from shared.contracts.fields import Linkage, MediationKind, MediationResult, Tier
from shared.deadlines import Deadline


@dataclass(frozen=True, kw_only=True)
class Party:
    """A party as a reference, its side, and whether it wants to mediate."""

    party_ref: str
    side: str
    consent: str
    how: str = ""
    asked_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Mediator:
    """A mediator of this matter, who chose them, and what they declared."""

    ref: str
    interest: str
    chosen_by: str = "organisation"
    waived: bool = False  # both parties agreed in writing that they may go on all the same
    stepped_back_at: datetime | None = None

    @property
    def may_sit(self) -> bool:
        """Whether this mediator may lead a sitting."""
        return self.stepped_back_at is None and (self.interest == "none" or self.waived)


@dataclass(frozen=True, kw_only=True)
class Complaint:
    """A complaint about a mediator; the one it is about does not read it."""

    mediator_ref: str
    about: str
    text: bytes
    at: datetime
    by: str


@dataclass(frozen=True, kw_only=True)
class Matter:
    """One mediation of one case."""

    mm_id: str
    case_id: str
    case_no: str
    region: str
    tier: Tier
    kind: MediationKind
    organisation: str
    state: State
    opened_at: datetime
    profile_version: str
    category: str | None = None
    protected: bool = False
    linkage: Linkage = "none"
    linkage_stage: str = ""
    linkage_ref: bytes | None = None
    limit_kind: str = "people_mediation"
    parties: tuple[Party, ...] = ()
    panel: tuple[Mediator, ...] = ()
    sessions: tuple[Session, ...] = ()
    agreement: Agreement | None = None
    clocks: tuple[Deadline, ...] = ()
    routes_shown_at: datetime | None = None  # the parties were told of arbitration, petition and court
    complaints: tuple[Complaint, ...] = ()
    result: MediationResult | None = None
    closed_at: datetime | None = None
    close_reason: str = ""
    request_key: str = ""

    @property
    def refs(self) -> tuple[str, ...]:
        """The references of all parties."""
        return tuple(party.party_ref for party in self.parties)

    @property
    def sitting(self) -> Session | None:
        """The last sitting."""
        return self.sessions[-1] if self.sessions else None

    @property
    def attempts(self) -> int:
        """How many failed rounds count."""
        return sum(1 for session in self.sessions if session.counts_as_attempt)

    def session(self, session_id: str) -> Session | None:
        """The sitting with this id."""
        return next((each for each in self.sessions if each.session_id == session_id), None)

    def clock(self, kind: str) -> Deadline | None:
        """The clock of a kind."""
        return next((clock for clock in self.clocks if clock.kind == kind), None)

    @property
    def next_at(self) -> datetime | None:
        """When time next changes this matter; None when only people can."""
        instants = [deadlines.next_at(clock) for clock in self.clocks]
        if self.agreement:
            instants.append(self.agreement.next_at)
        return min((at for at in instants if at), default=None)
