"""What grid keeps, really and in memory: the map, findings, and the cases they became."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from services.grid.store.findings import (
    FINDING,
    REGISTERED,
    Cases,
    Findings,
    MemoryCases,
    MemoryFindings,
    MongoCases,
    MongoFindings,
    Wanted,
)
from services.grid.store.regions import REGION, MemoryRegions, MongoRegions, Regions, Under
from shared.audit import MemoryTrail, MongoTrail, Trail
from shared.crypto import Sealer, passing, sealer
from shared.database import open_database
from shared.key_register import enrolled
from shared.profile import Profile, profile

__all__ = ["Stores", "Under", "Wanted", "memory_stores", "stores"]


@dataclass(frozen=True, kw_only=True)
class Stores:
    """Everything grid keeps, the seal of its texts, and the county's settings."""

    regions: Regions
    findings: Findings
    cases: Cases
    audit: Trail
    sealer: Sealer
    county: Profile


@cache
def stores() -> Stores:
    """The real ones, in grid's own database.

    Raises crypto.BadKeys when the keys are missing, ProfileError when the county's settings do not hold.
    """
    box = sealer()
    enrolled(box, open_database("grid"))
    return Stores(
        regions=MongoRegions(),
        findings=MongoFindings(),
        cases=MongoCases(),
        audit=MongoTrail("grid"),
        sealer=box,
        county=profile(),
    )


def memory_stores() -> Stores:
    """The same in memory, for tests and journeys; sealed with keys that die with the process."""
    return Stores(
        regions=MemoryRegions(REGION),
        findings=MemoryFindings(FINDING),
        cases=MemoryCases(REGISTERED, projection=True),
        audit=MemoryTrail("grid"),
        sealer=passing(),
        county=profile(),
    )
