"""One line of an audit trail: who, when, what, of which case, for which purpose; and its hash."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import Any, Literal

import orjson
from cryptography.hazmat.primitives import hashes

from shared.aggregate.held import instant

Digest = Literal["sm3", "sha256"]
START = "0" * 64
LATER = ("case", "device")  # fields that came later: empty, they are not part of the hash


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the trail: references and codes, never a name."""

    chain: str
    n: int
    at: datetime
    actor: str
    role: str
    action: str
    object: str
    purpose: str
    result: str
    digest: Digest
    prev_hash: str
    hash: str = ""
    case: str = ""
    device: str = ""


@dataclass(frozen=True, kw_only=True)
class Head:
    """How far a chain reaches: the number and hash of its last entry."""

    chain: str
    n: int
    hash: str


_FIELDS = tuple(f.name for f in fields(Entry))


def read(doc: dict[str, Any]) -> Entry:
    """A stored entry; what an intruder left out is empty, and its hash will not fit."""
    return Entry(**{name: doc.get(name, "") for name in _FIELDS})


def sealed(entry: Entry) -> Entry:
    """The entry with its hash."""
    values = asdict(entry) | {"hash": ""}
    return Entry(**(values | {"hash": hash_of(entry)}))


def hash_of(entry: Entry, **other: Any) -> str:
    """The hash that an entry must have; `other` says what it would be with other values."""
    values = {name: getattr(entry, name) for name in _FIELDS if name not in LATER or getattr(entry, name)}
    values |= {"hash": ""} | other
    at = values["at"]
    values["at"] = instant(at.replace(tzinfo=at.tzinfo or UTC)) if isinstance(at, datetime) else at
    made = hashes.Hash(hashes.SHA256() if values["digest"] == "sha256" else hashes.SM3())
    made.update(orjson.dumps(values, default=str, option=orjson.OPT_SORT_KEYS))
    return made.finalize().hex()
