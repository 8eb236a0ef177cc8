"""Which files the demo brings in, and which mapping reads each."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import yaml

from deploy.local.demo.bringing import Parcel
from deploy.local.demo.plot import file_of
from deploy.local.home import CHECKOUT

EXAMPLES = CHECKOUT / "examples"


def of_examples() -> list[Parcel]:
    """The example files, each with the mapping of its name."""
    found = []
    for text in _mappings():
        path = file_of(EXAMPLES, yaml.safe_load(text))
        if path is not None:
            found.append(Parcel(path=path, mapping=text))
    return found


def of_file(path: Path) -> list[Parcel]:
    """Any file of that kind, read by the mapping that knows most of its columns.

    Raises SystemExit when no mapping knows any of them.
    """
    header = _header(path)
    best = max(_mappings(), key=lambda text: len(_sources(yaml.safe_load(text)) & header))
    if not _sources(yaml.safe_load(best)) & header:
        raise SystemExit(f"{path.name}：没有认识这些列的映射，请在 examples/mapping 里加一个")
    return [Parcel(path=path, mapping=best)]


def _mappings() -> list[str]:
    return [path.read_text() for path in sorted((EXAMPLES / "mapping").glob("*.yaml"))]


def _sources(described: dict[str, Any]) -> set[str]:
    return {source for column in described["columns"].values() for source in column.get("sources", ())}


def _header(path: Path) -> set[str]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            with path.open(encoding=encoding, newline="") as file:
                return set(next(csv.reader(file)))
        except (UnicodeDecodeError, StopIteration):
            continue
    return set()
