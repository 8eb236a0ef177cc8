"""What is kept of a registration: codes and times in the open, everything personal sealed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from services.intake.model.desk import Desk
from services.intake.model.form import Confidentiality, PartyKind, PartyRole, Refusal, Zone
from services.intake.model.suggestion import Suggested
from shared.contracts.fields import Channel, MatterType, PersonsBand, PlaceKind, PublicFlag

RegistrationState = Literal["registered", "answered", "not_accepted"]
Sealed = bytes


@dataclass(frozen=True, kw_only=True)
class Party:
    """One party in the vault. Its id is what other services know of it."""

    party_id: str
    role: PartyRole
    kind: PartyKind
    name: Sealed | None = None
    phone: Sealed | None = None
    id_no: Sealed | None = None
    address: Sealed | None = None
    language: str = ""
    access_needs: tuple[str, ...] = ()
    minor_u14: bool = False
    away: bool = False


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A text that is longer than its field, kept whole."""

    field: str
    characters: int
    content: Sealed


@dataclass(frozen=True, kw_only=True)
class Similar:
    """An earlier matter that looks the same: its number and category, nothing of a person."""

    case_no: str
    category: str | None
    reg_id: str = ""
    case_id: str = ""
    registered_at: datetime | None = None
    percent: int | None = None  # how sure it is, by the texts
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Registration:
    """One matter as it was taken in."""

    reg_id: str
    case_id: str
    case_no: str
    region: str
    profile_version: str
    protected: bool
    state: RegistrationState
    channel: Channel
    matter_type: MatterType
    category: str | None
    first_receiver: str
    registered_at: datetime
    received_at: datetime
    query_code: Sealed
    summary: Sealed
    title: Sealed | None = None
    requests: tuple[Sealed, ...] = ()
    place: Sealed | None = None
    answer: Sealed | None = None
    parties: tuple[Party, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    receiving_unit: str | None = None
    external_ref: str = ""
    source_domain: str | None = None
    grid_id: str | None = None
    place_kind: PlaceKind | None = None
    discovered_at: datetime | None = None
    persons_involved: int | None = None
    persons_band: PersonsBand = "unknown"
    units_involved: tuple[str, ...] = ()
    flags: tuple[PublicFlag, ...] = ()
    emergency: bool = False
    resident_waiting: bool = False
    out_of_hours: bool = False
    confidentiality: Confidentiality = "normal"
    window: str = ""
    zone: Zone | None = None
    duty_leader: str | None = None
    not_given: tuple[str, ...] = ()
    possible_duplicates: tuple[Similar, ...] = ()
    refusal: Refusal | None = None
    answered_at: datetime | None = None
    finding_id: str | None = None
    referred: bool = False
    linkage_stage: str | None = None
    import_id: str | None = None
    import_row: int | None = None
    created_by: str = ""
    created_role: str = ""
    request_key: str | None = None
    person_marks: tuple[str, ...] = ()  # blind indexes of own numbers, for the duplicate check only
    query_marks: tuple[str, ...] = ()  # blind indexes of query code and phone tail
    desk: Desk = field(default_factory=Desk)
    answerable: str = ""  # the first receiver, or who took over; nobody once the resident was answered
    text_mark: str = ""  # blind index of the text without spaces and punctuation
    suggested: Suggested | None = None  # what the software suggested, whatever a person chose (IN-25)
    marked_by: int = 1  # the id of the index key that made the marks
    anonymised_at: datetime | None = None  # since then nothing personal is left of it

    def party(self, party_id: str) -> Party | None:
        """The party with this id."""
        return next((party for party in self.parties if party.party_id == party_id), None)
