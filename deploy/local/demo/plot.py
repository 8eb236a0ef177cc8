"""Which life each row is to lead: as the examples say, or drawn from the row's own number for other files."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from python_calamine import CalamineWorkbook

DRAWN = (
    ("settle", 44), ("mediate", 16), ("return", 6), ("transfer", 5), ("rework", 5), ("instant", 6),
    ("mediate_fail_escalate", 4), ("suspend", 3), ("breach", 3), ("decline", 2), ("petition", 2),
    ("escalate_county", 2), ("refer_out", 1), ("withdraw", 1),
)  # fmt: skip  # of a hundred rows that say nothing about their life
WHEEL = [path for path, share in DRAWN for _ in range(share)]
TIERS = ("village", "township", "county")
CLASSES = ("simple", "general", "general", "complex")


@dataclass(frozen=True)
class Plan:
    """The life of one row."""

    path: str
    tier: str
    complexity: str


class Plot:
    """Plans by outside number; what is not planned is drawn, the same way every time."""

    def __init__(self, plans: dict[str, Plan], merges: dict[str, str]) -> None:
        self.plans, self.merges = plans, merges

    def of(self, reference: str) -> Plan:
        """The plan of a row."""
        return self.plans.get(reference) or drawn(reference)

    def original_of(self, reference: str) -> str:
        """The row that this one is a second report of."""
        return self.merges.get(reference, "")


def drawn(reference: str) -> Plan:
    """A plan drawn from a number."""
    n = int.from_bytes(hashlib.sha256(reference.encode()).digest()[:4])
    path = WHEEL[n % len(WHEEL)]
    tier = "county" if path == "escalate_county" else TIERS[n // 100 % 3]
    return Plan(path=path, tier=tier, complexity=CLASSES[n // 300 % 4])


def planned(folder: Path) -> Plot:
    """The plot of the examples in a folder: each file's journey columns, by its mapping."""
    plans: dict[str, Plan] = {}
    for mapping in sorted((folder / "mapping").glob("*.yaml")):
        described = yaml.safe_load(mapping.read_text())
        for row in _rows(folder, described):
            if plan := _plan(row, described):
                plans[plan[0]] = plan[1]
    return Plot(plans, _merges(folder / "merges.csv"))


def _plan(row: dict[str, Any], described: dict[str, Any]) -> tuple[str, Plan] | None:
    journey = described.get("journey")
    if not journey:
        return None
    reference = _value(row, described["columns"]["external_ref"])
    found = {name: _value(row, column) for name, column in journey.items()}
    return reference, Plan(path=found["path"], tier=found["tier"], complexity=found["complexity"])


def _value(row: dict[str, Any], column: dict[str, Any]) -> str:
    if "constant" in column:
        return str(column["constant"])
    text = "".join(_text(row.get(source)) for source in column["sources"]).strip()
    values = column.get("values") or {}
    return str(values.get(text, values.get("*", text)))


def _text(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value or "")


def file_of(folder: Path, described: dict[str, Any]) -> Path | None:
    """The file of the examples that a mapping reads: it has the mapping's name."""
    return next((f for f in folder.glob(f"{described['name']}.*") if f.is_file()), None)


def _rows(folder: Path, described: dict[str, Any]) -> Iterator[dict[str, Any]]:
    path = file_of(folder, described)
    if path is None:
        return
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from csv.DictReader(file)
    elif path.suffix == ".json":
        content = json.loads(path.read_text())
        yield from content[described["items"]] if described.get("items") else content
    else:
        book = CalamineWorkbook.from_path(path)
        header, *rows = book.get_sheet_by_name(described.get("sheet") or book.sheet_names[0]).to_python()
        yield from (dict(zip(map(str, header), row, strict=False)) for row in rows)


def _merges(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row[0]: row[1] for row in list(csv.reader(file))[1:]}
