"""Where routing keeps cases and hand-overs."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from services.routing.store.cases import CaseStore, MemoryCases, MongoCases
from services.routing.store.deliveries import DeliveryStore, MemoryDeliveries, MongoDeliveries
from services.routing.store.departments import (
    DepartmentStore,
    MemoryDepartments,
    MemorySigns,
    MongoDepartments,
    MongoSigns,
    Sign,
    SignStore,
)
from services.routing.store.exports import Exported, Exports, MemoryExports, MongoExports
from services.routing.store.leases import Leases, MemoryLeases, MongoLeases
from services.routing.store.listing import CaseFilter, DeliveryFilter, Stuck
from services.routing.store.papers import GivenPapers, IntakePapers, Papers
from services.routing.store.reports import MemoryReports, MongoReports, ReportStore
from services.routing.store.requests import MemoryRequests, MongoRequests, RequestStore
from shared.audit import MemoryTrail, MongoTrail, Trail
from shared.database import open_database
from shared.profile import Profile, profile

__all__ = [
    "SERVICE", "CaseFilter", "CaseStore", "DeliveryFilter", "DeliveryStore", "DepartmentStore",
    "Exported", "Sign", "SignStore", "Stores", "Stuck",
    "memory_stores", "stores",
]  # fmt: skip

SERVICE = "routing"


@dataclass(frozen=True, kw_only=True)
class Stores:
    """All that routing keeps, and the county's rules it keeps it by."""

    county: Profile
    cases: CaseStore
    deliveries: DeliveryStore
    reports: ReportStore
    requests: RequestStore
    leases: Leases
    audit: Trail
    departments: DepartmentStore
    signs: SignStore
    exports: Exports
    papers: Papers = field(default_factory=GivenPapers)


@cache
def stores() -> Stores:
    """The real ones."""
    database = open_database(SERVICE)
    return Stores(
        county=profile(),
        cases=MongoCases(),
        deliveries=MongoDeliveries(),
        reports=MongoReports(),
        requests=MongoRequests(),
        leases=MongoLeases(database),
        audit=MongoTrail(SERVICE),
        departments=MongoDepartments(),
        signs=MongoSigns(),
        exports=MongoExports(database),
        papers=IntakePapers(),
    )


def memory_stores(county: Profile | None = None) -> Stores:
    """The same in memory, for tests."""
    return Stores(
        county=county or profile(),
        cases=MemoryCases(),
        deliveries=MemoryDeliveries(),
        reports=MemoryReports(),
        requests=MemoryRequests(),
        leases=MemoryLeases(),
        audit=MemoryTrail(SERVICE),
        departments=MemoryDepartments(),
        signs=MemorySigns(),
        exports=MemoryExports(),
    )
