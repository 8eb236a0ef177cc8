"""The command line of an office's own program; the adapter beside it hands over what the centre sends.

python -m yizhan_adapter.platforms run provincial_platform       look every 30 seconds, compare every night
python -m yizhan_adapter.platforms compare provincial_platform   compare now; status 1 when anything differs
python -m yizhan_adapter.platforms waiting provincial_platform   what has no receipt, or no case number
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from threading import Event
from typing import cast

from yizhan_adapter import logs, plugins, settings
from yizhan_adapter.disclosures import TOKENS, Vault
from yizhan_adapter.errors import Misconfigured, NeverPossible, TryLater
from yizhan_adapter.office import Office
from yizhan_adapter.platforms.centre import Centre
from yizhan_adapter.platforms.platform import Platform
from yizhan_adapter.platforms.rounds import Rounds
from yizhan_adapter.store import Store

UNSAFE = 78  # EX_CONFIG, as the adapter's own command line


def _run(rounds: Rounds, options: argparse.Namespace) -> int:
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    logs.set_up(os.environ.get("LOG_LEVEL", "INFO"))
    rounds.serve(stop, options.every)
    return 0


def _compare(rounds: Rounds, options: argparse.Namespace) -> int:
    found = list(rounds.compare())
    sys.stdout.writelines(f"{one}\n" for one in found)
    sys.stdout.write(f"{rounds.platform.department}: {len(found)} differences\n")
    return 1 if found else 0


def _waiting(rounds: Rounds, options: argparse.Namespace) -> int:
    book = rounds.platform.book
    for row in book.rows("WHERE receipt = '' OR there <> digest"):
        sys.stdout.write(f"out {row.kind} {row.id} {row.reason or 'not confirmed'}\n")
    for one in book.taken("WHERE case_no = ''"):
        sys.stdout.write(f"in {one.id} {one.reason}\n")
    for one in book.taken("WHERE case_no <> '' AND told = 0"):
        sys.stdout.write(f"told {one.id} {one.case_no} not taken\n")
    return 0


def rounds_of(id: str, environment: Mapping[str, str] = os.environ) -> Rounds | None:
    """The program of an office: with its book, and the way to the centre; None when it has nothing to do.

    Raises Misconfigured naming what is missing.
    """
    make = plugins.find(id).make
    card = getattr(make, "card", None)
    if not card or not (card.take or card.kinds):
        return None
    centre = Office(_need("YIZHAN_URL", environment, "BASE_URL"))
    path = settings.store_path(id, environment)
    return Rounds(
        platform=cast(Platform, make(Office(_need("BACK_OFFICE_URL", environment)))),
        centre=Centre(centre, lambda: _token(centre, id, environment)),
        store=Store(path) if path.exists() else None,
    )


def _token(centre: Office, id: str, environment: Mapping[str, str]) -> str:
    """A token of the platform's service account, or of the department itself where it has none."""
    account = Path(environment.get("YIZHAN_SECRETS", "var/secrets")) / f"service_{id}"
    if not account.exists():
        return Vault(centre.url, id, lambda: settings.secret(id, environment)).sign_in()
    asked = {"grant": "client_credentials", "service": id, "secret": account.read_text().strip()}
    return str(centre.post(TOKENS, asked)["access_token"])


def _need(name: str, environment: Mapping[str, str], other: str = "") -> str:
    if value := environment.get(name) or environment.get(other):
        return value
    raise Misconfigured(f"{name} is missing")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit status."""
    parser = argparse.ArgumentParser(prog="yizhan_adapter.platforms", description="A platform's own program")
    commands = parser.add_subparsers(required=True)
    for command in (_run, _compare, _waiting):
        sub = commands.add_parser(command.__name__.lstrip("_"))
        sub.set_defaults(command=command)
        sub.add_argument("id", help="the platform's id, e.g. provincial_platform")
        sub.add_argument("--every", type=float, default=30.0, help="seconds between two looks (run)")
    options = parser.parse_args(arguments)
    try:
        rounds = rounds_of(options.id)
        if rounds is None:
            raise Misconfigured(f"{options.id} sends us nothing and keeps no copies: no program is needed")
        return int(options.command(rounds, options))
    except (Misconfigured, NeverPossible, TryLater) as error:
        sys.stderr.write(f"{error}\n")
        return UNSAFE if isinstance(error, Misconfigured) else 75


if __name__ == "__main__":
    sys.exit(main())
