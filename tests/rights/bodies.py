"""The smallest body that an operation's own description allows, so that a call gets as far as it may."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from tests.fuzz.house import COMMITTEE, VILLAGE

KNOWN = {
    "region": VILLAGE, "place": VILLAGE, "unit": COMMITTEE, "username": "somebody.new", "roles": ["clerk"],
    "lead_unit": COMMITTEE, "category": "neighbour", "phone_tail": "0000",
}  # fmt: skip
PLAIN: Mapping[str, Any] = {"integer": 1, "number": 1, "boolean": True, "object": {}, "null": None}
FORMATS = {
    "date-time": "2026-05-06T09:00:00+08:00", "date": "2026-05-06", "time": "09:00:00",
    "uuid": "0192f0c1-2b3c-7d4e-8f50-61728394a5b6",
}  # fmt: skip


def body(described: Mapping[str, Any], operation: Mapping[str, Any]) -> Any:
    """A JSON body for an operation, or None when it takes none."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    return _example(described, content["schema"], "") if content else None


def _example(described: Mapping[str, Any], schema: Mapping[str, Any], name: str) -> Any:
    if "$ref" in schema:
        part = schema["$ref"].rpartition("/")[2]
        return _example(described, described["components"]["schemas"][part], name)
    if name in KNOWN:
        return KNOWN[name]
    if "enum" in schema:
        return schema["enum"][0]
    for union in ("anyOf", "oneOf", "allOf"):
        if union in schema:
            return _example(described, schema[union][0], name)
    return _of_kind(described, schema, name)


def _of_kind(described: Mapping[str, Any], schema: Mapping[str, Any], name: str) -> Any:
    kind = schema.get("type", "object")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        properties = schema.get("properties", {})
        wanted = [each for each in properties if each in schema.get("required", ())]
        return {each: _example(described, properties[each], each) for each in wanted}
    if kind == "array":
        return [_example(described, schema.get("items", {}), name)] * max(1, schema.get("minItems", 1))
    if kind == "string":
        return _text(schema)
    return schema.get("minimum", PLAIN[kind])


def _text(schema: Mapping[str, Any]) -> str:
    if schema.get("format") in FORMATS:
        return str(FORMATS[schema["format"]])
    if "pattern" in schema:
        return _fitting(str(schema["pattern"]))
    return "x" * max(1, int(schema.get("minLength", 1)))


def _fitting(pattern: str) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return str(st.from_regex(re.compile(pattern, re.ASCII), fullmatch=True).example())
