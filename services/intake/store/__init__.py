"""What intake keeps, really and in memory: registrations, imports, reveals, case views, and small things."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from pymongo.database import Database

from services.intake.model import Agreement, CaseView, Disclosure, Holding, Partner, Reveal
from services.intake.model.file import File
from services.intake.model.papers import Papers
from services.intake.model.reception import DutyDay, Reception
from services.intake.model.spot_check import SpotCheck
from services.intake.model.window import Ticket, Window
from services.intake.store.blobs import Blobs, MemoryBlobs, blobs
from services.intake.store.documents import (
    AgreementDocument,
    DisclosureDocument,
    FileDocument,
    HoldingDocument,
    PartnerDocument,
    RevealDocument,
    ViewDocument,
)
from services.intake.store.drafts import Drafts, MemoryDrafts, MongoDrafts
from services.intake.store.exports import Exports, MemoryExports, MongoExports
from services.intake.store.found import Found, MemoryFound, MongoFound
from services.intake.store.groups import Groups, MemoryGroups, MongoGroups
from services.intake.store.hall import MemoryHall, MongoHall
from services.intake.store.imports import IMPORT, Imports, MemoryImports, MongoImports
from services.intake.store.registrations import (
    REGISTRATION,
    MemoryRegistrations,
    MongoRegistrations,
    Registrations,
)
from services.intake.store.requests import MemoryRequests, MongoRequests, Requests
from services.intake.store.sketches import MemorySketches, MongoSketches, Sketches
from services.intake.store.small import (
    Attempts,
    MemoryAttempts,
    MemoryNumbers,
    MemoryPieces,
    MongoAttempts,
    MongoNumbers,
    MongoPieces,
    Numbers,
    Pieces,
)
from shared.aggregate import MemoryStore, MongoStore, Store
from shared.aggregate.held import Teller
from shared.audit import MemoryTrail, MongoTrail, Trail
from shared.crypto import Sealer, passing, sealer
from shared.database import open_database
from shared.key_register import enrolled
from shared.settings import settings

__all__ = ["Registrations", "Stores", "memory_stores", "stores"]

_REVEAL = Teller(service="intake", aggregate="reveal")
_VIEW = Teller(service="intake", aggregate="view")
_SHARING = Teller(service="intake", aggregate="sharing")
_DISCLOSURE = Teller(service="intake", aggregate="disclosure")
_FILE = Teller(service="intake", aggregate="file")
_HOLDING = Teller(service="intake", aggregate="holding")
_PARTNER = Teller(service="intake", aggregate="partner")


@dataclass(frozen=True, kw_only=True)
class Stores:
    """Everything intake keeps, and the sealer that opens it."""

    registrations: Registrations
    imports: Imports
    reveals: Found[Reveal]
    views: Store[CaseView]
    agreements: Found[Agreement]
    disclosures: Found[Disclosure]
    holdings: Found[Holding]
    partners: Store[Partner]
    files: Found[File]
    groups: Groups
    sketches: Sketches
    windows: Found[Window]
    tickets: Found[Ticket]
    receptions: Found[Reception]
    duties: Found[DutyDay]
    papers: Found[Papers]
    spot_checks: Found[SpotCheck]
    blobs: Blobs
    requests: Requests
    exports: Exports
    numbers: Numbers
    attempts: Attempts
    drafts: Drafts
    pieces: Pieces
    sealer: Sealer
    audit: Trail


@cache
def stores() -> Stores:
    """The real ones, in intake's own database.

    Raises crypto.BadKeys when the vault's keys are missing: intake does not start without them.
    """
    box, database = sealer(), open_database("intake")
    enrolled(box, database)
    return Stores(
        registrations=MongoRegistrations(),
        imports=MongoImports(),
        reveals=MongoFound(_REVEAL, RevealDocument, Reveal),
        views=MongoStore(_VIEW, ViewDocument, CaseView, projection=True),
        agreements=MongoFound(_SHARING, AgreementDocument, Agreement),
        disclosures=MongoFound(_DISCLOSURE, DisclosureDocument, Disclosure),
        holdings=MongoFound(_HOLDING, HoldingDocument, Holding, projection=True),
        partners=MongoStore(_PARTNER, PartnerDocument, Partner, projection=True),
        files=MongoFound(_FILE, FileDocument, File),
        groups=MongoGroups(),
        sketches=_sketches(database),
        windows=MongoHall.windows(),
        tickets=MongoHall.tickets(),
        receptions=MongoHall.receptions(),
        duties=MongoHall.duties(),
        papers=MongoHall.papers(),
        spot_checks=MongoHall.spot_checks(),
        blobs=blobs(settings(), database),
        requests=MongoRequests(),
        exports=MongoExports(),
        numbers=MongoNumbers(database),
        attempts=MongoAttempts(database),
        drafts=MongoDrafts(database),
        pieces=MongoPieces(database, box),
        sealer=box,
        audit=MongoTrail("intake"),
    )


def _sketches(database: Database[dict[str, Any]]) -> Sketches:
    found = MongoSketches(database)
    found.prepare()
    return found


def memory_stores() -> Stores:
    """The same in memory, for tests and journeys; sealed with keys that die with the process."""
    box = passing()
    return Stores(
        registrations=MemoryRegistrations(REGISTRATION),
        imports=MemoryImports(IMPORT),
        reveals=MemoryFound(_REVEAL),
        views=MemoryStore(_VIEW, projection=True),
        agreements=MemoryFound(_SHARING),
        disclosures=MemoryFound(_DISCLOSURE),
        holdings=MemoryFound(_HOLDING, projection=True),
        partners=MemoryStore(_PARTNER, projection=True),
        files=MemoryFound(_FILE),
        groups=MemoryGroups(),
        sketches=MemorySketches(),
        windows=MemoryHall.windows(),
        tickets=MemoryHall.tickets(),
        receptions=MemoryHall.receptions(),
        duties=MemoryHall.duties(),
        papers=MemoryHall.papers(),
        spot_checks=MemoryHall.spot_checks(),
        blobs=MemoryBlobs(),
        requests=MemoryRequests(),
        exports=MemoryExports(),
        numbers=MemoryNumbers(),
        attempts=MemoryAttempts(),
        drafts=MemoryDrafts(),
        pieces=MemoryPieces(),
        sealer=box,
        audit=MemoryTrail("intake"),
    )
