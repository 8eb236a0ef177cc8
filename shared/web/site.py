"""What one service's web application knows about itself while it answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, TypeVar, cast

from flask import current_app, request

from shared.aggregate.store import Store
from shared.clock import Clock

T = TypeVar("T")
KEY = "yizhan"


@dataclass(frozen=True, kw_only=True)
class Site:
    """The service, its stores, its clock, and which of its blueprints are pages for people."""

    service: str
    title: str
    stores: Any
    clock: Clock
    pages: frozenset[str]


def site() -> Site:
    """The application that answers the present request."""
    return cast(Site, current_app.extensions[KEY])


def here(kind: type[T]) -> T:
    """The stores given to `make_app`, as their own type."""
    stores = site().stores
    if not isinstance(stores, kind):
        raise TypeError(f"{site().service} was made with {type(stores).__name__}, not {kind.__name__}")
    return stores


def aggregates(stores: Any) -> Iterator[Store[Any]]:
    """The aggregate stores inside a service's stores."""
    values = [getattr(stores, f.name) for f in fields(stores)] if is_dataclass(stores) else []
    yield from (value for value in values if isinstance(value, Store))


def for_people() -> bool:
    """Whether the answer should be a page.

    It should when a page was asked for; and when a browser asks at an address that has both a page and JSON,
    or at an unknown one.
    """
    if request.blueprint is None or getattr(current_app.blueprints[request.blueprint], "also_pages", False):
        return request.accept_mimetypes.best_match(("application/json", "text/html")) == "text/html"
    return request.blueprint.partition(".")[0] in site().pages
