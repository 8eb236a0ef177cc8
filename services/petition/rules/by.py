"""Who acts, when, under which county's rules, and with whose seal: what every rule is given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shared.crypto import Sealer
from shared.decision import Actor
from shared.profile import Profile


@dataclass(frozen=True, kw_only=True)
class By:
    """The present act."""

    actor: Actor
    at: datetime
    profile: Profile
    sealer: Sealer
