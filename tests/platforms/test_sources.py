"""Whatever office a matter comes from, it is registered once and goes the way of every case."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.contracts import wire
from tests.platforms.real_intake import Intake
from tests.platforms.test_referrals import REFERRALS
from tests.platforms.test_taking import ROWS
from tests.platforms.town import PLATFORMS, Place, opened
from tests.routing_town import Town
from yizhan_adapter import Office
from yizhan_adapter.platforms import Department, connected
from yizhan_adapter.platforms.book import Book
from yizhan_adapter.platforms.taking import take
from yizhan_simulators.office import Office as Simulated
from yizhan_simulators.shape import read

EVERY: dict[str, dict[str, Any]] = REFERRALS | ROWS


@pytest.fixture(params=EVERY)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Every office that sends us matters."""
    yield from opened(request.param, tmp_path)


@pytest.fixture
def province(tmp_path: Path) -> Iterator[Place]:
    """The provincial platform."""
    yield from opened("provincial_platform", tmp_path)


def row(id: str, **changed: Any) -> dict[str, Any]:
    """What the office sends, of a day that has been and with a number that can be called."""
    text = json.dumps(EVERY[id]).replace("2026-11-23", "2026-03-09").replace("20261123", "20260309")
    return {**json.loads(text.replace("0" * 11, "13900000000")), **changed}


@pytest.mark.requirement("XE-03", "XI-02", "XI-04")
def test_a_matter_from_any_office_opens_one_case_with_one_timeline(place: Place) -> None:
    place.post("/hand_out", {"id": "W-01", "row": row(place.id)})
    intake, town = Intake(place.id, platform=place.id in PLATFORMS), Town()

    for _ in range(3):
        take(place.platform, intake)
    for entry in intake.all.registrations.outbox:  # type: ignore[attr-defined]
        if wire.decode(bytes(entry["body"])).name == "registration.accepted":
            town.bus.workers[0].hear(bytes(entry["body"]))
    town.settle()

    (made,) = intake.registrations
    case = town.case(made.case_id)
    assert (case.case_no, case.channel, case.region) == (made.case_no, made.channel, made.region)
    assert [entry["reason"] for entry in town.stores.cases.entries(case.case_id)] == ["登记"]
    assert case.case_no in place.get("/handed")["handed"][0][1]


@pytest.mark.requirement("XI-02", "XI-04")
@pytest.mark.parametrize("id", ["four_platforms", "municipal_platform"])
def test_our_cases_go_out_as_events_come_in_each_with_its_receipt(id: str, tmp_path: Path) -> None:
    for place in opened(id, tmp_path):
        place.post("/hand_out", {"id": "E-9", "row": row(id)})
        intake = Intake(id, platform=True)
        take(place.platform, intake)

        place.tell([1, 2])
        place.tell([1], revision=2, state="resolved", outcome="mediated_written")
        place.pass_step()

        assert len(intake.registrations) == 1 and len(place.kept()) == 2
        assert place.said() == ["reported"] * 3 and place.compare() == []
        assert all(row.receipt for row in place.book.rows())


@pytest.mark.requirement("XI-11", "XI-12", "IN-13")
@pytest.mark.parametrize("source", ["WST", "FLFW"])
def test_an_appointment_and_a_search_for_a_mediator_are_registered_exactly_once(
    province: Place, source: str
) -> None:
    intake = Intake("provincial_platform", platform=True)
    province.post("/hand_out", {"id": "YY-77", "row": row("provincial_platform", yyly=source)})

    province.disturb(next=1, status=500, after=True)  # the number we told them was heard, its reply lost
    for _ in range(4):
        try:
            take(province.platform, intake)
        except Exception as error:
            assert "500" in str(error)  # looked at again the next time

    (made,) = intake.registrations
    assert (made.channel, made.external_ref) == ("platform", "YY-77")
    assert made.case_no in province.get("/handed")["handed"][0][1]


def test_a_source_nobody_knows_is_not_guessed(province: Place) -> None:
    intake = Intake("provincial_platform", platform=True)
    province.post("/hand_out", {"id": "YY-78", "row": row("provincial_platform", yyly="NEW")})

    assert take(province.platform, intake).refused == 1
    assert intake.registrations == []


CARD = """
reply: {code: code, ok: ["0"], rows: data.rows}
handle:
  path: /cases
  status: data.state
  fields: {ref: delivery_id, number: case_no}
  history: {path: "/cases/{id}", rows: data.steps, code: state}
take:
  path: /events
  id: number
  cursor: n
  receipt: /events/signed
  answer: {number: external_ref, case: case_no}
  fields:
    channel: {constant: government}
    matter_type: {constant: complaint}
    source_domain: {constant: emergency}
    region: area
    summary: text
    received_at: {from: at, form: "%Y-%m-%d %H:%M:%S"}
    applicant.name: {constant: 部门上报}
"""
SHAPE = """
[{id}]
title = "{id}（模拟器）"
code = "code"
data = "data"
ok = "0"
bad = "1"
rows = "rows"
desk = {{ list = "/events", id = "number", cursor = "n", receipt = "/events/signed" }}
"""
DEPARTMENTS = ("emergency_office", "water_affairs", "education", "health", "transport", "urban_management")


class Direct(Office):
    """A simulated office without a port."""

    def __init__(self, office: Simulated) -> None:
        super().__init__("http://direct.invalid")
        self.office = office

    def send(self, method: str, path: str, body: Any = None, headers: Any = None) -> Any:
        """Its reply."""
        status, reply = self.office.answer(method, path, body)
        assert status == 200, reply
        return reply


@pytest.mark.requirement("XI-09")
@pytest.mark.parametrize("id", DEPARTMENTS)
def test_any_department_sends_events_by_a_folder_of_data_alone(id: str, tmp_path: Path) -> None:
    folder = tmp_path / id
    folder.mkdir()
    (folder / "card.yaml").write_text(CARD)
    (folder / "codes.csv").write_text("code,tell,as,meaning\n10,accepted,,受理\n")
    about = {"system": "业务系统", "protocol": "http+json", "key": "ref"}
    manifest = {
        "id": id,
        "name": id,
        "version": "0.1.0",
        "types": ["ask.handle_case.v1"],
        "back_office": about,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    simulated = Simulated(read(SHAPE.format(id=id))[id], tmp_path / "s.sqlite")
    made = connected(folder)(Direct(simulated), Book(":memory:"))
    happened = {"area": "990101102", "text": "井盖缺失", "at": "2026-03-09 08:00:00"}
    for number in range(3):
        simulated.answer("POST", "/hand_out", {"id": f"E{number}", "row": happened})
    intake = Intake(id)

    for _ in range(2):
        take(made, intake)

    assert [one.reason for one in made.book.taken()] == [""] * 3
    assert isinstance(made, Department)
    assert sorted(one.external_ref for one in intake.registrations) == ["E0", "E1", "E2"]
    assert {(one.channel, one.source_domain) for one in intake.registrations} == {("government", "emergency")}
    simulated.close()
