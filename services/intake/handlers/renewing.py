"""What intake seals again when a new key comes: its records with their marks, pieces of files, and files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from services.intake.model import Registration
from services.intake.rules import marking
from services.intake.store import Stores
from services.intake.store.blobs import Blobs
from services.intake.store.drafts import MongoDrafts
from services.intake.store.registrations import MongoRegistrations
from services.intake.store.small import MongoPieces
from shared.aggregate.mongo import converter
from shared.aggregate.vessels import Documents, Item, Renewal, Vessel
from shared.crypto import Sealer


def vessels(all: Stores) -> list[Vessel]:
    """Beside the usual collections: registrations with their marks, pieces and files."""
    found: list[Vessel] = []
    if isinstance(all.registrations, MongoRegistrations):
        document = all.registrations.document
        found.append(Documents(all.registrations.collection, document.SEALED, remarked))
    if isinstance(all.pieces, MongoPieces):
        found.append(SealedPieces(all.pieces))
    if isinstance(all.drafts, MongoDrafts):
        found.append(SealedDrafts(all.drafts))
    return [*found, SealedFiles(all.blobs)]


def remarked(state: Mapping[str, Any], sealer: Sealer) -> Mapping[str, Any]:
    """New marks for a stored registration, when an older key of the index made those it has."""
    if state.get("marked_by", 1) == sealer.marking.id:
        return {}
    return marking.remarked(converter.structure(state, Registration), sealer)


class SealedPieces:
    """Pieces of files on their way in; each is named by its owner, kind and number."""

    name = "pieces"

    def __init__(self, pieces: MongoPieces) -> None:
        self.pieces = pieces.pieces

    def total(self) -> int:
        return self.pieces.estimated_document_count()

    def after(self, id: str, limit: int) -> list[Item]:
        found = self.pieces.find({"_id": {"$gt": id}}, sort=[("_id", 1)], limit=limit)
        return [(doc["_id"], doc["data"]) for doc in found]

    def renew(self, item: Item, box: Sealer) -> Renewal:
        id, sealed = item
        if not box.aged(sealed):
            return "fresh"
        owner, kind, number = id.rsplit("/", 2)
        renewed = box.renewed(sealed, owner=owner, field=f"{kind}.{int(number)}")
        done = self.pieces.update_one({"_id": id, "data": sealed}, {"$set": {"data": renewed}})
        return "renewed" if done.modified_count else "busy"

    def keys(self, item: Item) -> Iterable[int]:
        return (item[1][0],)


class SealedDrafts:
    """Applications that residents have not finished, each named by the mark of its code."""

    name = "drafts"

    def __init__(self, drafts: MongoDrafts) -> None:
        self.drafts = drafts.drafts

    def total(self) -> int:
        return self.drafts.estimated_document_count()

    def after(self, id: str, limit: int) -> list[Item]:
        found = self.drafts.find({"_id": {"$gt": id}}, sort=[("_id", 1)], limit=limit)
        return [(doc["_id"], doc["sealed"]) for doc in found]

    def renew(self, item: Item, box: Sealer) -> Renewal:
        mark, sealed = item
        if not box.aged(sealed):
            return "fresh"
        renewed = box.renewed(sealed, owner=mark, field="draft")
        done = self.drafts.update_one({"_id": mark, "sealed": sealed}, {"$set": {"sealed": renewed}})
        return "renewed" if done.modified_count else "busy"

    def keys(self, item: Item) -> Iterable[int]:
        return (item[1][0],)


class SealedFiles:
    """Files, each named by the hash of what it holds; the new one is there before the old goes."""

    name = "files"

    def __init__(self, blobs: Blobs) -> None:
        self.blobs = blobs

    def total(self) -> int:
        return 0  # nobody knows before having gone through them

    def after(self, id: str, limit: int) -> list[Item]:
        return [(name, None) for name in self.blobs.names(id, limit)]

    def renew(self, item: Item, box: Sealer) -> Renewal:
        digest, _ = item
        sealed = self.blobs.get(digest)
        if sealed is None or not box.aged(sealed):
            return "fresh"
        renewed = box.renewed(sealed, owner=digest, field="blob")
        self.blobs.replace(digest, renewed)
        return "renewed"

    def keys(self, item: Item) -> Iterable[int]:
        sealed = self.blobs.get(item[0])
        return (sealed[0],) if sealed else ()
