"""What the software suggests about a matter. A person decides; the suggestion is kept beside the choice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from shared.contracts.fields import Complexity, MatterType, Tier

Kind = Literal["dispute", "message"]
NOT_ASKED = "off"  # the county has switched suggestions off


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One category, how sure the suggestion is of it, and the words of the text that spoke for it."""

    category: str
    confidence: int  # per cent
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """Everything that is shown to the clerk. `category` is empty where nothing is clear enough."""

    kind: Kind
    category: str | None
    confidence: int
    candidates: tuple[Candidate, ...]
    beside: Candidate | None  # the likeliest category of the other kind
    matter_type: MatterType | None
    complexity: Complexity | None
    tier: Tier
    unit: str | None
    unit_reason: str
    flags: tuple[str, ...]
    by: str


@dataclass(frozen=True, kw_only=True)
class Suggested:
    """What is kept of it with the registration: codes only, so that it can be compared with the choice."""

    category: str | None
    confidence: int
    others: tuple[str, ...]
    matter_type: MatterType | None
    complexity: Complexity | None
    tier: Tier
    unit: str | None
    by: str
