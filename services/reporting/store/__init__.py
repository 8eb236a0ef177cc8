"""What reporting keeps: a row for every case, and one for every petition."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from services.reporting.store.documents import CaseRowAgain, PetitionRowAgain
from services.reporting.store.names import GivenNames, GridNames, Names
from services.reporting.store.rows import (
    Counts,
    MemoryPetitions,
    MemoryRows,
    MongoPetitions,
    MongoRows,
    Petitions,
    Rows,
)
from services.reporting.store.wanted import Dimension, Wanted, digits_below
from shared.database import open_database
from shared.profile import Profile, profile

__all__ = [
    "SERVICE", "Counts", "Dimension", "Petitions", "Rows", "Stores", "Wanted", "aside",
    "digits_below", "memory_stores", "stores",
]  # fmt: skip

SERVICE = "reporting"


@dataclass(frozen=True, kw_only=True)
class Stores:
    """All that reporting keeps, and the names to show it with."""

    rows: Rows
    petitions: Petitions
    county: Profile
    names: Names


@cache
def stores() -> Stores:
    """The real ones."""
    open_database(SERVICE)
    return Stores(rows=MongoRows(), petitions=MongoPetitions(), county=profile(), names=GridNames())


def aside() -> Stores:
    """Rows beside the real ones, for counting everything again."""
    return replace(stores(), rows=MongoRows(CaseRowAgain), petitions=MongoPetitions(PetitionRowAgain))


def memory_stores(county: Profile | None = None, names: Names | None = None) -> Stores:
    """The same in memory, for tests and journeys."""
    return Stores(
        rows=MemoryRows(),
        petitions=MemoryPetitions(),
        county=county or profile(),
        names=names or GivenNames(),
    )
