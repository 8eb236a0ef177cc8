"""A case that was handed to the court, and the court's own system that asks for names."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.intake.store import Stores
from services.intake.worker import IntakeWorker
from shared import ids
from shared.clock import now
from shared.contracts import base, wire
from shared.contracts.base import Event
from shared.contracts.delivery import DeliveryReturned, DeliverySent
from tests.signing import bearer, department
from tests.unit.intake.forms import NOW

COURT = "court"
TERMS: dict[str, Any] = {
    "region": "990101",
    "unit": COURT,
    "purpose": "judicial_confirmation",
    "fields": ["name", "phone"],
    "legal_basis": "mediation_law.33",
    "reference": "协议〔2026〕1号",
    "valid_from": (NOW - timedelta(days=1)).isoformat(),
    "valid_until": (NOW + timedelta(days=365)).isoformat(),
}


def agree(client: FlaskClient, **more: Any) -> TestResponse:
    """The director makes a sharing agreement."""
    return client.post("/intake/sharing-agreements", json=TERMS | more, headers=bearer("director"))


def delivery(case_id: str, unit: str = COURT, turn: int = 1) -> str:
    """The id of a handing over."""
    return ids.derived("tests", "delivery", case_id, unit, str(turn))


def hear(all: Stores, event: Event) -> None:
    """Routing tells of a handing over."""
    id: str = event.delivery_id  # type: ignore[attr-defined]
    body = wire.encode(
        wire.Envelope(
            id=ids.new(), source="/svc/routing/990101", type=f"{event.TYPE}.v1", subject=f"delivery/{id}",
            time="2026-03-10T02:35:00.000Z", sequence="0000000002.00", regioncode="990101101201",
            data=base.dump(event),
        )
    )  # fmt: skip
    IntakeWorker(all, now).hear(body)


def tell_of_connection(all: Stores, event: Event, number: int) -> None:
    """Routing tells of the unit's connection, each time with the next number."""
    unit: str = event.department  # type: ignore[attr-defined]
    body = wire.encode(
        wire.Envelope(
            id=ids.new(), source="/svc/routing/990101", type=f"{event.TYPE}.v1", subject=f"department/{unit}",
            time="2026-03-10T02:35:00.000Z", sequence=f"{number:010d}.00", regioncode="990101",
            data=base.dump(event),
        )
    )  # fmt: skip
    IntakeWorker(all, now).hear(body)


def sent(all: Stores, case_id: str, unit: str = COURT, turn: int = 1, attempt: int = 1) -> None:
    """The case was put into the unit's mailbox."""
    id = delivery(case_id, unit, turn)
    hear(all, DeliverySent(delivery_id=id, case_id=case_id, department=unit, attempt=attempt, sent_at=NOW))


def returned(all: Stores, case_id: str, unit: str = COURT, turn: int = 1) -> None:
    """The unit gave the case back."""
    id = delivery(case_id, unit, turn)
    hear(all, DeliveryReturned(delivery_id=id, case_id=case_id, department=unit, reason="not_competent"))


def disclose(
    client: FlaskClient, case_id: str, *, unit: str = COURT, key: str = "", **more: Any
) -> TestResponse:
    """The unit's own system asks for fields."""
    asked = {
        "recipient_unit": unit,
        "case_id": case_id,
        "fields": ["name", "phone"],
        "purpose": "judicial_confirmation",
        "basis": "mediation_law.33",
    }
    headers = department(unit) | ({"Idempotency-Key": key} if key else {})
    return client.post("/intake/vault/disclosures", json=asked | more, headers=headers)
