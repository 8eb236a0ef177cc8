"""The nouns of identity: accounts, units, credentials, and which posts there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

ACCESS = timedelta(minutes=30)  # a token's life; a page renews it while somebody works
FAILURES = 5  # wrong passwords in a row before the account rests (settings of the grade protection, S-8)
LOCK = timedelta(minutes=15)
PASSWORD_LENGTH = 10
CENTRE = "centre"

ADMINS = frozenset({"sys_admin", "sec_admin", "audit_admin"})  # never two of them in one hand (S-8)
ROLES = ADMINS | {
    "director", "exec_deputy", "deputy_fulltime", "dispatcher", "clerk", "guide", "duty_leader",
    "principal_leader", "deputy_leader", "sponsor", "political_legal_commissioner", "linked_village_leader",
    "resident_cadre", "village_secretary", "grid_worker", "micro_grid_worker", "agent", "mediator", "expert",
    "supervisor", "verifier", "reporter", "archive_keeper", "dpo", "unit_head", "unit_staff", "leader",
    "petition_officer", "operator", "trainer", "display",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Account:
    """Somebody who may sign in. The name is staff data; it never leaves in an event."""

    username: str
    name: str
    roles: tuple[str, ...]
    unit: str
    region: str
    opened_at: datetime
    active: bool = True
    locked_until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A body that staff belong to and cases can be given to."""

    code: str
    name: str
    kind: str
    region: str
    parent: str = ""
    active: bool = True


@dataclass(frozen=True, kw_only=True)
class Credential:
    """What proves that it is the account's person: kept apart from the account, and never in its history."""

    password: str  # argon2id, never the password
    must_change: bool
    changed_at: datetime
    failures: int = 0
    session: str = ""
