"""How a department's own system proves itself over HTTPS: its keys, and whether they open anything now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Key:
    """One of a department's passwords, in its turn. The password itself is nowhere."""

    generation: int
    verifier: str = ""  # nobody can sign in with it until it was claimed
    deployed: bool = False  # it is a secret of the deployment
    ends_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class DepartmentAccess:
    """A department as its own system signs in; copied from what routing tells of its connection."""

    department: str
    region: str
    open: bool
    keys: tuple[Key, ...]
    session: str = ""  # all its tokens have this one, so that all end together
    ended: str = ""  # the session before it
