"""Looks a plug-in over before it is let near a mailbox: its card, its code table, its recorded exchanges."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.resources.abc import Traversable

from yizhan_adapter.codes import CodeTable
from yizhan_adapter.fixtures import Mismatch, fixtures, play
from yizhan_adapter.plugins import Plugin

LINES = 250  # of one file: an adapter that grows past it has begun to hold rules of the centre


def faults(plugin: Plugin) -> Iterator[str]:
    """Everything that is wrong with a plug-in, in words; nothing when it is sound."""
    yield from _table_faults(plugin)
    yield from _fixture_faults(plugin)
    yield from _import_faults(plugin)


def _table_faults(plugin: Plugin) -> Iterator[str]:
    module = import_module(getattr(plugin.make, "__module__", ""))
    beside = (getattr(plugin.make, "codes", None), *vars(module).values())
    tables = [value for value in beside if isinstance(value, CodeTable)]
    if not tables:
        yield "no code table: the department's codes and ours belong in one CodeTable"
    for table in tables:
        yield from table.faults()


def _fixture_faults(plugin: Plugin) -> Iterator[str]:
    recorded = list(fixtures(plugin))
    if not recorded:
        yield "no fixtures: record what the back office really says"
    for name, fixture in recorded:
        try:
            play(plugin.make, plugin.manifest.id, fixture)
        except (Mismatch, KeyError, TypeError, ValueError) as error:
            yield f"fixtures/{name}: {error}"


def _import_faults(plugin: Plugin) -> Iterator[str]:
    for file in plugin.files.iterdir():
        if file.name.endswith(".py"):
            yield from (f"{file.name} {fault}" for fault in _source_faults(file, plugin.files.name))


def _source_faults(file: Traversable, own: str) -> Iterator[str]:
    source = file.read_text(encoding="utf-8")
    if source.count("\n") > LINES:
        yield f"is longer than {LINES} lines"
    suite = {"shared", "services", "deploy", "pika", "nameko", "pymongo", "mongoengine"}
    for name in _imported(ast.parse(source)):
        if name in suite or (name.startswith("yizhan_") and name not in ("yizhan_adapter", own)):
            yield f"imports {name}: an adapter speaks to the suite through yizhan_adapter alone"


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def report(plugin: Plugin) -> int:
    """Say what was looked at and what is wrong; the exit status."""
    found = list(faults(plugin))
    played = sum(1 for _ in fixtures(plugin))
    sys.stdout.writelines(f"{fault}\n" for fault in found)
    if not found:
        card = plugin.manifest
        sys.stdout.write(f"{card.id} {card.version} ({card.name}): sound, {played} exchanges played\n")
    return 1 if found else 0
