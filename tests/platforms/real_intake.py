"""The real intake in memory, for programs that register what other offices send."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask.testing import FlaskClient

from services.intake.api import create_app
from services.intake.store import memory_stores
from shared.clock import now
from tests.signing import bearer, department, secrets_folder
from yizhan_adapter.office import refusal


class Intake:
    """The real intake, called as the office's own program calls it."""

    def __init__(self, unit: str, *, platform: bool = False) -> None:
        secrets_folder()
        self.unit, self.platform, self.all = unit, platform, memory_stores()
        self.client: FlaskClient = create_app(self.all, now).test_client()

    def register(self, body: Mapping[str, Any], key: str) -> dict[str, Any]:
        """As `platforms.centre.Centre` does over HTTPS."""
        who = bearer("service", ref=self.unit, region="990101") if self.platform else department(self.unit)
        headers = who | {"Idempotency-Key": key}
        reply = self.client.post("/intake/registrations", json=dict(body), headers=headers)
        if reply.status_code >= 400:
            raise refusal(reply.status_code, str(reply.json))
        return dict(reply.json or {})

    @property
    def registrations(self) -> list[Any]:
        """Every registration there is."""
        return [held.state for held in self.all.registrations.all()]  # type: ignore[attr-defined]
