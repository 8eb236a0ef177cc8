"""`python -m tests.fuzz [--examples N] [--service NAME] [--only LABEL]`: the last line is JSON."""

from __future__ import annotations

import json
import sys
import time

import click

from tests.fuzz.calling import Found, fuzz
from tests.fuzz.house import House
from tests.signing import secrets_folder


@click.command()
@click.option("--examples", default=100, help="calls of each operation")
@click.option("--service", "wanted", multiple=True, help="only these services")
@click.option("--only", default="", help="only operations whose label holds this")
def main(examples: int, wanted: tuple[str, ...], only: str) -> None:
    """Call every operation of every service; fails when an answer is 5xx or not as described."""
    secrets_folder()
    house, found, began = House(), Found(), time.monotonic()
    for service in wanted or sorted(house.apps):
        before = found.examples
        fuzz(house, service, examples, found, only)
        click.echo(f"{service}: {found.examples - before} calls, {time.monotonic() - began:.0f} s", err=True)
    for key, example in sorted(found.faults.items()):
        click.echo(f"{key}\n    {example}", err=True)
    click.echo(json.dumps({
        "operations": found.operations, "examples": found.examples, "5xx": found.server_errors,
        "undocumented": found.undocumented, "statuses": dict(sorted(found.statuses.items())),
        "seconds": round(time.monotonic() - began),
    }))  # fmt: skip
    sys.exit(1 if found.faults else 0)


if __name__ == "__main__":
    main()
