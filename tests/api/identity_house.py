"""Identity with one account in memory, at a time that the test moves."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

from services.identity import rules
from services.identity.api import create_app
from services.identity.handlers.accounts import account_id
from services.identity.handlers.units import open_unit
from services.identity.model import Account, Unit
from services.identity.model.proof import Credential
from services.identity.store import Stores, memory_stores
from shared import passwords
from shared.contracts import wire
from shared.decision import Actor, Cause
from shared.web.site import KEY

AT = datetime(2026, 5, 6, 9, 0, tzinfo=UTC)
PASSWORD = "green-tea-at-nine"
ADMIN = Actor(ref="admin", role="sys_admin")
LI = account_id("li.mei")
ORIGIN = {"Origin": "http://localhost"}
ACCOUNT = Account(
    username="li.mei", name="李梅", roles=("clerk", "mediator"), unit="centre_101",
    region="990101101", opened_at=AT,
)  # fmt: skip
UNITS = (
    Unit(code="centre_county", name="县中心", kind="centre", region="990101"),
    Unit(code="centre_101", name="松岚镇中心", kind="centre", region="990101101"),
)


@cache
def hashed(password: str) -> str:
    """The password as it is kept; each is worked out once."""
    return passwords.hashed(password)


@dataclass
class House:
    """The service, its stores and its time."""

    stores: Stores = field(default_factory=memory_stores)
    now: datetime = AT

    def __post_init__(self) -> None:
        self.stores = replace(self.stores, desk=lambda: self.now)
        cause = Cause(at=AT, actor=ADMIN)
        for unit in UNITS:
            open_unit(self.stores, unit, cause)
        self.stores.accounts.open(LI, cause, lambda state: rules.open_account(state, LI, ACCOUNT))
        kept = Credential(password=hashed(PASSWORD), must_change=False, changed_at=AT)
        self.stores.credentials.create(LI, kept)

    def client(self) -> Any:
        """A browser that has visited nothing."""
        app = create_app(self.stores)
        app.extensions[KEY] = replace(app.extensions[KEY], clock=lambda: self.now)
        return app.test_client()

    def told(self) -> list[str]:
        """The names of all events told so far."""
        stores: Any = self.stores
        outboxes = (*stores.units.outbox, *stores.devices.outbox, *stores.accounts.outbox)
        return [wire.decode(e["body"]).name for e in outboxes]
