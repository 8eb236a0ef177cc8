"""What mediation knows of a case: the few fields it copies from what routing tells."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from shared.contracts.fields import Tier

READY = ("assigned", "accepted", "handling", "mediating")
"""States of a case in which mediation may begin; routing itself starts it once the unit works on the case."""

ENDED = ("closed", "referred_out", "withdrawn", "not_accepted", "merged")


@dataclass(frozen=True, kw_only=True)
class CaseView:
    """A case as far as mediation needs it. `told` says for each group of fields how new it is."""

    case_id: str
    region: str
    case_no: str = ""
    state: str = ""
    state_at: datetime | None = None
    tier: Tier = "village"
    category: str | None = None
    matter_type: str = ""
    willingness: str = "unknown"
    protected: bool = False
    lead_unit: str = ""
    channel: str = ""
    referred: bool = False  # another office handed it in; its number is with the registration
    linkage_stage: str | None = None
    told: dict[str, str] = field(default_factory=dict)
