"""Where the sealed fields of a stored document lie, and under which name each of them was sealed.

A table has a path and a name a line: `"parties.*.phone": "{party_id}.phone"`. A star stands for every member
of a list or dictionary; in the name, `{n}` and `{key}` are the place the last star stood for, and any other
word is the value of that field in the nearest dictionary around.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Place:
    """One sealed field: its path in the document, its bytes, and the name it was sealed under."""

    path: str
    sealed: bytes
    field: str


def places(state: Mapping[str, Any], table: Mapping[str, str]) -> Iterator[Place]:
    """Every sealed field that is there."""
    for path, name in table.items():
        yield from _under(state, path.split("."), name, "state", dict(state))


def _under(value: Any, path: list[str], name: str, at: str, known: dict[str, Any]) -> Iterator[Place]:
    if value is None:
        return
    if not path:
        if isinstance(value, bytes) and value:  # what was erased is empty: there is nothing to seal again
            yield Place(path=at, sealed=value, field=name.format_map(known))
        return
    for key, inner, stood_for in _members(value, path[0]):
        around = known | stood_for | (dict(inner) if isinstance(inner, Mapping) else {})
        yield from _under(inner, path[1:], name, f"{at}.{key}", around)


def _members(value: Any, step: str) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    if step != "*":
        if isinstance(value, Mapping) and step in value:
            yield step, value[step], {}
    elif isinstance(value, Mapping):
        yield from ((str(key), inner, {"key": key}) for key, inner in value.items())
    elif isinstance(value, list | tuple):
        yield from ((str(n), inner, {"n": n}) for n, inner in enumerate(value))
