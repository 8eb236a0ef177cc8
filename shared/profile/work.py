"""The part of a profile about daily work: returning, refusing, referring, mediating, calling back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from shared.profile.shape import Basis, Code, Count, LinkId, Positive, Share, Text, UnitId


@dataclass(frozen=True, kw_only=True)
class Reason:
    """A reason with a code and a name; `route` says where a resident can go instead."""

    code: Code
    name: Text
    route: str = ""
    basis: Basis


@dataclass(frozen=True, kw_only=True)
class Returns:
    """How often a unit may give a case back, and why."""

    max: Count
    third: Code
    reasons: tuple[Reason, ...]
    auto_agree: tuple[Code, ...] = ()  # a department's system may give back for these without being asked
    basis: Basis


@dataclass(frozen=True, kw_only=True)
class NotAccept:
    """When a registered matter is lawfully not taken up."""

    reasons: tuple[Reason, ...]
    notice: Code
    basis: Basis


@dataclass(frozen=True, kw_only=True)
class Route:
    """A lawful way out of the centre."""

    code: Code
    name: Text
    unit: UnitId
    receipt: bool
    basis: Basis


@dataclass(frozen=True, kw_only=True)
class Callback:
    """Asking the resident afterwards."""

    attempts: Positive
    within: str = ""
    caller_not_handler: bool = True
    questions: tuple[Code, ...] = ()
    sample_instant: Share = 0.0
    basis: Basis


@dataclass(frozen=True, kw_only=True)
class Panel:
    """How many mediators, and whether the parties may choose them."""

    min: Positive
    may_be_chosen: bool


@dataclass(frozen=True, kw_only=True)
class Team:
    """Who belongs to a team; a missing one is flagged and never freezes a case."""

    roles: Mapping[str, Positive]
    missing: Literal["flag"] = "flag"
    basis: Basis


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """What a mediator is paid for a case, by its dossier."""

    oral: Count
    written: Count
    difficult: Count
    confirmed_extra: Count
    currency: Text
    basis: Basis


@dataclass(frozen=True, kw_only=True)
class Mediation:
    """How mediation is done here."""

    kinds: tuple[Code, ...]
    modes: tuple[Code, ...]
    linkages: tuple[Code, ...]
    consent: Code
    recording_default: Code = "none"
    means: tuple[Code, ...] = ()
    oral_allowed: bool
    ink_signature: bool
    e_signature: Code
    limit: str = ""
    panel: Panel
    team_templates: Mapping[str, Team] = field(default_factory=dict)
    allowance: Allowance | None = None
    basis: Basis


@dataclass(frozen=True, kw_only=True)
class Agency:
    """Running errands for petitioners."""

    enabled: bool
    from_tiers: tuple[Code, ...] = ()
    authorisation: Code = "written"
    limit: str = ""


@dataclass(frozen=True, kw_only=True)
class Petition:
    """How petitions are treated."""

    agency: Agency
    representatives_max: Positive
    reclass_second_approval: bool
    delete: Literal["never"]
    basis: Basis


@dataclass(frozen=True, kw_only=True)
class Aid:
    """The kinds of help that can be offered."""

    kinds: tuple[Code, ...]
    consent: bool
    basis: Basis


@dataclass(frozen=True, kw_only=True)
class Checklist:
    """Items a person ticks before closing."""

    code: Code
    name: Text
    items: tuple[Text, ...]
    applies_to: tuple[Code, ...] = ()
    basis: Basis


@dataclass(frozen=True, kw_only=True)
class Room:
    """A room of a centre: its two-way video link, and how the camera platform calls it. Numbers only."""

    id: Code
    centre: UnitId
    kind: Literal["reception", "mediation"]
    video_link: LinkId
    camera: LinkId | None = None


@dataclass(frozen=True, kw_only=True)
class Rooms:
    """Video in mediation rooms."""

    video: Code
    recording_default: Code = "none"
    basis: Basis
    places: tuple[Room, ...] = ()

    def room(self, id: str) -> Room | None:
        """The room of this id."""
        return next((room for room in self.places if room.id == id), None)


@dataclass(frozen=True, kw_only=True)
class Reveals:
    """How many sealed fields one person may look at before a second person has to agree."""

    hour: Positive = 30
    day: Positive = 150
    basis: Basis = "设计默认：一个窗口一小时接待不到三十人"


@dataclass(frozen=True, kw_only=True)
class Online:
    """What residents do from home."""

    draft_days: Positive = 7
    basis: Basis = "设计默认：没写完的申请留七天"


@dataclass(frozen=True, kw_only=True)
class Retention:
    """How long what is kept."""

    pii_after_archive_years: Positive
    dossier_years: Mapping[str, Positive]
    login_log_months: Positive
    basis: Basis
