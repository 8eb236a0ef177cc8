"""Writes docs/openapi/<service>.json for every service, and has each read by a validator of OpenAPI 3.1.

Run as `python -m shared.web.openapi [--out FOLDER]`; it fails when a description is not valid. The
applications are made with stores in memory, so no database is needed. The last line is JSON.
"""

from __future__ import annotations

import json
import pkgutil
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click
from flask import Flask
from openapi_spec_validator import OpenAPIV31SpecValidator

PACKAGE = "services"
METHODS = ("get", "put", "post", "delete", "patch", "head", "options")


def applications() -> Iterator[tuple[str, Flask]]:
    """Every service that has addresses, with its application on stores in memory."""
    for found in pkgutil.iter_modules(import_module(PACKAGE).__path__):
        name = f"{PACKAGE}.{found.name}"
        if find_spec(f"{name}.api") is not None:
            memory = import_module(f"{name}.store").memory_stores()
            yield found.name, import_module(f"{name}.api").create_app(memory)


def description(app: Flask, service: str) -> dict[str, Any]:
    """What the application says about itself at /<service>/openapi.json."""
    reply = app.test_client().get(f"/{service}/openapi.json")
    described: dict[str, Any] = json.loads(reply.get_data())
    return described


def faults(described: Mapping[str, Any]) -> list[str]:
    """What is not valid in a description: OpenAPI 3.1 first, then operations without a word about them."""
    found = [
        f"{'/'.join(str(part) for part in error.absolute_path)}: {error.message}"
        for error in OpenAPIV31SpecValidator(dict(described)).iter_errors()
    ]
    return found + [
        f"{method.upper()} {path}: no summary"
        for path, method, operation in operations(described)
        if not operation.get("summary")
    ]


def operations(described: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Every operation of a description: path, method, what it says."""
    for path, methods in described.get("paths", {}).items():
        yield from ((path, m, operation) for m, operation in methods.items() if m in METHODS)


def write(folder: Path, service: str, described: Mapping[str, Any]) -> None:
    """Keep a description where the documentation is."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(described, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / f"{service}.json").write_text(text + "\n")


@click.command()
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path("docs/openapi"))
def main(out: Path) -> None:
    """Describe every service and validate what it says."""
    counted: dict[str, int] = {}
    wrong: list[str] = []
    for service, app in applications():
        described = description(app, service)
        write(out, service, described)
        counted[service] = len(list(operations(described)))
        wrong += [f"{service}: {fault}" for fault in faults(described)]
    for fault in wrong:
        click.echo(fault, err=True)
    click.echo(json.dumps({"operations": counted, "total": sum(counted.values()), "faults": len(wrong)}))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
