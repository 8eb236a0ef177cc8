"""Opens everything that was sealed, with the keys of the demo: so the search knows what it looks for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pymongo import MongoClient
from pymongo.database import Database

from services.grid.store.documents import FindingDocument
from services.intake.store.documents import (
    FileDocument,
    ImportDocument,
    PrivacyRequestDocument,
    RegistrationDocument,
)
from services.mediation.store.documents import MatterDocument
from services.petition.store.documents import PetitionDocument
from shared.aggregate import AggregateDocument
from shared.aggregate.places import places
from shared.crypto import Sealer
from shared.settings import Settings

DOCUMENTS: tuple[type[AggregateDocument], ...] = (
    RegistrationDocument,
    ImportDocument,
    FileDocument,
    PrivacyRequestDocument,
    MatterDocument,
    PetitionDocument,
    FindingDocument,
)
KINDS = ("name", "phone", "id_no", "address")
NOT_WORDS = ("file_name", "query_code")  # nobody's own words


def given(settings: Settings, box: Sealer) -> Iterator[tuple[str, str]]:
    """(kind, words) of everything sealed anywhere; places where something happened count as addresses."""
    with MongoClient[dict[str, Any]](settings.mongo_url) as client:
        for document in DOCUMENTS:
            service = document._meta["db_alias"]
            yield from _of(client[settings.database(service)], document, box)
        yield from _rejected(client[settings.database("intake")], box)


def _of(
    database: Database[dict[str, Any]], document: type[AggregateDocument], box: Sealer
) -> Iterator[tuple[str, str]]:
    for doc in database[document._meta["collection"]].find({}, {"state": 1}):
        for place in places(doc["state"], document.SEALED):
            words = box.open(place.sealed, owner=doc["_id"], field=place.field)
            if place.field not in NOT_WORDS:
                yield _kind(place.field), words


def _kind(field: str) -> str:
    last = field.rpartition(".")[2]
    return "address" if field == "place" else last if last in KINDS else "text"


def _rejected(database: Database[dict[str, Any]], box: Sealer) -> Iterator[tuple[str, str]]:
    """The cells of rows that were not registered."""
    for doc in database["pieces"].find():
        owner, kind, n = doc["_id"].rsplit("/", 2)
        if kind == "reject":
            row = json.loads(box.open_bytes(doc["data"], owner=owner, field=f"{kind}.{int(n)}"))
            yield from (("text", str(value)) for value in _leaves(row))


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
    else:
        yield value
