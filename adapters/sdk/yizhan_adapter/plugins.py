"""What an adapter is, and how it is found: by entry point, so that no list in the core is ever edited."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib import resources
from importlib.metadata import EntryPoint, entry_points
from importlib.resources.abc import Traversable
from typing import Any, Protocol, runtime_checkable

from marshmallow import Schema, ValidationError, validate
from marshmallow import fields as mm

from yizhan_adapter import asks
from yizhan_adapter.answers import Answer
from yizhan_adapter.asks import Ask
from yizhan_adapter.disclosures import BASIS
from yizhan_adapter.errors import Misconfigured
from yizhan_adapter.office import Office

GROUP = "yizhan.adapters"


class Adapter(Protocol):
    """One department's plug-in, made by calling its class with the Office it talks to.

    Both methods may raise TryLater or NeverPossible, and both may be called again for the same ask: hand
    over under the ask's `delivery_id`, so that the back office recognises what it already has.
    """

    department: str
    name: str

    def handle(self, ask: Ask) -> Answer | None:
        """Hand the ask to the back office; its answer, or None when it answers later."""


@runtime_checkable
class Polls(Protocol):
    """An adapter whose back office answers later."""

    def poll(self, ask: Ask) -> Iterable[Answer]:
        """All that the back office has said about this ask, in order; what was told is not told again."""


Maker = Callable[[Office], Adapter]


class _BackOffice(Schema):
    system = mm.String(required=True)
    protocol = mm.String(required=True, validate=validate.OneOf(["http+json", "other"]))
    key = mm.String(required=True)  # the field of theirs that carries our delivery_id


class _Disclosure(Schema):
    basis = mm.String(  # the code of a law, or the id of a sharing agreement, as the vault knows it
        required=True, validate=validate.Regexp(rf"^({BASIS.pattern})$", error="not the code of a law")
    )
    names = mm.List(mm.String(), required=True, data_key="fields")  # what this plug-in may ask for at all


class _ManifestSchema(Schema):
    id = mm.String(required=True, validate=validate.Regexp(r"^[a-z][a-z0-9_]{1,31}$"))
    name = mm.String(required=True, validate=validate.Length(min=1))
    version = mm.String(required=True, validate=validate.Regexp(r"^\d+\.\d+\.\d+$"))
    types = mm.List(
        mm.String(validate=validate.OneOf(list(asks.KINDS))), required=True, validate=validate.Length(1)
    )
    back_office = mm.Nested(_BackOffice, required=True)
    disclosure = mm.Nested(_Disclosure)


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """The card of a plug-in: who it is, what it takes, and which system it speaks to."""

    id: str
    name: str
    version: str
    types: tuple[str, ...]
    back_office: dict[str, str]
    disclosure: dict[str, Any] = field(default_factory=dict)

    @property
    def basis(self) -> str:
        """On what personal fields are claimed."""
        return str(self.disclosure.get("basis", ""))


@dataclass(frozen=True, kw_only=True)
class Plugin:
    """An installed adapter with its card."""

    make: Maker
    manifest: Manifest
    files: Traversable


def installed() -> dict[str, EntryPoint]:
    """Every adapter in this environment, by department id."""
    return {found.name: found for found in entry_points(group=GROUP)}


def find(id: str) -> Plugin:
    """The adapter of a department.

    Raises Misconfigured when none is installed under that id, or when its card does not fit it.
    """
    point = installed().get(id)
    if point is None:
        raise Misconfigured(
            f"no adapter {id!r} is installed; there are: {', '.join(sorted(installed())) or 'none'}"
        )
    return load(point)


def load(point: EntryPoint) -> Plugin:
    """The plug-in behind an entry point, with its card checked."""
    make: Any = point.load()
    files = getattr(make, "files", None) or resources.files(point.module.partition(".")[0])
    manifest = read_manifest(files)
    if not manifest.id == point.name == make.department:
        raise Misconfigured(
            f"entry point {point.name!r}, manifest {manifest.id!r} and class {make.department!r} differ"
        )
    return Plugin(make=make, manifest=manifest, files=files)


def read_manifest(files: Traversable) -> Manifest:
    """The card beside a plug-in's code; raises Misconfigured with every field that is wrong."""
    try:
        raw = _ManifestSchema().load(json.loads((files / "manifest.json").read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        detail = error.messages if isinstance(error, ValidationError) else error
        raise Misconfigured(f"manifest.json: {detail}") from error
    return Manifest(**(raw | {"types": tuple(raw["types"])}))
