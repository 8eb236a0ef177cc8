"""Where identity keeps accounts and units."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from services.identity.model import Account, Unit
from services.identity.model.assignment import Assignment
from services.identity.model.departments import DepartmentAccess
from services.identity.model.importing import WaitingRows
from services.identity.model.organisation import Card, Posting, WallEntry
from services.identity.model.proof import Device
from services.identity.store.credentials import Credentials, MemoryCredentials, MongoCredentials
from services.identity.store.departments import DEPARTMENTS, DepartmentDocument
from services.identity.store.devices import (
    DEVICES,
    DeviceDocument,
    DeviceStore,
    MemoryDevices,
    MongoDevices,
)
from services.identity.store.importing import (
    MemoryOrganisationImports,
    MongoOrganisationImports,
    OrganisationImports,
    memory_rows,
    mongo_rows,
)
from services.identity.store.organisation import (
    ASSIGNMENTS,
    CARDS,
    POSTINGS,
    WALL,
    AssignmentDocument,
    CardDocument,
    MemoryOfUnit,
    MongoOfUnit,
    PostingDocument,
    UnitStore,
    WallDocument,
)
from services.identity.store.sessions import MemorySessions, MongoSessions, Sessions
from services.identity.store.steps import MemorySteps, MongoSteps, Steps
from shared.aggregate import AggregateDocument, Held, MemoryStore, MongoStore, Store
from shared.aggregate.held import Regional, Teller
from shared.audit import MemoryTrail, MongoTrail, Trail
from shared.clock import Clock, real
from shared.crypto import Sealer, passing, read_keys
from shared.database import open_database
from shared.profile import profile
from shared.profile.security import SecondFactor, Security
from shared.settings import settings

S = TypeVar("S", bound=Regional)

SERVICE = "identity"
ACCOUNTS = Teller(service=SERVICE, aggregate="account")
UNITS = Teller(service=SERVICE, aggregate="unit")


class AccountDocument(AggregateDocument):
    """A stored account."""

    meta = {"collection": "accounts", "db_alias": SERVICE, "indexes": [
        "state.region", "inbox.k",
        {"fields": ["state.stand_in.account"], "sparse": True},
        {"fields": ["state.external"], "sparse": True},
    ]}  # fmt: skip


class UnitDocument(AggregateDocument):
    """A stored unit."""

    meta = {"collection": "units", "db_alias": SERVICE, "indexes": ["state.region", "inbox.k"]}


class RegionalStore(Store[S]):
    """A store that can list what lies in a region."""

    @abstractmethod
    def within(
        self, region: str, *, after: str = "", limit: int = 50, kinds: tuple[str, ...] | None = None
    ) -> list[Held[S]]:
        """What lies in the region's subtree, by id, after an id; of some kinds only, where asked so."""


class AccountStore(RegionalStore[Account]):
    """A store of accounts that knows who is stood in for."""

    @abstractmethod
    def stood_in_by(self, account: str) -> list[Held[Account]]:
        """Accounts for which this one is named as stand-in."""

    @abstractmethod
    def of_subject(self, subject: str) -> Held[Account] | None:
        """The account of a person of the single sign-on."""


class MongoRegionals(MongoStore[S], RegionalStore[S]):
    """Aggregates in the database, listed by region."""

    def within(
        self, region: str, *, after: str = "", limit: int = 50, kinds: tuple[str, ...] | None = None
    ) -> list[Held[S]]:
        query: dict[str, Any] = {"state.region": {"$regex": f"^{region}"}, "_id": {"$gt": after}}
        if kinds is not None:
            query["state.kind"] = {"$in": list(kinds)}
        return list(self.where(query, sort=[("_id", 1)], limit=limit))


class MongoAccounts(MongoRegionals[Account], AccountStore):
    """Accounts in the database."""

    def stood_in_by(self, account: str) -> list[Held[Account]]:
        return list(self.where({"state.stand_in.account": account}))

    def of_subject(self, subject: str) -> Held[Account] | None:
        return next(self.where({"state.external": subject}, limit=1), None) if subject else None


