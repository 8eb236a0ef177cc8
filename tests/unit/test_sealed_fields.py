"""Every sealed field of every aggregate is known by its path: else a new key would leave it behind."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Iterator
from typing import Any

import pytest

from services.grid.model import Finding
from services.grid.store.documents import FindingDocument
from services.intake.model import Import, Registration
from services.intake.model.file import File
from services.intake.model.papers import Papers
from services.intake.model.privacy import PrivacyRequest
from services.intake.model.reception import Reception
from services.intake.store.documents import (
    FileDocument,
    ImportDocument,
    PrivacyRequestDocument,
    RegistrationDocument,
)
from services.intake.store.hall import PapersDocument, ReceptionDocument
from services.mediation.model.matter import Matter
from services.mediation.store.documents import MatterDocument
from services.petition.model import Petition
from services.petition.store.documents import PetitionDocument
from shared.aggregate import AggregateDocument
from shared.aggregate.places import places

KINDS: list[tuple[type, type[AggregateDocument]]] = [
    (Registration, RegistrationDocument),
    (Import, ImportDocument),
    (File, FileDocument),
    (PrivacyRequest, PrivacyRequestDocument),
    (Reception, ReceptionDocument),
    (Papers, PapersDocument),
    (Matter, MatterDocument),
    (Petition, PetitionDocument),
    (Finding, FindingDocument),
]


def sealed(kind: Any, path: tuple[str, ...] = ()) -> Iterator[str]:
    """The paths of all fields that hold bytes."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if kind is bytes:
        yield ".".join(path)
    elif dataclasses.is_dataclass(kind):
        for name, hint in typing.get_type_hints(kind).items():
            yield from sealed(hint, (*path, name))
    elif origin in (tuple, dict):
        yield from sealed(inner[0 if origin is tuple else 1], (*path, "*"))
    elif origin in (types.UnionType, typing.Union):
        for one in inner:
            yield from sealed(one, path)


@pytest.mark.parametrize(("kind", "document"), KINDS, ids=lambda one: one.__name__)
def test_no_sealed_field_is_forgotten(kind: type, document: type[AggregateDocument]) -> None:
    assert set(sealed(kind)) == set(document.SEALED)


def test_every_document_of_a_service_is_looked_at_here() -> None:
    known = {document for _, document in KINDS}

    assert {d for d in AggregateDocument.__subclasses__() if d.SEALED} <= known


def test_a_place_is_found_under_the_name_it_was_sealed_with() -> None:
    state = {
        "title": None,
        "parties": [{"party_id": "p1", "phone": b"a"}, {"party_id": "p2", "phone": None}],
        "requests": [b"b", b"c"],
        "sessions": [{"session_id": "s1", "minutes": [{"views": {"applicant": b"d"}}]}],
    }
    table = {
        "title": "title",
        "parties.*.phone": "{party_id}.phone",
        "requests.*": "request.{n}",
        "sessions.*.minutes.*.views.*": "{session_id}.views.{key}",
    }

    found = [(place.path, place.field) for place in places(state, table)]

    assert found == [
        ("state.parties.0.phone", "p1.phone"),
        ("state.requests.0", "request.0"),
        ("state.requests.1", "request.1"),
        ("state.sessions.0.minutes.0.views.applicant", "s1.views.applicant"),
    ]


def test_what_was_erased_is_no_place() -> None:
    assert list(places({"name": b""}, {"name": "name"})) == []
