"""Reads the table of who may call what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

TABLE = Path(__file__).with_name("table.txt")
SCOPES = ("region", "list", "county", "own", "none")
SPECIAL = ("everybody", "anybody", "nobody", "department")


@dataclass(frozen=True, kw_only=True)
class Row:
    """Who may call one address, and what of a region it is about."""

    posts: frozenset[str]
    scope: str
    operation: str

    def admits(self, post: str) -> bool:
        """Whether somebody with this one post may call; '' is somebody signed in without any."""
        return "anybody" in self.posts or post in self.posts


def rows() -> dict[str, Row]:
    """The table by operation. Raises ValueError for a line that says nothing, or the same thing twice."""
    groups: dict[str, frozenset[str]] = {}
    found: dict[str, Row] = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("@") and "|" not in line:
            name, _, members = line.partition("=")
            groups[name.strip()] = _members(members, groups)
        elif line.strip() and not line.startswith("#"):
            row = _row(line, groups)
            if row.operation in found:
                raise ValueError(f"twice in the table: {row.operation}")
            found[row.operation] = row
    return found


def _row(line: str, groups: Mapping[str, frozenset[str]]) -> Row:
    posts, scope, operation = (part.strip() for part in line.split("|"))
    if scope not in SCOPES:
        raise ValueError(f"no such scope: {line}")
    return Row(posts=_members(posts, groups), scope=scope, operation=" ".join(operation.split()))


def _members(text: str, groups: Mapping[str, frozenset[str]]) -> frozenset[str]:
    each = (groups[word] if word.startswith("@") else frozenset({word}) for word in text.split())
    return frozenset().union(*each)
