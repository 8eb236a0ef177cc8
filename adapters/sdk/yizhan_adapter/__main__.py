"""The command line of an adapter: run it, check it, see what waits, take up what was mended.

python -m yizhan_adapter run court              serve until SIGTERM; several ids share one process
python -m yizhan_adapter check court            card, code table, recorded exchanges
python -m yizhan_adapter doctor court           store, mailbox, back office, vault, and what to do about them
python -m yizhan_adapter dry court [FILE]       what it would do with an ask; --send does it, telling nobody
python -m yizhan_adapter asks court             what is unfinished, and why
python -m yizhan_adapter retry court DELIVERY   take up a stuck ask again
python -m yizhan_adapter new forestry --into adapters --title 林业局    write a new plug-in
python -m yizhan_adapter list                   which adapters are installed
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from yizhan_adapter import check, doctor, dry, logs, new, plugins, settings
from yizhan_adapter.errors import Misconfigured
from yizhan_adapter.platforms.__main__ import rounds_of
from yizhan_adapter.run import Work, run
from yizhan_adapter.store import Store

UNSAFE = 78  # EX_CONFIG: the supervisor shows it instead of looping


def _run(options: argparse.Namespace) -> int:
    surroundings = {id: settings.for_office(id) if len(options.id) > 1 else os.environ for id in options.id}
    works = [_work(id, given) for id, given in surroundings.items()]
    logs.set_up(works[0].settings.log_level)
    return run(works, options.health)


def _work(id: str, given: Mapping[str, str]) -> Work:
    """One adapter with its office's own program, where the office has one and the centre is known."""
    reachable = bool(given.get("YIZHAN_URL") or given.get("BASE_URL"))
    return Work(
        plugin=plugins.find(id),
        settings=settings.read(id, given),
        program=partial(rounds_of, id, given) if reachable else lambda: None,
    )


def _check(options: argparse.Namespace) -> int:
    return check.report(plugins.find(options.id))


def _doctor(options: argparse.Namespace) -> int:
    return doctor.report(options.id)


def _dry(options: argparse.Namespace) -> int:
    office = os.environ.get("BACK_OFFICE_URL", "")
    if options.send and not office:
        raise Misconfigured("BACK_OFFICE_URL is missing: there is nobody to send to")
    plugin, ask = plugins.find(options.id), dry.ask_in(options.file, options.id)
    return dry.dry(plugin, office or "http://back.office", ask, options.send)


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


def _new(options: argparse.Namespace) -> int:
    return new.report(options.id, Path(options.into), options.title)


def _store(options: argparse.Namespace) -> Store:
    path = settings.store_path(options.id)
    if not path.exists():
        raise Misconfigured(f"there is no store at {path}; set ADAPTER_STORE")
    return Store(path)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="yizhan_adapter", description="A department's adapter")
    commands = parser.add_subparsers(required=True)
    for command in (_run, _check, _doctor, _dry, _asks, _retry, _new, _list):
        sub = commands.add_parser(command.__name__.lstrip("_"))
        sub.set_defaults(command=command)
        if command is not _list:
            sub.add_argument("id", nargs="+" if command is _run else None, help="department id, e.g. court")
        _own_options(command.__name__, sub)
    return parser


def _own_options(name: str, sub: argparse.ArgumentParser) -> None:
    if name == "_run":
        sub.add_argument("--health", default="", help="host:port of the page for health and metrics")
    if name == "_dry":
        sub.add_argument("file", nargs="?", default="", help="an ask as it travels; else a sample")
        sub.add_argument("--send", action="store_true", help="really hand it to the back office")
    if name == "_new":
        sub.add_argument("--into", default="adapters", help="the folder it is written into")
        sub.add_argument("--title", default="", help="the department's name as people know it")
    if name == "_retry":
        sub.add_argument("delivery", help="delivery id")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit status."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.command(options))
    except Misconfigured as error:
        sys.stderr.write(f"{error}\n")
        return UNSAFE


def entry() -> None:
    """The program `yizhan-adapter`."""
    logging.captureWarnings(True)
    sys.exit(main())


if __name__ == "__main__":
    entry()
