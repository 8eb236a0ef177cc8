"""Which differences between two versions of a contract somebody would stumble over.

Two readers are asked. One knows the old version and hears what is told with the new one: a service or a
department's adapter that is not upgraded yet. The other knows the new version and reads what was told with
the old one: histories, replays, messages still waiting. A change that either would refuse, or read
differently, needs a new major version.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]

OLD_READER = "a listener that knows the old version"
NEW_READER = "a listener that knows the new version, of events already told,"

_LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems")
_UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")
_EXACT = ("pattern", "format", "default")


def breaks(old: Schema, new: Schema) -> list[str]:
    """Every difference that breaks a reader, in words; empty when the new version only grew."""
    return [*_telling(old, new), *_fields(old, new)]


def _telling(old: Schema, new: Schema) -> Iterator[str]:
    for key, said in (("x-publisher", "told by"), ("x-aggregate", "about")):
        if old.get(key) != new.get(key):
            yield f"was {said} {old.get(key)}, now {said} {new.get(key)}"


def _fields(old: Schema, new: Schema) -> Iterator[str]:
    before, after = old.get("properties", {}), new.get("properties", {})
    needed_before, needed_after = set(old.get("required", ())), set(new.get("required", ()))
    for name in sorted(before.keys() | after.keys()):
        if name not in after:
            yield f"{name}: removed; {OLD_READER} still reads it"
        elif name not in before:
            if name in needed_after:
                yield f"{name}: new and required; {NEW_READER} would miss it"
        else:
            yield from _need(name, name in needed_before, name in needed_after)
            yield from _value(name, before[name], after[name])


def _need(name: str, before: bool, after: bool) -> Iterator[str]:
    if before and not after:
        yield f"{name}: no longer required; {OLD_READER} needs it"
    if after and not before:
        yield f"{name}: now required; {NEW_READER} would miss it"


def _value(name: str, old: Schema, new: Schema) -> Iterator[str]:
    yield from _choices(name, "type", _types(old), _types(new))
    if "enum" in old or "enum" in new:
        yield from _enums(name, old, new)
    for key in _EXACT:
        if old.get(key) != new.get(key):
            yield f"{name}: {key} was {old.get(key)!r}, is {new.get(key)!r}; it would be read differently"
    for key in (*_LOWER, *_UPPER):
        yield from _limit(name, key, old.get(key), new.get(key))
    if "items" in old and "items" in new:
        yield from _value(f"{name}[]", old["items"], new["items"])


def _types(schema: Schema) -> set[Any]:
    kind = schema.get("type", ())
    return {kind} if isinstance(kind, str) else set(kind)


def _enums(name: str, old: Schema, new: Schema) -> Iterator[str]:
    if "enum" not in old:
        yield f"{name}: is now a closed list; {NEW_READER} may find other values"
    elif "enum" not in new:
        yield f"{name}: is no longer a closed list; {OLD_READER} refuses other values"
    else:
        # null is told of by `type` already
        yield from _choices(name, "value", set(old["enum"]) - {None}, set(new["enum"]) - {None})


def _choices(name: str, what: str, before: set[Any], after: set[Any]) -> Iterator[str]:
    for gone in sorted(before - after, key=str):
        yield f"{name}: {what} {gone!r} removed; {NEW_READER} would refuse it"
    for added in sorted(after - before, key=str):
        yield f"{name}: {what} {added!r} added; {OLD_READER} would refuse it"


def _limit(name: str, key: str, before: float | None, after: float | None) -> Iterator[str]:
    if before == after:
        return
    sign = 1 if key in _LOWER else -1
    low = float("-inf")
    narrower = (low if after is None else sign * after) > (low if before is None else sign * before)
    who = NEW_READER if narrower else OLD_READER
    yield f"{name}: {key} was {before}, is {after}; {who} would refuse some values"
