"""A department's own system signs in over HTTPS: with what it claimed, as long as its connection holds."""

from __future__ import annotations

from typing import Any

import pytest

from services.identity.worker import IdentityWorker
from services.routing.handlers import departments as routing
from services.routing.model.department import Checked
from services.routing.model.department_asks import AskLink, Conformance, Pause
from services.routing.rules import access, connection
from services.routing.store import memory_stores as routing_stores
from services.routing.worker import RoutingWorker
from shared import ids, tokens
from shared.bus.memory import MemoryBus
from shared.decision import Actor, Cause
from shared.errors import Unauthorised
from tests.api.identity_house import AT, House
from tests.routing_given import connected

ADMIN = Actor(ref="admin", role="sys_admin", region="990101")
DIRECTOR = Actor(ref="director", role="director", region="990101")
ID = "forestry"
EXAMINED = Conformance(
    kit="1.0", schema_versions=("ask.handle_case.v1",),
    cases=tuple(Checked(name=f"case_{n}", passed=True) for n in range(connection.KIT_CASES)),
)  # fmt: skip


class Town:
    """Routing, where departments are connected, and identity, which hears of it."""

    def __init__(self, house: House, **how: Any) -> None:
        self.house, self.routing = house, routing_stores(connected())
        clock = lambda: house.now  # noqa: E731
        workers = [RoutingWorker(self.routing, clock), IdentityWorker(house.stores, clock)]
        self.bus = MemoryBus(workers, **how)

    def order(self, rule: Any, who: Actor = ADMIN) -> None:
        """One order about the department, heard by identity."""
        routing.change(self.routing, ID, self.cause(who), rule)
        self.bus.settle()

    def cause(self, who: Actor) -> Cause:
        return Cause(at=self.house.now, actor=who, key=ids.new())

    def claim(self) -> str:
        """A link made and its password claimed."""
        _, token = routing.offer(self.routing, ID, self.cause(ADMIN))
        found = routing.claim(self.routing, ID, token, self.house.now)
        self.bus.settle()
        return str(found["password"])

    def onboard(self) -> str:
        """Asked for, agreed to, made, claimed; the password."""
        ask = AskLink(link="mailbox", region="990101", name="林业局", kind="department")
        routing.ask_link(self.routing, ID, self.cause(ADMIN), ask)
        self.order(connection.approve, DIRECTOR)
        self.order(connection.provisioned)
        password = self.claim()
        self.order(lambda department, by: connection.conformed(department, EXAMINED, by))
        return password


def sign_in(house: House, secret: str) -> Any:
    body = {"grant": "client_credentials", "department": ID, "secret": secret}
    return house.client().post("/identity/tokens", json=body)


@pytest.mark.requirement("COR-02")
@pytest.mark.parametrize("how", [{}, {"copies": 2, "shuffle": 3}])
def test_a_department_onboarded_at_run_time_signs_in_with_the_password_of_its_claim_link(
    house: House, how: dict[str, Any]
) -> None:
    town = Town(house, **how)
    password = town.onboard()

    reply = sign_in(house, password)

    claims = tokens.verify(reply.json["access_token"])
    assert (claims.kind, claims.unit, claims.roles) == ("department", ID, ("department",))
    assert sign_in(house, "another").status_code == 401
    told = repr(town.bus.told)
    assert password not in told + repr(house.stores.departments.load(ID)) + repr(
        town.routing.departments.load(ID)
    )


def test_who_rests_cannot_sign_in_is_told_why_and_its_token_ends(house: House) -> None:
    town = Town(house)
    password = town.onboard()
    token = sign_in(house, password).json["access_token"]
    town.order(lambda d, by: connection.suspend(d, Pause(reason="misuse"), by), DIRECTOR)

    refused = sign_in(house, password)

    assert (refused.status_code, refused.json["code"]) == (401, "department_suspended")
    assert "暂停" in refused.json["message"]
    with pytest.raises(Unauthorised):
        tokens.verify(token)
    assert tokens.verify(after_resuming(town, password)).unit == ID


def after_resuming(town: Town, password: str) -> str:
    town.order(connection.resume, DIRECTOR)
    return str(sign_in(town.house, password).json["access_token"])


def test_after_a_change_over_both_passwords_hold_for_a_day(house: House) -> None:
    town = Town(house)
    first = town.onboard()
    town.order(access.rotate)
    second = town.claim()

    assert [sign_in(house, secret).status_code for secret in (first, second)] == [200, 200]
    house.now = AT + access.OVERLAP
    assert [sign_in(house, secret).status_code for secret in (first, second)] == [401, 200]
