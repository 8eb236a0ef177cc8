"""Names for a service beside a case: only while it is asked for, each service for its own purpose."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from services.intake.store import Stores
from services.intake.worker import IntakeWorker
from shared import ids
from shared.clock import now
from shared.contracts import base, wire
from shared.contracts.base import Event
from shared.contracts.request import RequestSent, RequestServed
from tests.api.intake.calls import register
from tests.api.intake.sharing import COURT, agree, disclose
from tests.unit.intake.forms import NOW


def hear(all: Stores, event: Event) -> None:
    """Routing tells of a request."""
    id: str = event.request_id  # type: ignore[attr-defined]
    body = wire.encode(
        wire.Envelope(
            id=ids.new(), source="/svc/routing/990101", type=f"{event.TYPE}.v1", subject=f"request/{id}",
            time="2026-03-10T02:35:00.000Z", sequence="0000000002.00", regioncode="990101101201",
            data=base.dump(event),
        )
    )  # fmt: skip
    IntakeWorker(all, now).hear(body)


def sent(all: Stores, case_id: str, service: str) -> str:
    """A service was asked of the court."""
    id = ids.derived("request", case_id, service)
    about = {"request_id": id, "case_id": case_id, "department": COURT, "service": service}
    hear(all, RequestSent(**about, attempt=1, sent_at=NOW))
    return id


@pytest.mark.requirement("COR-02")
def test_while_a_service_is_asked_for_its_names_are_given_and_after_its_result_no_more(
    client: FlaskClient, all: Stores
) -> None:
    agree(client)
    case_id: str = register(client).get_json()["case_id"]
    assert disclose(client, case_id).status_code == 404

    id = sent(all, case_id, "judicial_confirmation")
    given = disclose(client, case_id)
    served = RequestServed(
        request_id=id, case_id=case_id, department=COURT, service="judicial_confirmation",
        result="confirmed", served_at=NOW,
    )  # fmt: skip
    hear(all, served)

    assert given.status_code == 201 and given.get_json()["delivery_id"] == id
    assert disclose(client, case_id, fields=["name"]).status_code == 403


def test_two_services_at_a_time_get_their_names_each_for_its_purpose(
    client: FlaskClient, all: Stores
) -> None:
    agree(client)
    agree(client, purpose="service", legal_basis="civil_procedure_law.90")
    case_id: str = register(client).get_json()["case_id"]
    for service in ("judicial_confirmation", "electronic_service"):
        sent(all, case_id, service)

    confirmation = disclose(client, case_id, key="k1")
    serving = disclose(client, case_id, key="k2", purpose="service", basis="civil_procedure_law.90")

    assert (confirmation.status_code, serving.status_code) == (201, 201)
