"""The nouns of identity: accounts, units, and which posts there are; what proves a person is beside this."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

ACCESS = timedelta(minutes=30)  # a token's life; a page renews it while somebody works
PASSWORD_LONGEST = 128
CENTRE = "centre"

ADMINS = frozenset({"sys_admin", "sec_admin", "audit_admin"})  # never two of them in one hand (S-8)
BESIDE_ADMIN = frozenset(
    {"operator", "trainer"}
)  # the only posts an administrator may have too: none sees a case
ROLES = ADMINS | {
    "director", "exec_deputy", "deputy_fulltime", "dispatcher", "clerk", "guide", "duty_leader",
    "principal_leader", "deputy_leader", "sponsor", "political_legal_commissioner", "linked_village_leader",
    "resident_cadre", "village_secretary", "grid_worker", "micro_grid_worker", "agent", "mediator", "expert",
    "supervisor", "verifier", "reporter", "archive_keeper", "dpo", "unit_head", "unit_staff", "leader",
    "petition_officer", "operator", "trainer", "display", "kiosk",
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
    external: str = ""  # who this is at the provider of the county's single sign-on
    stand_in: StandIn | None = None
    successor: str = ""  # who took over when this person left
    trained: tuple[Training, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Training:
    """Somebody was trained: in what, on which day, by whom."""

    topic: str
    on: str
    by: str


@dataclass(frozen=True, kw_only=True)
class StandIn:
    """Who acts for somebody who is away, and for how long."""

    account: str
    since: datetime
    until: datetime


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A body that staff belong to and cases can be given to."""

    code: str
    name: str
    kind: str
    region: str
    parent: str = ""
    active: bool = True
