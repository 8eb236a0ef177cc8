"""Looks at everything an adapter needs, one thing after another, and says what to do about what is wrong."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import Any

from pika.exceptions import AMQPError, ProbableAccessDeniedError, ProbableAuthenticationError

from yizhan_adapter import check, plugins
from yizhan_adapter.errors import Misconfigured, NeverPossible, OfficeDown, TryLater
from yizhan_adapter.link import connector
from yizhan_adapter.office import Office
from yizhan_adapter.plugins import Plugin
from yizhan_adapter.run import vault
from yizhan_adapter.settings import Settings, read
from yizhan_adapter.store import Store

ADVICE = {
    "plug-in": "install it (pip install ./adapters/<id>), then mend what `check` names",
    "settings": "set the variable that is named; docs/adapters.md lists them",
    "store": "the disk must take writes: look at space and rights of the folder of ADAPTER_STORE",
    "mailbox": "compare ADAPTER_AMQP_URL with the claim link, and let port 5671 through the firewall",
    "gate": "make the folders writable, exchange keys (docs/closed-networks.md), then look at `status`",
    "back office": "is the department's own system up, and does BACK_OFFICE_URL name it?",
    "vault": "compare YIZHAN_URL and the secret with the claim link; is the department onboarded?",
}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    name: str
    ok: bool
    detail: str


class Unwell(Exception):
    """What was looked at does not work; the words say why."""


def examine(
    id: str, environment: Mapping[str, str] = os.environ, connect: Callable[[str], Any] = connector
) -> Iterator[Finding]:
    """Every finding, in the order in which things depend on one another; ends where no more can be seen."""
    plugin = yield from _step("plug-in", partial(_plugin, id))
    settings = yield from _step("settings", partial(_settings, id, environment))
    if settings is None or plugin is None:
        return
    yield from _step("store", partial(_store, settings))
    if settings.by_files:
        yield from _step("gate", partial(_gate, id, environment))
    else:
        yield from _step("mailbox", partial(_mailbox, id, settings, connect))
    yield from _step("back office", partial(_office, settings))
    yield from _step("vault", partial(_vault, plugin, settings))


def report(id: str) -> int:
    """Say what was found and what to do; the exit status."""
    failed = 0
    for found in examine(id):
        failed += not found.ok
        sys.stdout.write(f"{'ok ' if found.ok else 'BAD'} {found.name}: {found.detail}\n")
        if not found.ok:
            sys.stdout.write(f"    → {ADVICE[found.name]}\n")
    return 1 if failed else 0


def _step(name: str, look: Callable[[], tuple[Any, str]]) -> Generator[Finding, None, Any]:
    """One finding; what was looked at is handed back, or None."""
    try:
        thing, detail = look()
    except (Unwell, Misconfigured) as error:
        yield Finding(name=name, ok=False, detail=str(error))
        return None
    yield Finding(name=name, ok=True, detail=detail)
    return thing


def _plugin(id: str) -> tuple[Plugin, str]:
    plugin = plugins.find(id)
    wrong = list(check.faults(plugin))
    if wrong:
        raise Unwell("; ".join(wrong))
    return plugin, f"{plugin.manifest.name} {plugin.manifest.version}"


def _settings(id: str, environment: Mapping[str, str]) -> tuple[Settings, str]:
    settings = read(id, environment)
    Office(settings.back_office_url)
    return settings, f"store {settings.store}, mailbox {settings.queue}"


def _store(settings: Settings) -> tuple[None, str]:
    try:
        with closing(Store(settings.store)) as store:
            store.check()
            stuck = sum(held.state == "stuck" for held in store.unfinished())
            return None, f"takes writes; {len(store.unfinished())} unfinished, {stuck} stuck"
    except (sqlite3.Error, OSError) as error:
        raise Unwell(f"{settings.store}: {error}") from error


def _mailbox(id: str, settings: Settings, connect: Callable[[str], Any]) -> tuple[None, str]:
    name = f"dept.{id}.{settings.queue}"
    try:
        with connect(settings.amqp_url)() as link, link.channel() as channel:
            waiting = channel.queue_declare(name, passive=True).method.message_count
    except (ProbableAuthenticationError, ProbableAccessDeniedError) as error:
        raise Unwell("the broker does not know this user or password") from error
    except (AMQPError, OSError) as error:
        raise Unwell(f"{type(error).__name__}: {error}") from error
    return None, f"{name} is there, {waiting} waiting"


def _gate(id: str, environment: Mapping[str, str]) -> tuple[None, str]:
    from yizhan_adapter.bundles.settings import read

    found = read(id, "department", environment)
    found.ring().check()
    try:
        traffic = found.traffic()
    except (sqlite3.Error, OSError) as error:
        raise Unwell(f"{found.folder}: {error}") from error
    with closing(traffic.gate.db) as db:
        waiting, _ = traffic.gate.going.waiting()
        return None, f"{found.folder}, {waiting} waiting to cross, {db.number('have')} bundles taken"


def _office(settings: Settings) -> tuple[None, str]:
    try:
        Office(settings.back_office_url).get("/")
    except OfficeDown as error:
        raise Unwell(str(error)) from error
    except (TryLater, NeverPossible):
        pass  # it refused, or said something that is not JSON: somebody is there
    return None, f"{settings.back_office_url} answers"


def _vault(plugin: Plugin, settings: Settings) -> tuple[None, str]:
    if settings.by_files:
        return None, "asked across the gate"
    found = vault(plugin, settings)
    if found is None:
        if plugin.manifest.disclosure:
            raise Unwell("the manifest claims personal fields, but YIZHAN_URL is missing")
        return None, "not used"
    try:
        found.sign_in()
    except (TryLater, NeverPossible) as error:
        raise Unwell(str(error)) from error
    return None, f"{settings.centre_url} knows this department"
