"""Everything that is told in the core has somebody who hears it: else it would end in the park."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

import pytest

import services
from shared.bus.worker import Worker
from shared.contracts.all import every

LISTENERS = [
    found
    for service in pkgutil.iter_modules(services.__path__)
    for _, found in inspect.getmembers(
        importlib.import_module(f"services.{service.name}.worker"), inspect.isclass
    )
    if issubclass(found, Worker) and found is not Worker and found.vhost == "core"
]
TOLD = [c.TYPE for c in every() if c.PUBLISHER != "department" and not c.TYPE.startswith("ask.")]


@pytest.mark.parametrize("name", TOLD)
def test_somebody_hears_it(name: str) -> None:
    assert any(hearing.takes(name) for listener in LISTENERS for hearing in listener.hearings())
