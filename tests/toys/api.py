"""The toy's web side: it only tells again what was told."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask

from shared.aggregate import Store
from shared.web import make_app
from tests.toys import alpha


@dataclass(frozen=True, kw_only=True)
class Stores:
    """Alpha's one store."""

    counters: Store[alpha.Counter]


def create_app() -> Flask:
    """Alpha's application."""
    return make_app("alpha", [], stores=Stores(counters=alpha.store()))
