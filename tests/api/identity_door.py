"""People at identity's door, in the words of the tests: sign in, go on, enrol, register a machine."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pyotp

from services.identity import rules
from services.identity.handlers import accounts
from services.identity.handlers.accounts import account_id
from services.identity.model import Account
from services.identity.model.proof import Credential
from services.identity.store import memory_stores
from shared.decision import Cause
from shared.profile.security import Lockout, Machines, PasswordPolicy, SecondFactor, Security
from tests.api.identity_house import ADMIN, AT, LI, PASSWORD, House, hashed
from tests.authenticator import Machine

OPEN = SecondFactor(required_for=())
SAFE = account_id("sec.admin")


def house(**policy: Any) -> House:
    """Identity in a county with these settings, and a security administrator beside Li Mei."""
    found = House(stores=memory_stores(Security(**({"second_factor": OPEN} | policy))))
    guard = Account(
        username="sec.admin", name="安管", roles=("sec_admin",), unit="centre_county", region="990101",
        opened_at=AT,
    )  # fmt: skip
    found.stores.accounts.open(
        SAFE, Cause(at=AT, actor=ADMIN), lambda state: rules.open_account(state, SAFE, guard)
    )
    kept = Credential(password=hashed(PASSWORD), must_change=False, changed_at=AT)
    found.stores.credentials.create(SAFE, kept)
    return found


@dataclass
class Door:
    """A client that signs in as somebody."""

    house: House
    client: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.client = self.client or self.house.client()

    def password(self, username: str = "li.mei", password: str = PASSWORD, **more: Any) -> Any:
        """The first step."""
        body = {"grant": "password", "username": username, "password": password}
        return self.client.post("/identity/tokens", json=body | more, headers=self.headers)

    def second(self, ticket: str, **proof: Any) -> Any:
        """The second step."""
        body = {"grant": "second_factor", "ticket": ticket} | proof
        return self.client.post("/identity/tokens", json=body, headers=self.headers)

    def token(self, username: str = "li.mei") -> dict[str, str]:
        """The header of somebody for whom the password is enough."""
        return {"Authorization": f"Bearer {self.password(username).json['access_token']}"} | self.headers

    def post(self, path: str, headers: dict[str, str], body: Any = None) -> Any:
        """Ask identity to change something."""
        return self.client.post(f"/identity{path}", json=body if body is not None else {}, headers=headers)

    def enrol(self, headers: dict[str, str]) -> tuple[pyotp.TOTP, list[str]]:
        """An authenticator for whoever is signed in, and the sheet of codes."""
        offered = self.post("/factors/totp", headers, {"password": PASSWORD}).json
        totp = pyotp.TOTP(offered["secret"])
        confirmed = {"ticket": offered["ticket"], "code": totp.at(self.house.now)}
        sheet = self.post("/factors/totp/confirm", headers, confirmed).json["recovery_codes"]
        return totp, sheet

    def register(self, headers: dict[str, str], machine: Machine, label: str = "二号窗口") -> Any:
        """A machine for whoever is signed in."""
        invited = self.post("/devices/invitations", headers).json
        body = {
            "ticket": invited["ticket"], "credential": machine.create(invited["options"]), "label": label,
        }  # fmt: skip
        return self.post("/devices", headers, body)


__all__ = ["AT", "LI", "OPEN", "PASSWORD", "SAFE", "Door", "Lockout", "Machine", "Machines",
           "PasswordPolicy", "SecondFactor", "accounts", "house"]  # fmt: skip
