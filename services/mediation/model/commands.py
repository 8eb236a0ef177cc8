"""What somebody may ask of a matter: one value per step. Texts are sealed by the rule that keeps them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from services.mediation.model.agreement import Signature
from services.mediation.model.matter import Mediator, Party
from services.mediation.model.session import OfficialPresence, Presence
from shared.contracts.fields import (
    AgreementForm,
    Linkage,
    MediationKind,
    MediationResult,
    PlaceKind,
    SessionMode,
    SessionOutcome,
    Tier,
)


@dataclass(frozen=True, kw_only=True)
class Open:
    """Begin to mediate a case at the tier that has it."""

    case_id: str
    tier: Tier
    kind: MediationKind
    organisation: str
    parties: tuple[Party, ...]
    mediators: tuple[Mediator, ...]
    linkage: Linkage | None = None  # as the case was referred
    linkage_stage: str = ""
    linkage_ref: str = ""


@dataclass(frozen=True, kw_only=True)
class Consent:
    """A party says whether it wants to mediate; it may say so at any time."""

    party_ref: str
    answer: str
    how: str
    side: str = ""


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """A mediator declares an interest in the case."""

    mediator_ref: str
    interest: str
    waived: bool = False


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """Fix a time and a form for a sitting."""

    mode: SessionMode
    start: datetime
    end: datetime | None = None
    agreed_by: tuple[str, ...] = ()
    place_cell: str = ""
    place_kind: PlaceKind | None = None
    room: str = ""


@dataclass(frozen=True, kw_only=True)
class Start:
    """Open the sitting."""

    rights_notice: bool = False
    identity_checked: bool = False
    recorded: bool = False
    recording_agreed_by: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class WriteMinutes:
    """The record of a sitting: facts, law explained, proposals, and what each side said (MD-03)."""

    facts: str
    law: str
    proposals: str
    views: dict[str, str]  # side -> what it said


@dataclass(frozen=True, kw_only=True)
class Hold:
    """Say how the sitting ended."""

    outcome: SessionOutcome
    attendance: tuple[Presence, ...] = ()
    officials: tuple[OfficialPresence, ...] = ()
    means: tuple[str, ...] = ()
    offers: dict[str, str] = field(default_factory=dict)
    declined_by: tuple[str, ...] = ()
    dropped_minutes: int = 0
    reason: str = ""
    minutes: WriteMinutes | None = None


@dataclass(frozen=True, kw_only=True)
class Promise:
    """One item of an agreement as it is proposed, to be done until the end of a day."""

    what: str
    debtor_ref: str
    way: str
    day: date
    place: str = ""
    amount: int = 0


@dataclass(frozen=True, kw_only=True)
class Draft:
    """Put an agreement into words, or record one made by word of mouth."""

    form: AgreementForm
    facts: str
    responsibility: str
    promises: tuple[Promise, ...] = ()
    oral_yes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Sign:
    """Signatures on the agreement."""

    signatures: tuple[Signature, ...]


@dataclass(frozen=True, kw_only=True)
class Extend:
    """All sides agree to go on until the end of a day."""

    day: date
    agreed_by: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Close:
    """End the matter without an agreement; the other legal routes were explained."""

    result: MediationResult
    reason: str
    routes_shown: bool = False
    requests_answered: bool = False


@dataclass(frozen=True, kw_only=True)
class Complain:
    """Somebody complains about a mediator."""

    mediator_ref: str
    about: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Perform:
    """An item was done."""

    no: int
    done_at: datetime
    proof_hash: str = ""


@dataclass(frozen=True, kw_only=True)
class File:
    """The parties ask a court together to confirm the agreement."""

    court: str
    applicants: tuple[str, ...]
    filed_at: datetime
    materials: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CourtDecision:
    """What the court decided about the request."""

    result: str
    decided_at: datetime
