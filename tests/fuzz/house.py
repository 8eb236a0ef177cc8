"""All services on one bus in memory, with a few matters in each, so that addresses lead somewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from importlib import import_module
from typing import Any

from flask import Flask

from shared import ids
from shared.bus.memory import MemoryBus
from shared.bus.worker import Worker
from shared.clock import now
from shared.web.openapi import applications
from shared.web.site import KEY
from tests.signing import PERSON, bearer

MATTERS = ("dispute", "dispute", "dispute", "dispute", "dispute", "petition", "complaint")
VILLAGE = "990101101201"
COMMITTEE = "committee_101201"
SORTED = {"category": "neighbour", "complexity": "general", "willingness": "both"}
STORES = {
    "case_id": "cases", "mm_id": "matters", "pet_id": "petitions", "delivery_id": "deliveries",
    "department": "departments", "department_id": "departments", "account_id": "accounts",
}  # fmt: skip
"""What an address calls an id, and where such ids are."""
STAFF = bearer("unit_staff", region=VILLAGE, unit=COMMITTEE)


@dataclass(kw_only=True)
class House:
    """The applications, what carries their events, and the ids of what they hold."""

    apps: dict[str, Flask] = field(default_factory=lambda: dict(applications()))

    def __post_init__(self) -> None:
        made = [self._register(n, matter_type) for n, matter_type in enumerate(MATTERS)]
        self.settle()
        for n, case in enumerate(made):
            self._move(case, n, MATTERS[n])
        self._mediate(made[-3])
        self._petition()
        self.settle()

    def _register(self, n: int, matter_type: str) -> str:
        body = {
            "channel": "window", "region": VILLAGE, "matter_type": matter_type, "category": "neighbour",
            "summary": f"第{n}件：屋后水沟堵了，雨水进屋。", "requests": ["疏通水沟"],
            "parties": [{"role": "applicant", "name": "甲某", "phone": f"1380013000{n}"}],
        }  # fmt: skip
        made = self._post("intake", "/registrations", body, bearer("clerk", region="990101101"))
        return str(made["case_id"])

    def _move(self, case_id: str, steps: int, matter_type: str) -> None:
        """A case by so many of its first steps."""
        first: tuple[tuple[str, dict[str, str], Any], ...] = (
            ("triage", bearer("dispatcher"), SORTED | {"matter_type": matter_type}),
            ("assign", bearer("dispatcher"), {}),
            ("accept", STAFF, {}),
            ("start", STAFF, {}),
        )
        for step, who, body in first[:steps]:
            self._post("routing", f"/cases/{case_id}/{step}", body, who)
        self.settle()

    def _mediate(self, case_id: str) -> None:
        parties = [ids.derived("fuzz", side) for side in ("applicant", "respondent")]
        consents = [
            {"party_ref": ref, "side": side, "answer": "agreed", "how": "written"}
            for ref, side in zip(parties, ("applicant", "respondent"), strict=True)
        ]
        body = {
            "case_id": case_id, "tier": "village", "kind": "people", "organisation": COMMITTEE,
            "mediators": [{"ref": PERSON, "interest": "none", "chosen_by": "organisation"}],
            "consents": consents,
        }  # fmt: skip
        who = bearer("mediator", region=VILLAGE, unit=COMMITTEE)
        mm_id = self._post("mediation", "/matters", body, who)["mm_id"]
        soon = (now() + timedelta(hours=1)).isoformat()
        self._post("mediation", f"/matters/{mm_id}/sessions", {"start": soon}, who)

    def _petition(self) -> None:
        body = {
            "region": VILLAGE, "channel": "visit", "received_at": now().isoformat(),
            "summary": "路塌了没人管",
        }  # fmt: skip
        self._post("petition", "/petitions", body, bearer("petition_officer", unit="petition_office"))

    def _post(self, service: str, path: str, body: Any, who: dict[str, str]) -> Any:
        reply = self.apps[service].test_client().post(f"/{service}{path}", json=body, headers=who)
        assert reply.status_code < 300, (path, reply.get_data(as_text=True))
        return reply.get_json()

    def settle(self) -> None:
        """Let every service hear what the others told."""
        self.bus.settle()

    @cached_property
    def bus(self) -> MemoryBus:
        return MemoryBus(list(self._workers()))

    def _workers(self) -> Iterator[Worker]:
        for service, app in self.apps.items():
            module, stores = import_module(f"services.{service}.worker"), app.extensions[KEY].stores
            for kind in vars(module).values():
                if isinstance(kind, type) and issubclass(kind, Worker) and kind.__module__ == module.__name__:
                    yield kind(stores)

    def known(self, service: str) -> dict[str, list[str]]:
        """Ids of what a service holds, by what an address calls them; under "" all, and one of nothing."""
        held = vars(app_stores(self.apps[service]))
        found = {name: _ids(held.get(store)) for name, store in STORES.items() if store in held}
        found["id"] = _ids(held.get("registrations")) + _ids(held.get("imports"))
        found[""] = [*(id for ids_ in found.values() for id in ids_), ids.derived("fuzz", "nothing")]
        return found


def _ids(store: Any) -> list[str]:
    return sorted(held.id for held in store.all())[:50] if store is not None else []


def app_stores(app: Flask) -> Any:
    """The stores an application was made with."""
    return app.extensions[KEY].stores
