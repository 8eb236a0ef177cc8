"""The command line of an adapter: run it, check it, see what waits, take up what was mended.

python -m yizhan_adapter run court              serve until SIGTERM
python -m yizhan_adapter check court            card, code table, recorded exchanges
python -m yizhan_adapter asks court             what is unfinished, and why
python -m yizhan_adapter retry court DELIVERY   take up a stuck ask again
python -m yizhan_adapter list                   which adapters are installed
"""

from __future__ import annotations

import argparse
import logging
import sys

from yizhan_adapter import check, logs, plugins, settings
from yizhan_adapter.errors import Misconfigured
from yizhan_adapter.run import run
from yizhan_adapter.store import Store

UNSAFE = 78  # EX_CONFIG: the supervisor shows it instead of looping


def _run(options: argparse.Namespace) -> int:
    plugin, found = plugins.find(options.id), settings.read(options.id)
    logs.set_up(found.log_level)
    return run(plugin, found, options.health)


def _check(options: argparse.Namespace) -> int:
    return check.report(plugins.find(options.id))


def _asks(options: argparse.Namespace) -> int:
    for held in _store(options).unfinished():
        ask = held.ask
        sys.stdout.write(f"{ask.delivery_id} {ask.case_no} {held.state} tries={held.tries} {held.error}\n")
    return 0


def _retry(options: argparse.Namespace) -> int:
    taken_up = _store(options).retry(options.delivery)
    sys.stdout.write(f"{taken_up} taken up\n")
    return 0 if taken_up else 1


def _list(options: argparse.Namespace) -> int:
    sys.stdout.writelines(f"{id} {point.value}\n" for id, point in sorted(plugins.installed().items()))
    return 0


def _store(options: argparse.Namespace) -> Store:
    path = settings.store_path(options.id)
    if not path.exists():
        raise Misconfigured(f"there is no store at {path}; set ADAPTER_STORE")
    return Store(path)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit status."""
    parser = argparse.ArgumentParser(prog="yizhan_adapter", description="A department's adapter")
    commands = parser.add_subparsers(required=True)
    for command in (_run, _check, _asks, _retry, _list):
        sub = commands.add_parser(command.__name__.lstrip("_"))
        sub.set_defaults(command=command)
        if command is not _list:
            sub.add_argument("id", help="department id, e.g. court")
        if command is _run:
            sub.add_argument("--health", default="", help="host:port of the page for health and metrics")
        if command is _retry:
            sub.add_argument("delivery", help="delivery id")
    options = parser.parse_args(arguments)
    try:
        return int(options.command(options))
    except Misconfigured as error:
        sys.stderr.write(f"{error}\n")
        return UNSAFE


if __name__ == "__main__":
    logging.captureWarnings(True)
    sys.exit(main())
