"""Keeps the schema of every contract as it was released, and refuses changes that break a reader.

`make contracts` runs this. A contract that only grew, with its minor version raised, is released anew; one
that breaks is refused with the reasons.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import orjson

from shared.contracts.all import every
from shared.contracts.base import Event
from shared.contracts.compat import breaks
from shared.contracts.schemas import Json, json_schema, stem

FOLDER = Path(__file__).parent / "released"
WORDS_ONLY = {"$id", "$schema", "title", "description"}

State = Literal["same", "new", "reworded", "grown", "refused"]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """How one contract stands against its released schema."""

    name: str
    state: State
    schema: Json
    reasons: tuple[str, ...] = ()


def compare(contracts: Iterable[type[Event]], folder: Path = FOLDER) -> Iterator[Finding]:
    """Every contract against what was released, and everything released that is no longer declared."""
    left = {path.stem for path in folder.glob("*.json")}
    for contract in contracts:
        left.discard(stem(contract))
        path = folder / f"{stem(contract)}.json"
        released = orjson.loads(path.read_bytes()) if path.exists() else None
        yield _finding(stem(contract), released, json_schema(contract))
    for name in sorted(left):
        yield Finding(name=name, state="refused", schema={}, reasons=("no longer declared",))


def _finding(name: str, old: Json | None, new: Json) -> Finding:
    if old is None:
        return Finding(name=name, state="new", schema=new)
    if old == new:
        return Finding(name=name, state="same", schema=new)
    reasons = breaks(old, new)
    if not reasons and _shape(old) == _shape(new):
        return Finding(name=name, state="reworded", schema=new)
    if not reasons and _minor(new) <= _minor(old):
        reasons = [f"grew, so its minor version must be above {_minor(old)}"]
    state: State = "refused" if reasons else "grown"
    return Finding(name=name, state=state, schema=new, reasons=tuple(reasons))


def _shape(schema: Json) -> Json:
    return {key: value for key, value in schema.items() if key not in WORDS_ONLY}


def _minor(schema: Json) -> int:
    return int(schema["$id"].rpartition(".")[2])


def release(findings: Iterable[Finding], folder: Path = FOLDER) -> None:
    """Write the schemas of what is new or only grew."""
    folder.mkdir(parents=True, exist_ok=True)
    for found in findings:
        if found.state in ("new", "reworded", "grown"):
            body = orjson.dumps(found.schema, option=orjson.OPT_INDENT_2)
            (folder / f"{found.name}.json").write_bytes(body + b"\n")


def main() -> int:
    """Compare, say what differs, release what may be released; 1 when something is refused."""
    findings = list(compare(every()))
    release(findings)
    for found in findings:
        if found.state != "same":
            sys.stdout.write(f"{found.state:9} {found.name}\n")
        sys.stdout.writelines(f"          {reason}\n" for reason in found.reasons)
    counts = Counter(found.state for found in findings)
    if counts["refused"]:
        sys.stdout.write(
            "A refused change needs a second class with the next major version. Only a contract\n"
            "that was never deployed may be changed in place: delete its released schema and its example.\n"
        )
    sys.stdout.write(orjson.dumps({"contracts": len(findings), **counts}).decode() + "\n")
    return 1 if counts["refused"] else 0


if __name__ == "__main__":
    sys.exit(main())
