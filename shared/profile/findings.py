"""The small questions that every check of a profile asks: is it known, is it said twice?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from shared.profile.source import Steps

Complaint = tuple[Steps, str]


def repeats(values: Iterable[object]) -> Iterator[int]:
    """Where a value stands that stood before."""
    seen: set[object] = set()
    for index, value in enumerate(values):
        if value in seen:
            yield index
        seen.add(value)


def known(steps: Steps, value: str, names: Iterable[str], what: str) -> Iterator[Complaint]:
    """A complaint when a name is not one of those that exist."""
    if value not in set(names):
        yield steps, f"没有这个{what}：{value}"


def named(steps: Steps, value: str, names: Mapping[str, object], what: str) -> Iterator[Complaint]:
    """Like `known`, for a setting that may be left out."""
    if value:
        yield from known(steps, value, names, what)


def each(steps: Steps, values: Iterable[str], names: Iterable[str], what: str) -> Iterator[Complaint]:
    """Like `known`, for every name of a list."""
    for index, value in enumerate(values):
        yield from known((*steps, index), value, names, what)
