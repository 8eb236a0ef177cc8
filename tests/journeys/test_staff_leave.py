"""Somebody leaves: identity records who takes over, and intake lets them answer for what was promised."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.identity.handlers.accounts import account_id
from services.identity.worker import IdentityWorker
from services.intake.api import create_app
from services.intake.store import memory_stores
from services.intake.worker import IntakeWorker
from shared import tokens
from shared.bus.memory import MemoryBus
from tests.api.identity_door import PASSWORD, Door
from tests.api.identity_house import LI, House
from tests.api.test_identity_accounts import ADMIN, open_wang
from tests.signing import bearer, secrets_folder

WANG = account_id("wang.qiang")
MATTER = {
    "channel": "window", "region": "990101101201", "matter_type": "consult", "category": "neighbour",
    "summary": "问问宅基地怎么分户。",
    "parties": [{"role": "applicant", "name": "甲某", "phone": "13800138000"}],
}  # fmt: skip


class Town:
    """Identity and intake, and what carries the word between them."""

    def __init__(self) -> None:
        secrets_folder()
        self.house, self.intake = House(), memory_stores()
        self.doors: Any = self.house.client()
        self.window: Any = create_app(self.intake).test_client()
        self.bus = MemoryBus([IdentityWorker(self.house.stores), IntakeWorker(self.intake)], copies=2)
        open_wang(self.doors, roles=["clerk"], region="990101101")

    def register(self) -> str:
        head = bearer("clerk", ref=LI, region="990101101", unit="centre_101")
        return str(self.window.post("/intake/registrations", json=MATTER, headers=head).json["id"])

    def leaves(self, **more: Any) -> Any:
        reply = self.doors.post(
            f"/identity/accounts/{LI}/close", json={"reason": "left"} | more, headers=ADMIN
        )
        self.bus.settle()
        return reply

    def answerable(self, id: str) -> Any:
        head = bearer("director", region="990101101", unit="centre_101")
        return self.window.get(f"/intake/registrations/{id}/answerable", headers=head).json


@pytest.mark.requirement("COR-09")
def test_who_takes_over_answers_for_every_promise_and_the_first_receiver_stays_on_record() -> None:
    town = Town()
    first, second = town.register(), town.register()

    closed = town.leaves(successor=WANG)

    assert closed.json["successor"] == WANG
    for id in (first, second):
        duty = town.answerable(id)
        assert (duty["first_receiver"], duty["answerable"], duty["lasts"]) == (LI, WANG, True)
        (step,) = duty["successions"]
        assert (step["from_ref"], step["to_ref"], step["reason"]) == (LI, WANG, "first_receiver_left")


def test_without_a_successor_the_promise_stays_where_it_was_for_somebody_to_decide() -> None:
    town = Town()
    id = town.register()

    town.leaves()

    assert town.answerable(id)["answerable"] == LI


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"successor": LI}, "own_successor"),
        ({"successor": account_id("nobody")}, "account_not_found"),
        ({"successor": "nobody"}, "invalid_fields"),
    ],
)
def test_a_successor_who_cannot_take_over_is_refused(more: dict[str, str], code: str) -> None:
    town = Town()

    reply = town.leaves(**more)

    assert reply.json["code"] == code
    assert town.house.stores.accounts.load(LI).state.active


def test_who_stands_in_has_the_posts_of_who_is_away_until_the_day_and_under_the_own_name() -> None:
    town = Town()
    door, now = Door(town.house, client=town.doors), town.house.now
    body = {"stand_in": LI, "starts_at": now.isoformat(), "until": (now + timedelta(days=3)).isoformat()}
    open_wang(town.doors, username="zhao.gang", roles=["verifier"], region="990101101")
    away = account_id("zhao.gang")

    named = door.post(f"/accounts/{away}/stand-in", ADMIN, body)
    head = {"Authorization": f"Bearer {door.password('li.mei', PASSWORD).json['access_token']}"}
    during = door.post("/tokens/renew", head)
    claims = tokens.verify(during.json["access_token"])
    town.house.now += timedelta(days=3)
    after = door.password("li.mei", PASSWORD)

    assert (named.json["stand_in"], named.status_code) == (LI, 200)
    assert (claims.ref, claims.roles) == (LI, ("clerk", "mediator", "verifier"))
    assert tokens.verify(after.json["access_token"]).roles == ("clerk", "mediator")


def test_nobody_gets_an_administrators_posts_by_standing_in() -> None:
    town = Town()
    now = town.house.now
    body = {"stand_in": LI, "starts_at": now.isoformat(), "until": (now + timedelta(days=3)).isoformat()}
    open_wang(town.doors, username="zhao.gang", roles=["verifier"], region="990101101")
    away = account_id("zhao.gang")
    town.doors.post(f"/identity/accounts/{away}/stand-in", json=body, headers=ADMIN)
    guard = {"roles": ["sec_admin"], "unit": "centre_101", "region": "990101101"}
    town.doors.post(f"/identity/accounts/{away}/change", json=guard, headers=ADMIN)

    signed = Door(town.house, client=town.doors).password("li.mei", PASSWORD)

    assert tokens.verify(signed.json["access_token"]).roles == ("clerk", "mediator")
    guard_away = town.doors.post(f"/identity/accounts/{away}/stand-in", json=body, headers=ADMIN)
    assert guard_away.json["code"] in ("admin_stand_in", "roles_clash")
