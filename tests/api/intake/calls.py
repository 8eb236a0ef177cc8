"""What a clerk, a dispatcher and a resident send to intake."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from shared import ids
from tests.signing import bearer
from tests.unit.intake.forms import PHONE

CLERK = ids.derived("tests", "clerk")
VILLAGE = "990101101201"


def body(**more: Any) -> dict[str, Any]:
    """A registration at the window."""
    return {
        "channel": "window",
        "region": VILLAGE,
        "matter_type": "dispute",
        "category": "neighbour",
        "summary": "隔壁把院墙往我家这边挪了半米，水沟也堵了。",
        "requests": ["把水沟通开"],
        "parties": [
            {"role": "applicant", "name": "甲某某", "phone": PHONE, "id_no": "11010519491231002X"},
            {"role": "respondent", "name": "隔壁那家"},
        ],
    } | more


def clerk(region: str = "990101101", **more: Any) -> dict[str, str]:
    """The header of a clerk of a township."""
    return bearer("clerk", ref=CLERK, region=region, unit="centre_101", **more)


def register(client: FlaskClient, *, key: str = "", **more: Any) -> TestResponse:
    """A clerk registers."""
    headers = clerk() | ({"Idempotency-Key": key} if key else {})
    return client.post("/intake/registrations", json=body(**more), headers=headers)
