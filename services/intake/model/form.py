"""What somebody filled in, in plain words, before anything of it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.intake.model.desk import Harm, Report
from shared.contracts.fields import Channel, MatterType, PersonsBand, PlaceKind, PublicFlag

PartyRole = Literal["applicant", "respondent", "third", "representative", "agent"]
PartyKind = Literal["natural", "legal"]
Zone = Literal["reception", "mediation", "arbitration_litigation"]
Confidentiality = Literal["normal", "complaint_protected"]


@dataclass(frozen=True, kw_only=True)
class PartyForm:
    """One party as it was given. `name` of the other side may be a description."""

    role: PartyRole
    kind: PartyKind = "natural"
    name: str = ""
    phone: str = ""
    id_no: str = ""
    address: str = ""
    language: str = ""
    access_needs: tuple[str, ...] = ()
    minor_u14: bool = False
    away: bool = False


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Why the law does not let the centre handle this, and the road that is open instead (IN-04)."""

    reason: str
    route: str


@dataclass(frozen=True, kw_only=True)
class Form:
    """One registration as it was given, whatever channel it came by."""

    channel: Channel
    region: str
    summary: str = ""
    title: str = ""
    requests: tuple[str, ...] = ()
    parties: tuple[PartyForm, ...] = ()
    external_ref: str = ""
    source_domain: str | None = None
    matter_type: MatterType = "unclassified"
    category: str | None = None
    grid_id: str | None = None
    place: str = ""
    place_kind: PlaceKind | None = None
    discovered_at: datetime | None = None
    received_at: datetime | None = None
    persons_involved: int | None = None
    units_involved: tuple[str, ...] = ()
    flags: tuple[PublicFlag, ...] = ()
    emergency: bool = False
    resident_waiting: bool = False
    confidentiality: Confidentiality = "normal"
    window: str = ""
    zone: Zone | None = None
    duty_leader: str | None = None
    first_receiver: str | None = None
    not_given: tuple[str, ...] = ()
    answer: str | None = None  # settled on the spot (IN-24)
    answered_at: datetime | None = None  # of imported matters: when it was
    not_accepted: Refusal | None = None
    finding_id: str | None = None
    persons_band: PersonsBand | None = None  # what a grid worker reports instead of a number
    import_id: str | None = None
    import_row: int | None = None
    received_given: bool = False  # whether somebody said when it was received
    harm: tuple[Harm, ...] = ()  # what has to be reported at once
    reports: tuple[Report, ...] = ()  # and was
    linkage_stage: str | None = None  # of a court's referral: before filing, after it, in simple procedure
    assisted: bool = False  # somebody helped to fill the form in
