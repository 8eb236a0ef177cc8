"""Where files with a county's organisation are kept while they come in; what they bring is kept elsewhere."""

from __future__ import annotations

from abc import abstractmethod

from services.identity.model.importing import OrganisationImport, WaitingRows
from shared.aggregate import AggregateDocument, MemoryStore, MongoStore, Store
from shared.aggregate.held import Teller

IMPORTS = Teller(service="identity", aggregate="import")
ROWS = Teller(service="identity", aggregate="import_rows")


class OrganisationImportDocument(AggregateDocument):
    """A stored import."""

    meta = {"collection": "imports", "db_alias": "identity", "indexes": ["state.state", "inbox.k"]}


class WaitingRowsDocument(AggregateDocument):
    """The rows of one that wait."""

    meta = {"collection": "import_rows", "db_alias": "identity"}


class OrganisationImports(Store[OrganisationImport]):
    """The store of imports. They tell nobody anything: the units and accounts they open do."""

    @abstractmethod
    def running(self) -> list[str]:
        """Ids of those that are not done, by id."""


class MongoOrganisationImports(MongoStore[OrganisationImport], OrganisationImports):
    """Imports in the database."""

    def __init__(self) -> None:
        super().__init__(IMPORTS, OrganisationImportDocument, OrganisationImport, projection=True)

    def running(self) -> list[str]:
        return [held.id for held in self.where({"state.state": "running"}, sort=[("_id", 1)])]


class MemoryOrganisationImports(MemoryStore[OrganisationImport], OrganisationImports):
    """Imports in memory, for tests."""

    def __init__(self) -> None:
        super().__init__(IMPORTS, projection=True)

    def running(self) -> list[str]:
        return sorted(held.id for held in self.all() if held.state.state == "running")


def mongo_rows() -> Store[WaitingRows]:
    """Rows that wait, in the database."""
    return MongoStore(ROWS, WaitingRowsDocument, WaitingRows, projection=True)


def memory_rows() -> Store[WaitingRows]:
    """The same in memory."""
    return MemoryStore(ROWS, projection=True)
