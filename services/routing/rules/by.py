"""Who acts, when, and under which county's rules: what every rule is given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shared.decision import Actor
from shared.profile import Profile


@dataclass(frozen=True, kw_only=True)
class By:
    """The present act."""

    actor: Actor
    at: datetime
    profile: Profile
