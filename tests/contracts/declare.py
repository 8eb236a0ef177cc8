"""Declares a contract for one test, unknown to the registry of the product."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shared.contracts.base import Event


def declare(shape: type[Event], *, name: str = "toy.seen", major: int = 1, minor: int = 0) -> type[Event]:
    """The contract `toy.seen` with the fields of a class."""
    contract: Any = dataclass(frozen=True, kw_only=True)(type(shape.__name__, (shape,), dict(vars(shape))))
    contract.TYPE, contract.PUBLISHER, contract.AGGREGATE = name, "alpha", "toy"
    contract.MAJOR, contract.MINOR = major, minor
    return contract  # type: ignore[no-any-return]
