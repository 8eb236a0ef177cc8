"""The figures of a run as a table for people."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

WIDTH = 140
WRONG = ("missing", "twice", "out_of_order", "lost_or_twice")
SPEED = {"per_second", "least", "most"}
DETAILS = (*WRONG, "body_bytes", "broker_cpu_ms", "database_cpu_ms")


def wrong(found: Mapping[str, Any]) -> int:
    """How often anything was lost, done twice or out of its order, in all measurements."""
    return sum(value for path, value in flat(found) if path[-1] in WRONG)


def show(found: Mapping[str, Any]) -> None:
    """Print the figures, each in a line of its own; the JSON has the details too."""
    table = Table("what", "figure")
    for path, value in flat(found):
        if path[-1] not in DETAILS:
            table.add_row(" · ".join(path).replace("_", " "), _figure(value))
    Console(file=sys.stdout, width=WIDTH).print(table)


def flat(found: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Each figure with the names that lead to it; a speed stays in one piece."""
    for name, value in found.items():
        if not isinstance(value, Mapping):
            yield (*path, name), value
        elif value.keys() >= SPEED:
            yield (*path, name), {key: value[key] for key in ("per_second", "least", "most")}
            yield from flat({key: more for key, more in value.items() if key not in SPEED}, (*path, name))
        else:
            yield from flat(value, (*path, name))


def _figure(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"{value['per_second']} a second ({value['least']}–{value['most']})"
    return str(value)
