"""An office's card: which of our records it takes, what it calls them, what comes from it. All data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from yizhan_adapter.errors import Misconfigured, UnknownCode
from yizhan_adapter.platforms.counter import Counter, counter_of
from yizhan_adapter.platforms.fields import Field, Flat, fields_of


@dataclass(frozen=True, kw_only=True)
class Reply:
    """Where an office's replies say what; `ok` and `busy` where its table of codes is about cases only."""

    code: str = ""
    receipt: str = ""
    rows: str = ""
    row_receipt: str = ""
    ok: tuple[str, ...] = ()
    busy: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Record:
    """One of our records as the platform knows it; `personal` is not among what is remembered."""

    kind: str
    id: str
    body: Flat
    revision: int = 0
    cause: str = ""

    @property
    def digest(self) -> str:
        """The same for the same content, whatever the order of its fields."""
        return digest(self.body)


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of record a platform takes: cases, organisations, mediators, months."""

    name: str
    path: str
    key: str  # the field of theirs that carries our id
    our_id: str
    fields: tuple[Field, ...]
    pages: bool = True
    source: str = ""  # where the centre lists these records; cases come by themselves
    when: Mapping[str, tuple[str, ...]]
    personal: Mapping[str, str]  # theirs: the vault's name of it
    purpose: str = ""
    everybody: bool = False

    def record(self, ours: Mapping[str, Any], cause: str = "") -> Record:
        """Our facts as the platform writes them; raises UnknownCode naming the field and the reason."""
        id = str(ours.get(self.our_id) or "")
        if not id:
            raise UnknownCode(f"{self.our_id} is empty: the platform could not know the record again")
        found = {one.name: one.outward(ours) for one in self.fields}
        body = {name: value for name, value in found.items() if value is not None} | {self.key: id}
        return Record(kind=self.name, id=id, body=body, revision=int(ours.get("revision") or 0), cause=cause)

    def wanted(self, ours: Mapping[str, Any]) -> bool:
        """Whether the platform is to have this record at all."""
        return all(str(ours.get(name)) in allowed for name, allowed in self.when.items())


@dataclass(frozen=True, kw_only=True)
class Take:
    """What comes from the platform and is registered here."""

    path: str
    id: str
    cursor: str
    receipt: str
    answer: tuple[Field, ...]
    fields: tuple[Field, ...]

    def body(self, row: Mapping[str, Any]) -> Flat:
        """The registration for one of their rows; raises UnknownCode with the reason."""
        found = {one.name: one.inward(row) for one in self.fields}
        return _nested({name: value for name, value in found.items() if value is not None})


@dataclass(frozen=True, kw_only=True)
class Card:
    """The whole card."""

    reply: Reply
    kinds: Mapping[str, Kind]
    take: Take | None
    handle: Counter | None
    services: Mapping[str, Counter]


def read(text: str) -> Card:
    """A card from its text; raises Misconfigured naming what is wrong."""
    try:
        raw = yaml.safe_load(text)
        return Card(
            reply=_reply(raw["reply"]),
            kinds={name: _kind(name, row) for name, row in raw.get("send", {}).items()},
            take=_take(raw["take"]) if raw.get("take") else None,
            handle=counter_of(raw["handle"]) if raw.get("handle") else None,
            services={name: counter_of(row) for name, row in raw.get("services", {}).items()},
        )
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise Misconfigured(f"card.yaml: {type(error).__name__} {error}") from error


def digest(body: Mapping[str, Any]) -> str:
    """What makes two contents the same; a number and its digits are."""
    plain = {name: str(value) for name, value in body.items()}
    return hashlib.sha256(json.dumps(plain, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _reply(row: dict[str, Any]) -> Reply:
    words = {name: tuple(map(str, row.get(name, ()))) for name in ("ok", "busy")}
    return Reply(**(row | words))


def _kind(name: str, row: dict[str, Any]) -> Kind:
    rest = {key: row[key] for key in ("path", "key", "our_id", "pages", "source") if key in row}
    claim = row.get("disclosure", {})
    return Kind(
        name=name,
        fields=fields_of(row["fields"]),
        when={key: tuple(map(str, values)) for key, values in row.get("when", {}).items()},
        personal=claim.get("fields", {}),
        purpose=claim.get("purpose", ""),
        **rest,
    )


def _take(row: dict[str, Any]) -> Take:
    tables = {name: fields_of(row[name]) for name in ("answer", "fields")}
    return Take(**({name: row[name] for name in ("path", "id", "cursor", "receipt")} | tables))


def _nested(flat: Flat) -> Flat:
    """`applicant.name` becomes a party; the rest stays as it is."""
    parties: dict[str, Flat] = {}
    for name, value in flat.items():
        role, dot, what = name.partition(".")
        if dot:
            parties.setdefault(role, {"role": role})[what] = value
    plain = {name: value for name, value in flat.items() if "." not in name}
    return plain | ({"parties": list(parties.values())} if parties else {})
