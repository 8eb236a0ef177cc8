"""What petition keeps, really and in memory: petitions, the copied fields of cases, and who read what."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from services.petition.model import CaseView
from services.petition.store.documents import PetitionViewDocument
from services.petition.store.petitions import PETITION, MemoryPetitions, MongoPetitions, Petitions, Wanted
from shared.aggregate import MemoryStore, MongoStore, Store
from shared.aggregate.held import Teller
from shared.audit import MemoryTrail, MongoTrail, Trail
from shared.crypto import Sealer, passing, sealer
from shared.database import open_database
from shared.key_register import enrolled
from shared.profile import Profile, profile

__all__ = ["Petitions", "Stores", "Wanted", "memory_stores", "stores"]

_VIEW = Teller(service="petition", aggregate="view")


@dataclass(frozen=True, kw_only=True)
class Stores:
    """Everything petition keeps, the seal of its texts, and the county's settings."""

    petitions: Petitions
    views: Store[CaseView]
    audit: Trail
    sealer: Sealer
    county: Profile


@cache
def stores() -> Stores:
    """The real ones, in petition's own database.

    Raises crypto.BadKeys when the keys are missing, ProfileError when the county's settings do not hold.
    """
    box = sealer()
    enrolled(box, open_database("petition"))
    return Stores(
        petitions=MongoPetitions(),
        views=MongoStore(_VIEW, PetitionViewDocument, CaseView, projection=True),
        audit=MongoTrail("petition"),
        sealer=box,
        county=profile(),
    )


def memory_stores(county: Profile | None = None) -> Stores:
    """The same in memory, for tests and journeys; sealed with keys that die with the process."""
    return Stores(
        petitions=MemoryPetitions(PETITION),
        views=MemoryStore(_VIEW, projection=True),
        audit=MemoryTrail("petition"),
        sealer=passing(),
        county=county or profile(),
    )
