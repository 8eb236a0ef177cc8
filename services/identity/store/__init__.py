"""Where identity keeps accounts and units."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from services.identity.model import Account, Unit
from services.identity.model.departments import DepartmentAccess
from services.identity.store.credentials import Credentials, MemoryCredentials, MongoCredentials
from services.identity.store.departments import DEPARTMENTS, DepartmentDocument
from shared.aggregate import AggregateDocument, Held, MemoryStore, MongoStore, Store
from shared.aggregate.held import Regional, Teller
from shared.audit import MemoryTrail, MongoTrail, Trail
from shared.database import open_database

S = TypeVar("S", bound=Regional)

SERVICE = "identity"
ACCOUNTS = Teller(service=SERVICE, aggregate="account")
UNITS = Teller(service=SERVICE, aggregate="unit")


class AccountDocument(AggregateDocument):
    """A stored account."""

    meta = {"collection": "accounts", "db_alias": SERVICE, "indexes": ["state.region", "inbox.k"]}


class UnitDocument(AggregateDocument):
    """A stored unit."""

    meta = {"collection": "units", "db_alias": SERVICE, "indexes": ["state.region", "inbox.k"]}


class RegionalStore(Store[S]):
    """A store that can list what lies in a region."""

    @abstractmethod
    def within(self, region: str, *, after: str = "", limit: int = 50) -> list[Held[S]]:
        """What lies in the region's subtree, by id, after an id."""


class MongoRegionals(MongoStore[S], RegionalStore[S]):
    """Aggregates in the database, listed by region."""

    def within(self, region: str, *, after: str = "", limit: int = 50) -> list[Held[S]]:
        query = {"state.region": {"$regex": f"^{region}"}, "_id": {"$gt": after}}
        return list(self.where(query, sort=[("_id", 1)], limit=limit))


class MemoryRegionals(MemoryStore[S], RegionalStore[S]):
    """Aggregates in memory, listed by region."""

    def within(self, region: str, *, after: str = "", limit: int = 50) -> list[Held[S]]:
        found = sorted((h for h in self.all() if h.state.region.startswith(region)), key=lambda h: h.id)
        return [held for held in found if held.id > after][:limit]


@dataclass(frozen=True, kw_only=True)
class Stores:
    """All that identity keeps."""

    accounts: RegionalStore[Account]
    units: RegionalStore[Unit]
    credentials: Credentials
    departments: Store[DepartmentAccess]
    audit: Trail

    def prepare(self) -> None:
        """Create the indexes; safe to repeat."""
        for kept in (self.accounts, self.units, self.credentials, self.departments):
            if isinstance(kept, MongoStore | MongoCredentials):
                kept.prepare()


@cache
def stores() -> Stores:
    """The real ones."""
    open_database(SERVICE)
    return Stores(
        accounts=MongoRegionals(ACCOUNTS, AccountDocument, Account),
        units=MongoRegionals(UNITS, UnitDocument, Unit),
        credentials=MongoCredentials(SERVICE),
        departments=MongoStore(DEPARTMENTS, DepartmentDocument, DepartmentAccess, projection=True),
        audit=MongoTrail(SERVICE),
    )


def memory_stores() -> Stores:
    """The same in memory, for tests."""
    return Stores(
        accounts=MemoryRegionals(ACCOUNTS),
        units=MemoryRegionals(UNITS),
        credentials=MemoryCredentials(),
        departments=MemoryStore(DEPARTMENTS, projection=True),
        audit=MemoryTrail(SERVICE),
    )
