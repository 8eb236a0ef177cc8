"""Where the machines of accounts are kept."""

from __future__ import annotations

from abc import abstractmethod

from services.identity.model.proof import Device
from shared.aggregate import AggregateDocument, Held, MemoryStore, MongoStore, Store
from shared.aggregate.held import Teller

DEVICES = Teller(service="identity", aggregate="device")


class DeviceDocument(AggregateDocument):
    """A stored machine."""

    meta = {
        "collection": "devices",
        "db_alias": "identity",
        "indexes": ["state.account", "state.region", "inbox.k"],
    }


class DeviceStore(Store[Device]):
    """A store that can list the machines of an account, and those that wait in a region."""

    @abstractmethod
    def of(self, account: str) -> list[Held[Device]]:
        """Every machine that was ever asked for, by id."""

    @abstractmethod
    def waiting(self, region: str, *, after: str = "", limit: int = 50) -> list[Held[Device]]:
        """Machines that wait for an administrator, by id, after an id."""


class MongoDevices(MongoStore[Device], DeviceStore):
    """In the database."""

    def of(self, account: str) -> list[Held[Device]]:
        return list(self.where({"state.account": account}, sort=[("_id", 1)]))

    def waiting(self, region: str, *, after: str = "", limit: int = 50) -> list[Held[Device]]:
        query = {
            "state.region": {"$regex": f"^{region}"},
            "state.state": "waiting",
            "_id": {"$gt": after},
        }
        return list(self.where(query, sort=[("_id", 1)], limit=limit))


class MemoryDevices(MemoryStore[Device], DeviceStore):
    """In memory, for tests."""

    def of(self, account: str) -> list[Held[Device]]:
        return sorted((h for h in self.all() if h.state.account == account), key=lambda h: h.id)

    def waiting(self, region: str, *, after: str = "", limit: int = 50) -> list[Held[Device]]:
        found = [h for h in self.all() if h.state.state == "waiting" and h.state.region.startswith(region)]
        return sorted((h for h in found if h.id > after), key=lambda h: h.id)[:limit]
