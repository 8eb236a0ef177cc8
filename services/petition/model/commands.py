"""What somebody may ask of a petition: one value per step. Texts are sealed by the rule that keeps them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from shared.contracts.fields import Channel, Opinion, PetitionType


@dataclass(frozen=True, kw_only=True)
class Register:
    """A petition came in."""

    region: str
    channel: Channel
    received_at: datetime
    legal_type: PetitionType = "appeal_request"
    route: str = "petition_procedure"
    case_id: str | None = None
    case_no: str = ""
    summary: str = ""
    representatives: int = 0
    complained_units: tuple[str, ...] = ()
    protected: bool = False
    simple: bool = False


@dataclass(frozen=True, kw_only=True)
class Sort:
    """Which kind it is in law, and which way it goes."""

    legal_type: PetitionType
    route: str


@dataclass(frozen=True, kw_only=True)
class Transfer:
    """Send it to the unit that must answer it."""

    to_unit: str


@dataclass(frozen=True, kw_only=True)
class Notify:
    """Tell the petitioner in writing whether it is accepted, else why not and where to go."""

    accepted: bool
    how: str
    notified_at: datetime | None = None
    reason: str = ""
    route: str = ""


@dataclass(frozen=True, kw_only=True)
class Accept:
    """The responsible unit accepts it; the sixty days run from then."""

    accepted_at: datetime | None = None
    simple: bool = False


@dataclass(frozen=True, kw_only=True)
class Extend:
    """The head of the unit grants more time, once."""

    days: int
    reason: str
    petitioner_told: bool = False


@dataclass(frozen=True, kw_only=True)
class Serve:
    """The written opinion reached the petitioner."""

    result: Opinion
    how: str
    parts: dict[str, str] = field(default_factory=dict)
    served_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Conclude:
    """The petition is at its end: nobody asks for a review, and the petitioner was asked how it went."""

    basis: str
    satisfied: int = 0
    remaining_hardship: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Confirm:
    """A person says whether it is the first petition of its matter."""

    kind: str
    repeat_of: str | None = None
    earlier_exists: bool = False  # looked up by the handler


@dataclass(frozen=True, kw_only=True)
class LinkTo:
    """A person says that it is about the matter of a case."""

    case_id: str
    confirmed: bool = False


@dataclass(frozen=True, kw_only=True)
class Void:
    """A person says that the entry is an error."""

    reason: str
