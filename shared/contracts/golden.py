"""One example of every contract exactly as it travels, written once and kept for ever.

`python -m shared.contracts.golden write` adds the examples that are missing. It never touches one that is
there: an old example that no longer parses is the proof that a contract broke.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import MISSING, fields
from datetime import UTC, datetime
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import orjson

from shared import ids
from shared.contracts import base
from shared.contracts import fields as kinds
from shared.contracts.all import every
from shared.contracts.schemas import stem
from shared.contracts.wire import Envelope, encode

FOLDER = Path(__file__).parents[2] / "tests" / "contracts" / "golden"

_AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
_COUNTY, _TOWNSHIP = "990101", "990101101"
_IDENTITY = {
    "matter": "mm_id",
    "petition": "pet_id",
    "registration": "reg_id",
    "adapter": "department",
    "department": "department",
}
_CODES = {
    "category": "neighbour",
    "kind": "pickup",
    "reason": "beyond_competence",
    "step": "investigating",
    "service": "judicial_confirmation",
    "result": "confirmed",
    "linkage_stage": "presuit",
    "roles": "mediator",
    "notify_roles": "dispatcher",
    "purpose": "serve_notice",
    "field_codes": "phone",
    "route": "direct_handling",
    "windows": "window_03",
    "categories": "neighbour",
    "authority": "agree_on_the_spot",
}
_SAMPLES: dict[Any, Any] = {
    kinds.Path: "/intake/deliveries",
    kinds.Reference: "MNCD000001",
    kinds.Unit: "court",
    kinds.Region: _TOWNSHIP,
    kinds.CaseNo: f"{_COUNTY}-2026-000001",
    kinds.Hash: "9f86d081884c7d659a2feaa0c55ad015",
    kinds.Version: "xx-county@1",
    kinds.Count: 2,
    kinds.Number: 1,
    kinds.Percent: 80,
    kinds.Rating: 4,
    bool: True,
    datetime: _AT,
}


def example(contract: type[base.Event], *, bare: bool = False) -> base.Event:
    """An event with made-up values in every field, or, when bare, only in those it needs."""
    hints = get_type_hints(contract, include_extras=True)
    wanted = (f for f in fields(contract) if not bare or f.default is MISSING)  # type: ignore[arg-type]
    return contract(**{f.name: _sample(f.name, hints[f.name]) for f in wanted})


def envelope(contract: type[base.Event], *, bare: bool = False) -> Envelope:
    """The example as it travels."""
    data = base.dump(example(contract, bare=bare))
    department = contract.PUBLISHER == "department"
    subject = data.get(_IDENTITY.get(contract.AGGREGATE, f"{contract.AGGREGATE}_id"), _TOWNSHIP)
    return Envelope(
        id=ids.derived("event", stem(contract)),
        source="/dept/court" if department else f"/svc/{contract.PUBLISHER}/{_COUNTY}",
        type=stem(contract),
        subject=f"{contract.AGGREGATE}/{subject}",
        time="2026-03-02T01:30:00.000Z",
        sequence="0000000001.00",
        data=data,
        correlationid=ids.derived("correlation"),
        causationid=ids.derived("cause"),
        regioncode=_TOWNSHIP,
        profileversion="xx-county@1",
        actorrole="department" if department else "dispatcher",
        dataschema=f"urn:yizhan:schema:{contract.TYPE}:{contract.MAJOR}.{contract.MINOR}",
    )


def _sample(name: str, hint: Any) -> Any:
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _sample(name, next(a for a in args if a is not type(None)))
    if origin is tuple:
        return (_sample(name, args[0]),)
    if origin is Literal:
        return args[0]
    if hint is kinds.Id or hint is kinds.Ref:
        return ids.derived("example", name)
    return _CODES.get(name, name) if hint is kinds.Code else _SAMPLES[hint]


def write(folder: Path = FOLDER) -> Iterator[Path]:
    """Write the examples that are missing, and say which."""
    folder.mkdir(parents=True, exist_ok=True)
    for contract in every():
        path = folder / f"{stem(contract)}.json"
        if not path.exists():
            body = orjson.dumps(orjson.loads(encode(envelope(contract))), option=orjson.OPT_INDENT_2)
            path.write_bytes(body + b"\n")
            yield path


def main(command: str = "") -> int:
    """`write` is the only command."""
    if command != "write":
        sys.stderr.write("usage: python -m shared.contracts.golden write\n")
        return 2
    for path in write():
        sys.stdout.write(f"new example {path.name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
