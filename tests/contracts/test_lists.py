"""A list is walked in the order of its index: a page costs the same however much there is."""

from __future__ import annotations

import json

import pytest

from services.grid.store.documents import FindingDocument
from services.intake.store.documents import RegistrationDocument
from services.mediation.store.documents import MatterDocument
from services.petition.store.documents import PetitionDocument
from shared.aggregate import AggregateDocument
from shared.database import open_database
from tests.servers import TestServers


@pytest.mark.parametrize(
    ("service", "document", "at", "region"),
    [
        ("mediation", MatterDocument, "state.opened_at", "state.region"),
        ("petition", PetitionDocument, "state.received_at", "state.region"),
        ("grid", FindingDocument, "state.reported_at", "state.place"),
        ("intake", RegistrationDocument, "state.registered_at", "state.region"),
    ],
)
def test_a_page_of_a_list_is_never_sorted(
    servers: TestServers,
    monkeypatch: pytest.MonkeyPatch,
    service: str,
    document: type[AggregateDocument],
    at: str,
    region: str,
) -> None:
    with servers.entered(monkeypatch):
        open_database(service)
        document.ensure_indexes()
        inside = {region: {"$gte": "990101", "$lt": "990101:"}}

        found = document._get_collection().find(inside, sort=[(at, -1), ("_id", -1)], limit=21).explain()

    plan = json.dumps(found["queryPlanner"]["winningPlan"])
    assert '"IXSCAN"' in plan
    assert '"SORT"' not in plan
