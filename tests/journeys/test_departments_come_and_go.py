"""A department's system falls silent, is seen on the board, and comes back; a department leaves for good."""

from __future__ import annotations

from typing import Any

import pytest

from services.routing.api import create_app
from services.routing.handlers import departments
from services.routing.model.department import Stage
from services.routing.model.department_asks import Pause
from services.routing.rules import connection
from services.routing.worker import Beats, RoutingWorker
from shared.bus.mailboxes import DEPLOYED, Letter, Look, MemoryMailboxes
from shared.contracts import wire
from shared.contracts.edge import AdapterHeartbeat, AnswerConcluded
from shared.decision import Cause
from tests import routing_given as given
from tests.api.routing_desk import DISPATCHER, person
from tests.journeys.test_routing_departments import LABOUR, assigned_to_the_county
from tests.routing_town import Town


class Place:
    """A town, its broker in memory, and the labour department's adapter that beats or does not."""

    def __init__(self) -> None:
        self.town, self.mailboxes = Town(), MemoryMailboxes()
        departments.declare(self.town.stores, self.town.now)
        self.worker = RoutingWorker(self.town.stores, self.town.clock, self.mailboxes)
        self.worker.provision()
        self.mailboxes.looks[LABOUR] = Look(consumers=1)
        self.http = create_app(self.town.stores, self.town.clock).test_client()

    def beat(self) -> None:
        told = AdapterHeartbeat(department=LABOUR, version="1.0.0", in_flight=1, oldest_s=5)
        body = self.town.body(f"/dept/{LABOUR}", f"adapter/{LABOUR}", told)
        Beats(self.town.stores, self.town.clock).hear(body, f"dept.{LABOUR}.out")

    def pass_(self, minutes: int, *, beating: bool) -> None:
        """Time passes by half minutes, as the worker looks."""
        self.mailboxes.looks[LABOUR] = Look(consumers=1 if beating else 0)
        for _ in range(minutes * 2):
            self.town.pass_(seconds=30)
            if beating:
                self.beat()
            self.worker.look()
        self.town.settle()

    def told(self) -> list[wire.Envelope]:
        about = [f"department/{LABOUR}"]
        return [event for event in self.town.bus.told if event.subject in about]

    def order(self, rule: connection.Step, who: str) -> None:
        cause = Cause(at=self.town.now, actor=given.by(who).actor)
        departments.change(self.town.stores, LABOUR, cause, rule)

    def stage(self) -> Stage:
        return self.town.stores.departments.load(LABOUR).state.connection.stage

    def board(self, query: str = "") -> list[dict[str, Any]]:
        found = self.http.get(f"/routing/hand-overs{query}", headers=DISPATCHER).get_json()
        items: list[dict[str, Any]] = found["items"]
        return items


@pytest.fixture
def place() -> Place:
    return Place()


def test_a_stopped_adapter_is_told_of_seen_on_the_board_and_welcomed_back(place: Place) -> None:
    place.beat()
    place.pass_(2, beating=True)
    before = [event.name for event in place.told()]
    assigned_to_the_county(place.town)
    place.pass_(7, beating=False)

    gone = place.told()[-1]
    life = place.http.get(f"/routing/departments/{LABOUR}", headers=DISPATCHER).get_json()["life"]
    (hop,) = place.board("?stuck=true")
    place.pass_(2, beating=True)
    back = place.told()[-1]

    assert "department.went_offline" not in before
    assert (gone.name, gone.data["liveness"], gone.data["outstanding"]) == (
        "department.went_offline",
        "silent",
        1,
    )
    assert life["liveness"] == "offline"
    assert (hop["department"], hop["stuck"]) == (LABOUR, "not_received")
    assert (back.name, back.data["version"]) == ("department.came_online", "1.0.0")
    assert [event.name for event in place.told()].count("department.went_offline") == 1


def test_what_a_leaving_department_had_not_fetched_is_exported_and_not_lost(place: Place) -> None:
    case_id = assigned_to_the_county(place.town)
    place.town.pass_(seconds=1)
    (body,) = place.town.bus.mailboxes[LABOUR]
    place.mailboxes.letters[LABOUR] = [Letter(type="ask.handle_case.v1", event_id="e1", body=body)]
    place.order(lambda found, by: connection.leave(found, Pause(reason="merged"), by), "dispatcher")
    place.order(connection.approve_leave, "director")
    place.worker.provision()
    owing = place.stage()
    (held,) = place.town.deliveries.all()
    done = AnswerConcluded(delivery_id=held.id, outcome="settled", concluded_at=place.town.now)
    place.town.answer(LABOUR, done)

    place.worker.provision()

    assert (owing, place.stage()) == (Stage.LEAVING, Stage.OFFBOARDED)
    path = f"/routing/departments/{LABOUR}/exported-inbox"
    found = place.http.get(path, headers=person("sys_admin")).get_json()["items"]
    assert [item["event"]["data"]["case_id"] for item in found] == [case_id]
    assert place.http.get(path, headers=DISPATCHER).status_code == 403
    said = [entry.action for entry in place.town.stores.audit.entries()]
    assert said == ["inbox_exported", "exported_inbox_read"]
    assert LABOUR not in place.mailboxes.looks


def test_a_letter_that_came_after_the_export_keeps_the_mailbox_until_it_is_exported_too() -> None:
    mailboxes = MemoryMailboxes()
    mailboxes.letters["forestry"] = [
        Letter(type="t", event_id="1", body=b"1"),
        Letter(type="t", event_id="2", body=b"2"),
    ]
    saved = {letter.digest for letter in mailboxes.letters["forestry"][:1]}

    assert not mailboxes.remove("forestry", saved)
    assert mailboxes.remove("forestry", {letter.digest for letter in mailboxes.left_over("forestry")})


def test_a_department_that_left_is_kept_out_when_a_deployment_makes_its_user_again(place: Place) -> None:
    place.order(lambda found, by: connection.leave(found, Pause(reason="merged"), by), "dispatcher")
    place.order(connection.approve_leave, "director")
    place.worker.provision()
    assert place.stage() is Stage.OFFBOARDED

    place.mailboxes.users[LABOUR] = {"a": DEPLOYED}
    place.worker.provision()

    assert place.mailboxes.users[LABOUR] == {}
