"""Imports every contract, for registries and for listeners that follow a whole aggregate."""

from __future__ import annotations

from shared.contracts import (
    access,
    closing,
    delivery,
    department,
    edge,
    file,
    grid,
    groups,
    hall,
    identity,
    intake,
    mediation,
    merging,
    organisation,
    petition,
    privacy,
    report,
    request,
    routing,
    sla,
    suggestion,
)
from shared.contracts.base import Event, contracts

MODULES = (
    access,
    closing,
    delivery,
    department,
    edge,
    file,
    grid,
    groups,
    hall,
    identity,
    intake,
    mediation,
    merging,
    organisation,
    petition,
    privacy,
    report,
    request,
    routing,
    sla,
    suggestion,
)


def every() -> tuple[type[Event], ...]:
    """Every contract of this product by name; those that tests declare for themselves are left out."""
    return tuple(c for c in contracts() if c.__module__ in {module.__name__ for module in MODULES})


def about(aggregate: str) -> tuple[str, ...]:
    """Patterns of every event that tells of an aggregate inside the core: all that a strict listener binds.

    `@on(*about("case"), order="strict")`: a case's clocks share its sequence with `case.*`.
    """
    told = (c.TYPE for c in every() if aggregate == c.AGGREGATE and c.__module__ != edge.__name__)
    return tuple(sorted({f"{name.split('.')[0]}.#" for name in told}))
