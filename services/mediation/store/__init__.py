"""What mediation keeps, really and in memory: matters, the copied fields of cases, and who read what."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from services.mediation.model import CaseView
from services.mediation.store.documents import MediationViewDocument
from services.mediation.store.matters import MATTER, Matters, MemoryMatters, MongoMatters, Wanted
from shared.aggregate import MemoryStore, MongoStore, Store
from shared.aggregate.held import Teller
from shared.audit import MemoryTrail, MongoTrail, Trail
from shared.crypto import Sealer, passing, sealer
from shared.database import open_database
from shared.key_register import enrolled
from shared.profile import Profile, profile

__all__ = ["Matters", "Stores", "Wanted", "memory_stores", "stores"]

_VIEW = Teller(service="mediation", aggregate="view")


@dataclass(frozen=True, kw_only=True)
class Stores:
    """Everything mediation keeps, the seal of its texts, and the county's settings."""

    matters: Matters
    views: Store[CaseView]
    audit: Trail
    sealer: Sealer
    county: Profile


@cache
def stores() -> Stores:
    """The real ones, in mediation's own database.

    Raises crypto.BadKeys when the keys are missing, ProfileError when the county's settings do not hold.
    """
    box = sealer()
    enrolled(box, open_database("mediation"))
    return Stores(
        matters=MongoMatters(),
        views=MongoStore(_VIEW, MediationViewDocument, CaseView, projection=True),
        audit=MongoTrail("mediation"),
        sealer=box,
        county=profile(),
    )


def memory_stores(county: Profile | None = None) -> Stores:
    """The same in memory, for tests and journeys; sealed with keys that die with the process."""
    return Stores(
        matters=MemoryMatters(MATTER),
        views=MemoryStore(_VIEW, projection=True),
        audit=MemoryTrail("mediation"),
        sealer=passing(),
        county=county or profile(),
    )
