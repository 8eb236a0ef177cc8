"""A department on a closed network gets names and papers from the real services: by questions that cross."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.contracts import wire
from tests.bundles.gates import Gated
from tests.journeys.https import served
from tests.journeys.test_disclosures_over_https import LABOUR, LAW, County, of_the_file
from tests.signing import secrets_folder
from tests.unit.intake.forms import PHONE
from yizhan_adapter import Answer, Ask, Concluded
from yizhan_adapter.disclosures import Vault


class Filing:
    """Needs names and papers before it files a case."""

    department, name = LABOUR, "filing"

    def __init__(self) -> None:
        self.filed: list[tuple[dict[str, str], bytes, str]] = []

    def handle(self, ask: Ask) -> Answer | None:
        given = ask.disclose(["name", "phone"], "handling")
        (paper,) = ask.files()
        (first,) = given.of("applicant")
        self.filed.append((dict(first.values), paper.read(), given.receipt_id))
        return Concluded("settled")


@pytest.fixture
def county() -> Iterator[County]:
    secrets_folder()
    place = County()
    with served(place.apps) as place.url:
        yield place


@pytest.mark.requirement("COR-05", "COR-02")
def test_names_and_papers_cross_with_a_receipt_and_lie_open_nowhere(county: County, tmp_path: Path) -> None:
    secret = of_the_file(county)
    county.agree(LABOUR, "name", "phone")
    made = county.handed(LABOUR)
    office = Filing()
    gate = Gated(tmp_path, office, LABOUR)
    gate.vault.basis = LAW
    gate.answering.vault = Vault(county.url, LABOUR, lambda: secret)
    gate.ask(*(wire.encode(event) for event in county.town.asks(LABOUR)))

    for _ in range(8):
        gate.turn()
        gate.desk.round(time.time() + 5_000)
    gate.turn()

    (receipt,) = [
        r for held in county.intake.disclosures.having(case_id=made.case_id) for r in held.state.receipts
    ]
    assert office.filed == [({"name": "甲某", "phone": PHONE}, b"%PDF-1.7 wages", receipt.receipt_id)]
    assert gate.channel.answers == ["received", "accepted", "concluded"]
    gate.close()
    disks = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for secret_thing in ("甲某".encode(), PHONE.encode(), b"%PDF-1.7 wages", secret.encode()):
        assert secret_thing not in disks
