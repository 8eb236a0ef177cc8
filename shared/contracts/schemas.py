"""The JSON Schema of every contract, for readers and machines that know no Python."""

from __future__ import annotations

from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.openapi import OpenAPIConverter

from shared.contracts.base import Event, schema_of

Json = dict[str, Any]

DIALECT = "http://json-schema.org/draft-07/schema#"
_SPEC = APISpec("contracts", "1", "3.1.0", plugins=[MarshmallowPlugin()])
_CONVERTER: Any = OpenAPIConverter("3.1.0", schema_name_resolver=lambda schema: None, spec=_SPEC)


def json_schema(contract: type[Event]) -> Json:
    """The closed schema of a contract's data, with its name, its version and who tells it."""
    return {
        "$schema": DIALECT,
        "$id": f"urn:yizhan:schema:{contract.TYPE}:{contract.MAJOR}.{contract.MINOR}",
        "title": contract.__name__,
        "description": " ".join((contract.__doc__ or "").split()),
        "x-publisher": contract.PUBLISHER,
        "x-aggregate": contract.AGGREGATE,
        **_CONVERTER.schema2jsonschema(schema_of(contract)()),
    }


def stem(contract: type[Event]) -> str:
    """The name a contract goes by in files and documents: `case.assigned.v1`."""
    return f"{contract.TYPE}.v{contract.MAJOR}"
