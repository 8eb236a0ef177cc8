"""Which processes run: plain data, for the launcher and for whoever compares manifests with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Profile = Literal["compact", "apart"]
Kind = Literal["http", "worker", "adapter", "simulator"]

SERVICES = ("identity", "intake", "routing", "mediation", "petition", "grid", "reporting")
DEPARTMENTS = ("court", "police", "judicial_bureau")  # those that come with an adapter and a simulator


@dataclass(frozen=True, kw_only=True)
class Process:
    """One process: the words after ``python``, and how one sees that it works."""

    name: str
    kind: Kind
    argv: tuple[str, ...]
    port: str | None = None  # name of the port it listens on, in place of {port} in argv
    environment: Mapping[str, str] = field(default_factory=dict)
    ready: tuple[str, ...] = ()  # paths that answer 200 when it works
    hears: tuple[str, ...] = ()  # queues of the core virtual host it consumes
    needs: tuple[str, ...] = ()  # modules without which there is nothing to start
