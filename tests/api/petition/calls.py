"""What a petition officer and a department send to petition."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.petition.model import CaseView
from services.petition.store import Stores
from shared.decision import Cause, Decision
from tests.signing import bearer
from tests.unit.petition.given import CASE, COUNTY, HOUSING, OFFICE, OFFICER, PARTS, RECEIVED, VILLAGE


class Desk:
    """A petition desk, a clock that the test moves, and the addresses."""

    client: FlaskClient

    def __init__(self, all: Stores) -> None:
        self.all, self.now = all, RECEIVED

    def clock(self) -> datetime:
        return self.now

    def wait(self, **length: float) -> None:
        self.now += timedelta(**length)

    def know(self, **changes: Any) -> None:
        """A case is told of."""
        known: dict[str, Any] = {"case_id": CASE, "region": VILLAGE, "case_no": "990101-2026-000001"}
        view = CaseView(**known | changes)
        self.all.views.open(view.case_id, Cause(at=self.now), lambda state: Decision(state=view))

    def headers(
        self, *roles: str, unit: str = OFFICE, ref: str = OFFICER, region: str = COUNTY, key: str = ""
    ) -> dict[str, str]:
        """Headers of a petition officer, or of somebody else."""
        headers = bearer(*(roles or ("petition_officer",)), ref=ref, region=region, unit=unit)
        return headers | ({"Idempotency-Key": key} if key else {})

    def post(self, path: str, body: Any = None, *roles: str, **who: str) -> TestResponse:
        """Send something."""
        return self.client.post(f"/petition{path}", json=body, headers=self.headers(*roles, **who))

    def get(self, path: str, *roles: str, **who: str) -> TestResponse:
        """Ask for something."""
        return self.client.get(f"/petition{path}", headers=self.headers(*roles, **who))

    def register(self, *, key: str = "", roles: tuple[str, ...] = (), **changes: Any) -> TestResponse:
        """Register a petition."""
        return self.post("/petitions", body(**changes), *roles, key=key)

    def registered(self, **changes: Any) -> str:
        """The id of a new petition."""
        id: str = self.register(**changes).get_json()["pet_id"]
        return id

    def bureau(self, path: str, body: Any = None, role: str = "unit_staff") -> TestResponse:
        """The housing bureau sends something."""
        return self.post(path, body, role, unit=HOUSING)

    def handled(self) -> str:
        """A petition that the housing bureau works on."""
        id = self.registered()
        self.post(f"/petitions/{id}/transfer", {"to_unit": HOUSING})
        self.bureau(f"/petitions/{id}/notify", {"accepted": True, "how": "written"})
        self.bureau(f"/petitions/{id}/accept", {})
        reply = self.bureau(f"/petitions/{id}/start")
        assert reply.get_json()["state"] == "handling", reply.get_json()
        return id


def body(**changes: Any) -> dict[str, Any]:
    """A visit."""
    return {
        "region": VILLAGE, "channel": "visit", "received_at": RECEIVED.isoformat(), "summary": "路塌了没人管",
    } | changes  # fmt: skip


def opinion(**changes: Any) -> dict[str, Any]:
    """A written opinion."""
    return {"result": "support", "how": "in_person", "parts": PARTS} | changes
