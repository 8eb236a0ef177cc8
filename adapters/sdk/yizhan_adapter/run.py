"""Runs adapters: of each a thread for broker or gate, one for the back office, and an end that loses nothing.

Beside an adapter runs its office's own program (`platforms`), where it has one.
"""

from __future__ import annotations

import fcntl
import logging
import os
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import IO, Any, Protocol

from yizhan_adapter import page
from yizhan_adapter import settings as surroundings
from yizhan_adapter.desk import Desk
from yizhan_adapter.disclosures import Vault
from yizhan_adapter.errors import Misconfigured
from yizhan_adapter.link import Link, connector
from yizhan_adapter.mailbox import Mailbox
from yizhan_adapter.office import Office
from yizhan_adapter.plugins import Plugin
from yizhan_adapter.settings import Settings
from yizhan_adapter.store import Store

log = logging.getLogger(__name__)

HUNG = 75  # EX_TEMPFAIL: whoever started us starts us again
SILENCE = 90.0  # seconds without a turn of the link's loop before the process ends itself
ROUND = 30.0  # seconds between two rounds of an office's own program
GRACE = 20.0  # seconds the ask in hand gets at the end


class Serves(Protocol):
    """Whatever brings asks and takes answers: the link to a broker, or the crossing of a gate."""

    connection: Any
    alive: float

    def run(self, finish: Callable[[], None] = ...) -> None:
        """Serve until told to stop."""

    def wake(self) -> None:
        """From another thread: there are answers."""


class Program(Protocol):
    """What runs beside an adapter: takes in what the office sends, keeps its copies in step."""

    def serve(self, stop: Event, every_s: float) -> None:
        """One round after the other until told to stop."""


@dataclass(frozen=True, kw_only=True)
class Work:
    """One adapter as it is to run."""

    plugin: Plugin
    settings: Settings
    program: Callable[[], Program | None] = lambda: None


@dataclass(frozen=True, kw_only=True)
class Opened:
    """One adapter that runs: what it holds, and the pages that speak for it."""

    lock: IO[str]
    link: Serves
    desk: Desk
    wake: Event
    page: page.Page
    program: Program | None


def run(works: Sequence[Work], health: str = "") -> int:
    """Serve until SIGTERM or SIGINT; the exit status. `health` is the address of the page, if any.

    Raises Misconfigured when another process has one of these stores open, or that address.
    """
    stop = stop_on_signals()
    all = [_opened(work, stop) for work in works]
    if health:
        page.serve(health, page.Pages([each.page for each in all]))
    _serve(all, stop)
    for each in all:
        each.lock.close()
    return 0


def _opened(work: Work, stop: Event) -> Opened:
    plugin, settings, wake = work.plugin, work.settings, Event()
    lock, store = alone(settings.store), Store(settings.store)
    link = (_crossing if settings.by_files else _link)(plugin, settings, store, stop, wake)
    desk = Desk(
        plugin.make(Office(settings.back_office_url)),
        Store(settings.store),
        poll_s=settings.poll_s,
        told=link.wake,
        vault=vault(plugin, settings),
    )
    store.forget(time.time())
    store.retry()  # what stuck may be mended by this version
    log.info("started", extra={"department": plugin.manifest.id, "version": plugin.manifest.version})
    burden = Store(settings.store).burden  # a store of its own: the page has a thread of its own
    about = page.Page(department=plugin.manifest.id, link=link, burden=burden, silence=SILENCE)
    return Opened(lock=lock, link=link, desk=desk, wake=wake, page=about, program=work.program())


def _link(plugin: Plugin, settings: Settings, store: Store, stop: Event, wake: Event) -> Serves:
    about = plugin.manifest
    mailbox = Mailbox(about.id, about.version, store, took=wake.set, queue=settings.queue)
    return Link(mailbox, connector(settings.amqp_url), stop)


def _crossing(plugin: Plugin, settings: Settings, store: Store, stop: Event, wake: Event) -> Serves:
    """The same by files; only here are the libraries of bundles needed."""
    from yizhan_adapter.bundles.crossing import Crossing
    from yizhan_adapter.bundles.settings import read

    about = plugin.manifest
    traffic = read(about.id, "department").traffic()
    return Crossing(about.id, about.version, store, traffic, stop, took=wake.set)


def vault(plugin: Plugin, settings: Settings) -> Vault | None:
    """The centre's vault, across the gate if there is one; None when nobody said where the centre is."""
    if settings.by_files:
        return _vault_across(plugin)
    if not settings.centre_url:
        return None
    department = plugin.manifest.id
    secret = partial(surroundings.secret, department)
    return Vault(settings.centre_url, department, secret, plugin.manifest.basis)


def _vault_across(plugin: Plugin) -> Vault:
    from yizhan_adapter.bundles.questions import GateVault
    from yizhan_adapter.bundles.settings import read

    gate = read(plugin.manifest.id, "department").gate()  # a memory of its own: the desk has its own thread
    return GateVault(gate, plugin.manifest.id, plugin.manifest.basis)


def _serve(all: Sequence[Opened], stop: Event) -> None:
    """All of them side by side; the first in this thread, so that one alone needs no other."""
    for each in all:
        _start("watch", partial(watch, each.link, stop))
        if each.program:
            _start("program", partial(each.program.serve, stop, ROUND))
    others = [_start("link", partial(_linked, each, stop)) for each in all[1:]]
    _linked(all[0], stop)
    for other in others:
        other.join(GRACE)


def _linked(each: Opened, stop: Event) -> None:
    worker = _start("desk", partial(each.desk.run, stop, each.wake))

    def finish() -> None:
        each.wake.set()
        worker.join(GRACE)

    each.link.run(finish)


def _start(name: str, work: Callable[[], object]) -> Thread:
    """A thread that cannot go on (the disk is gone) takes the process with it: nothing else would notice."""

    def surely() -> None:
        try:
            work()
        except BaseException:
            log.exception("a thread failed", extra={"thread": name})
            os._exit(HUNG)

    thread = Thread(target=surely, name=name, daemon=True)
    thread.start()
    return thread


def watch(
    link: Serves, stop: Event, *, silence: float = SILENCE, end: Callable[[int], object] = os._exit
) -> None:
    """pika waits for a confirm without limit; a broker that never sends it must not hold us for ever."""
    while not stop.wait(min(5.0, silence)):
        if time.monotonic() - link.alive > silence:
            log.critical("the link hangs")
            end(HUNG)
            return


def stop_on_signals() -> Event:
    """Set when the process is asked to end."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def alone(store: Path) -> IO[str]:
    """One process per store: two would hand every ask over twice."""
    store.parent.mkdir(parents=True, exist_ok=True)
    lock = open(f"{store}.lock", "w")  # noqa: SIM115 held until the process ends
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise Misconfigured(f"another process works on {store}") from error
    return lock