class MemoryRegionals(MemoryStore[S], RegionalStore[S]):
    """Aggregates in memory, listed by region."""

    def within(
        self, region: str, *, after: str = "", limit: int = 50, kinds: tuple[str, ...] | None = None
    ) -> list[Held[S]]:
        known = [h for h in self.all() if h.state.region.startswith(region)]
        if kinds is not None:
            known = [h for h in known if getattr(h.state, "kind", "") in kinds]
        found = sorted(known, key=lambda h: h.id)
        return [held for held in found if held.id > after][:limit]


class MemoryAccounts(MemoryRegionals[Account], AccountStore):
    """Accounts in memory."""

    def stood_in_by(self, account: str) -> list[Held[Account]]:
        return [h for h in self.all() if h.state.stand_in and h.state.stand_in.account == account]

    def of_subject(self, subject: str) -> Held[Account] | None:
        return next((h for h in self.all() if subject and h.state.external == subject), None)


@dataclass(frozen=True, kw_only=True)
class Stores:
    """All that identity keeps."""

    accounts: AccountStore
    units: RegionalStore[Unit]
    credentials: Credentials
    departments: Store[DepartmentAccess]
    devices: DeviceStore
    cards: UnitStore[Card]
    postings: UnitStore[Posting]
    wall: UnitStore[WallEntry]
    assignments: UnitStore[Assignment]
    imports: OrganisationImports
    rows: Store[WaitingRows]
    sessions: Sessions
    steps: Steps
    audit: Trail
    policy: Security
    sealer: Callable[[], Sealer]
    desk: Clock = real  # the time of people at their desks: passwords, sessions and codes follow no other

    def prepare(self) -> None:
        """Create the indexes; safe to repeat."""
        kinds = (MongoStore, MongoCredentials, MongoSessions, MongoSteps)
        aggregates = (self.accounts, self.units, self.departments, self.devices)
        organisation = (self.cards, self.postings, self.wall, self.assignments, self.imports, self.rows)
        for kept in (*aggregates, *organisation, self.credentials, self.sessions, self.steps):
            if isinstance(kept, kinds):
                kept.prepare()


@cache
def stores() -> Stores:
    """The real ones."""
    open_database(SERVICE)
    return Stores(
        accounts=MongoAccounts(ACCOUNTS, AccountDocument, Account),
        units=MongoRegionals(UNITS, UnitDocument, Unit),
        credentials=MongoCredentials(SERVICE),
        departments=MongoStore(DEPARTMENTS, DepartmentDocument, DepartmentAccess, projection=True),
        devices=MongoDevices(DEVICES, DeviceDocument, Device),
        cards=MongoOfUnit(CARDS, CardDocument, Card),
        postings=MongoOfUnit(POSTINGS, PostingDocument, Posting),
        wall=MongoOfUnit(WALL, WallDocument, WallEntry),
        assignments=MongoOfUnit(ASSIGNMENTS, AssignmentDocument, Assignment),
        imports=MongoOrganisationImports(),
        rows=mongo_rows(),
        sessions=MongoSessions(SERVICE),
        steps=MongoSteps(SERVICE),
        audit=MongoTrail(SERVICE),
        policy=profile().security,
        sealer=cache(lambda: Sealer(read_keys(settings().secret("factor_key")))),
    )


PASSWORD_IS_ENOUGH = Security(second_factor=SecondFactor(required_for=()))


def memory_stores(policy: Security = PASSWORD_IS_ENOUGH, desk: Clock = real) -> Stores:
    """The same in memory, for tests."""
    return Stores(
        accounts=MemoryAccounts(ACCOUNTS),
        units=MemoryRegionals(UNITS),
        credentials=MemoryCredentials(),
        departments=MemoryStore(DEPARTMENTS, projection=True),
        devices=MemoryDevices(DEVICES),
        cards=MemoryOfUnit(CARDS),
        postings=MemoryOfUnit(POSTINGS),
        wall=MemoryOfUnit(WALL),
        assignments=MemoryOfUnit(ASSIGNMENTS),
        imports=MemoryOrganisationImports(),
        rows=memory_rows(),
        sessions=MemorySessions(),
        steps=MemorySteps(),
        audit=MemoryTrail(SERVICE),
        policy=policy,
        sealer=passing,
        desk=desk,
    )
