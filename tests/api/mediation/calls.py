"""What a mediator sends to mediation."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.mediation.store import Stores
from shared import ids
from shared.decision import Cause, Decision
from tests.signing import bearer
from tests.unit.mediation.given import CASE, COMMITTEE, HASH, LI, MEDIATOR, MONDAY, VILLAGE, WANG, view

MINUTES = {
    "facts": "两家为水沟争执",
    "law": "讲了相邻关系的规定",
    "proposals": "各让半米",
    "views": {"applicant": "愿意", "respondent": "不同意"},
}
OFFERS = {"legal_service": "declined", "legal_aid": "declined", "judicial_confirmation": "accepted"}
BOTH_CAME = [{"party_ref": WANG, "present": True}, {"party_ref": LI, "present": True}]


class Desk:
    """A mediator at the village, a clock that the test moves, and the addresses."""

    client: FlaskClient

    def __init__(self, all: Stores) -> None:
        self.all, self.now = all, MONDAY

    def clock(self) -> datetime:
        return self.now

    def wait(self, **length: float) -> None:
        self.now += timedelta(**length)

    def know(self, **changes: Any) -> None:
        """A case is told of."""
        known = view(**changes)
        self.all.views.open(known.case_id, Cause(at=self.now), lambda state: Decision(state=known))

    def me(self, *roles: str, region: str = VILLAGE, key: str = "", match: str = "") -> dict[str, str]:
        """Headers of a mediator, or of somebody with other roles."""
        headers = bearer(*(roles or ("mediator",)), ref=MEDIATOR, region=region, unit=COMMITTEE)
        headers |= {"Idempotency-Key": key} if key else {}
        return headers | ({"If-Match": match} if match else {})

    def post(self, path: str, body: Any = None, **who: Any) -> TestResponse:
        """Send something."""
        return self.client.post(f"/mediation{path}", json=body, headers=self.me(*who.pop("roles", ()), **who))

    def get(self, path: str, *roles: str, **who: Any) -> TestResponse:
        """Ask for something."""
        return self.client.get(f"/mediation{path}", headers=self.me(*roles, **who))

    def open(self, **changes: Any) -> TestResponse:
        """Open a matter."""
        who = {name: changes.pop(name) for name in ("key", "roles", "region") if name in changes}
        return self.post("/matters", body(**changes), **who)

    def opened(self, **changes: Any) -> str:
        """The id of a new matter."""
        id: str = self.open(**changes).get_json()["mm_id"]
        return id

    def started(self, mm_id: str) -> str:
        """The id of a sitting that has begun."""
        reply = self.post(f"/matters/{mm_id}/sessions", {"start": self.now.isoformat()})
        id: str = reply.get_json()["session_id"]
        self.post(f"/matters/{mm_id}/sessions/{id}/start", {"rights_notice": True})
        return id

    def held(self, mm_id: str, outcome: str, **changes: Any) -> TestResponse:
        """A sitting from its beginning to its end."""
        id = self.started(mm_id)
        self.wait(hours=1)
        return self.post(f"/matters/{mm_id}/sessions/{id}/hold", ending(outcome, **changes))

    def in_force(self) -> str:
        """A matter with an agreement in force."""
        mm_id = self.opened()
        self.held(mm_id, "agreed")
        self.post(f"/matters/{mm_id}/agreement", agreement())
        reply = self.post(f"/matters/{mm_id}/agreement/signatures", {"signatures": signatures(self.now)})
        assert reply.get_json()["result"] == "agreed", reply.get_json()
        return mm_id


def body(**changes: Any) -> dict[str, Any]:
    """An ordinary matter."""
    return {
        "case_id": CASE,
        "tier": "village",
        "kind": "people",
        "organisation": COMMITTEE,
        "mediators": [{"ref": MEDIATOR, "interest": "none", "chosen_by": "organisation"}],
        "consents": [
            {"party_ref": WANG, "side": "applicant", "answer": "agreed", "how": "written"},
            {"party_ref": LI, "side": "respondent", "answer": "agreed"},
        ],
    } | changes


def ending(outcome: str, **changes: Any) -> dict[str, Any]:
    """How a sitting ended."""
    return {
        "outcome": outcome, "attendance": BOTH_CAME, "means": ["law", "persuasion"], "offers": OFFERS,
        "minutes": MINUTES,
    } | changes  # fmt: skip


def agreement(**changes: Any) -> dict[str, Any]:
    """A written agreement with one item."""
    item = {"what": "把水沟通开", "debtor_ref": LI, "way": "act", "due": "2026-09-30", "amount": 5000}
    return {"facts": "两家为水沟争执", "responsibility": "双方各半", "items": [item]} | changes


def signatures(at: datetime) -> list[dict[str, Any]]:
    """All that are needed, in ink."""
    who = ((WANG, "party"), (LI, "party"), (MEDIATOR, "mediator"), (COMMITTEE, "organisation"))
    return [
        {"signer": ref, "role": role, "how": "ink", "signed_at": at.isoformat(), "scan_hash": HASH}
        for ref, role in who
    ]


ELSEWHERE = ids.derived("tests", "elsewhere")
