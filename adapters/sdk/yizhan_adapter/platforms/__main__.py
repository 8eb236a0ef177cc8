"""The command line of a platform's own program; the adapter beside it hands the reported cases over.

python -m yizhan_adapter.platforms run provincial_platform       look every 30 seconds, compare every night
python -m yizhan_adapter.platforms compare provincial_platform   compare now; status 1 when anything differs
python -m yizhan_adapter.platforms waiting provincial_platform   what has no receipt, or no case number
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path
from threading import Event

from yizhan_adapter import logs, plugins, settings
from yizhan_adapter.disclosures import TOKENS
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
    return 0


def _rounds(id: str) -> Rounds:
    """A platform with its office, its book, and the way to the centre; raises Misconfigured."""
    office, centre = (_need(name) for name in ("BACK_OFFICE_URL", "YIZHAN_URL"))
    platform = plugins.find(id).make(Office(office))
    if not isinstance(platform, Platform):
        raise Misconfigured(f"{id} is a department, not a platform")
    path = settings.store_path(id)
    to = Office(centre)
    return Rounds(
        platform=platform,
        centre=Centre(to, lambda: _token(to, id)),
        store=Store(path) if path.exists() else None,
    )


def _token(centre: Office, id: str) -> str:
    """A token of the platform's service account: it registers what comes in, and reads lists."""
    folder = Path(os.environ.get("YIZHAN_SECRETS", "var/secrets"))
    try:
        secret = (folder / f"service_{id}").read_text().strip()
    except OSError as error:
        raise Misconfigured(f"the secret of service {id!r} cannot be read in {folder}") from error
    asked = {"grant": "client_credentials", "service": id, "secret": secret}
    return str(centre.post(TOKENS, asked)["access_token"])


def _need(name: str) -> str:
    if value := os.environ.get(name, ""):
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
        return int(options.command(_rounds(options.id), options))
    except (Misconfigured, NeverPossible, TryLater) as error:
        sys.stderr.write(f"{error}\n")
        return UNSAFE if isinstance(error, Misconfigured) else 75


if __name__ == "__main__":
    sys.exit(main())
