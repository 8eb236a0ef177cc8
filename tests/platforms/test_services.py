"""Services that departments give beside a case, asked of their simulators: one result, whatever fails."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.routing.model.request import SERVICES
from shared import ids
from shared.contracts.edge import AnswerServed
from shared.profile import load
from tests.platforms.town import NOON, Place, Vault, opened
from tests.toys.adapters import DEPARTMENTS, entry_point
from yizhan_adapter import UnknownCode, answers, plugins
from yizhan_adapter.asks import REQUEST, parse
from yizhan_adapter.platforms import Department
from yizhan_simulators.shape import SHAPES

MINUTE = timedelta(minutes=1)
OFFERED = [(shape.id, c.name) for shape in SHAPES.values() for c in shape.counters if c.name != "handle"]
OF_COURT = [service for unit, service in OFFERED if unit == "court"]


def request_body(unit: str, service: str, number: int = 1) -> bytes:
    """A request as routing sends it."""
    data: dict[str, Any] = {
        "delivery_id": ids.derived("request", unit, service, str(number)),
        "case_id": ids.derived("case", str(number)),
        "case_no": f"990101-2026-{number:06d}",
        "department": unit,
        "service": service,
        "category": "neighbour",
        "matter_type": "dispute",
        "tier": "county",
        "region": "990101101",
        "agreement_id": ids.derived("agreement", str(number)),
        "target_region": "990102",
        "asked_at": "2026-11-22T02:00:00.000Z",
        "due_at": "2026-12-20T16:00:00.000Z",
    }
    event = {
        "specversion": "1.0", "id": ids.derived("ask", data["delivery_id"]), "type": REQUEST,
        "source": "/svc/routing/990101", "subject": f"delivery/{data['delivery_id']}", "data": data,
    }  # fmt: skip
    return json.dumps(event).encode()


def ask(place: Place, service: str, numbers: range) -> None:
    for number in numbers:
        body = request_body(place.id, service, number)
        place.store.keep(parse(body), body, place.now())


def served(place: Place) -> list[dict[str, Any]]:
    letters = [json.loads(letter.body) for letter in place.store.outgoing(10_000)]
    return [letter["data"] for letter in letters if letter["type"] == "answer.served.v1"]


@pytest.fixture(params=OFFERED, ids=lambda each: f"{each[0]}-{each[1]}")
def offer(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Place, str]]:
    """Each service of each department."""
    unit, service = request.param
    for place in opened(unit, tmp_path):
        yield place, service


@pytest.fixture
def court(tmp_path: Path) -> Iterator[Place]:
    """The court."""
    yield from opened("court", tmp_path)


@pytest.mark.requirement("XI-15", "COR-04")
def test_every_service_that_is_asked_for_comes_to_a_result_with_its_number(offer: tuple[Place, str]) -> None:
    place, service = offer
    ask(place, service, range(1, 13))

    place.pass_(MINUTE, timedelta(minutes=2))

    found = served(place)
    assert len(found) == 12 and not place.store.unfinished()
    assert len({result["reference"] for result in found if "reference" in result}) == 12
    assert all(AnswerServed.__dataclass_fields__.keys() >= result.keys() for result in found)


def test_a_reply_that_is_lost_and_one_that_comes_twice_leave_one_result(offer: tuple[Place, str]) -> None:
    place, service = offer
    place.disturb(next=1, status=500, after=True)
    ask(place, service, range(1, 2))
    place.pass_(MINUTE, timedelta(minutes=5))
    place.disturb(twice=1)

    place.platform.handle(place_ask(place, service))

    assert len(served(place)) == 1


def place_ask(place: Place, service: str) -> Any:
    return replace(parse(request_body(place.id, service)), vault=Vault())


def test_a_changed_code_waits_for_a_person_and_a_day_of_silence_loses_nothing(court: Place) -> None:
    court.disturb(down=True)
    ask(court, "judicial_confirmation", range(1, 6))
    court.pass_(timedelta(minutes=30), timedelta(days=1))
    assert served(court) == []

    court.disturb(recode="Q99")
    court.pass_(MINUTE, timedelta(minutes=5))
    assert [held.error for held in court.store.unfinished()] == ["court has no code 'Q99' in its table"] * 5

    court.disturb()
    court.store.retry()
    court.pass_(MINUTE, timedelta(minutes=5))
    assert len(served(court)) == 5


@pytest.mark.requirement("XI-15", "MD-20")
def test_the_court_gets_what_each_service_needs_and_names_only_where_it_has_a_purpose(court: Place) -> None:
    sent = {}
    for service in OF_COURT:
        counter = court.platform.card.services[service]
        asked = place_ask(court, service)
        assert isinstance(court.platform, Department)
        sent[service] = counter.body(court.platform.facts(asked)) | court.platform.disclosed(counter, asked)

    assert sent["judicial_confirmation"]["sqr"] == ["某name", "另一方"]  # both apply together
    assert sent["judicial_confirmation"]["jzsj"] == "2026-12-21 00:00:00"
    assert sent["cross_region_filing"]["glfy"] == "990102" and "某name" not in str(
        sent["cross_region_filing"]
    )
    assert sent["electronic_service"]["sddz"] == "某phone"
    assert sent["online_hearing"].keys() == {"wbbh", "lyah"}


def test_a_hearing_and_a_lawyer_come_with_the_time_to_be_there(tmp_path: Path) -> None:
    for unit, service in (("court", "online_hearing"), ("judicial_bureau", "legal_aid")):
        for place in opened(unit, tmp_path / unit):
            ask(place, service, range(1, 8))
            place.pass_(MINUTE, timedelta(minutes=3))

            granted = [one for one in served(place) if one["result"] in ("scheduled", "granted")]
            assert granted and all(one["meeting_at"].endswith("Z") for one in granted)


def test_a_time_in_another_form_waits_for_a_person(court: Place) -> None:
    counter = court.platform.card.services["online_hearing"]

    with pytest.raises(UnknownCode, match="ktsj is no time"):
        counter.meeting_at({"ktsj": "下周一上午"})


def test_a_service_that_a_department_does_not_give_is_given_back(court: Place) -> None:
    assert answers.said(court.platform.handle(place_ask(court, "legal_aid"))) == "returned:not_competent"  # type: ignore[arg-type]


def test_every_service_has_a_counter_somewhere_and_a_simulator_behind_it() -> None:
    cards = {id: plugins.load(entry_point(id)).make.card for id in DEPARTMENTS}  # type: ignore[attr-defined]

    assert {(id, service) for id, card in cards.items() for service in card.services} == set(OFFERED)
    assert {service for _, service in OFFERED} == set(SERVICES)


def test_a_number_that_is_no_code_stays_with_the_department() -> None:
    told = answers.data(answers.Served("confirmed", reference="（2026）某0101民特3号"), "d", NOON)

    assert "reference" not in told and told["result"] == "confirmed"


COUNTY = Path(__file__).parents[2] / "profiles"


@pytest.mark.parametrize("name", ["xx-county", "xx-county-linked"])
def test_what_a_countys_departments_offer_and_hear_is_what_their_cards_have(name: str) -> None:
    for unit in load(COUNTY / f"{name}.yaml").departments:
        if not unit.adapter:
            continue
        plugin = plugins.load(entry_point(unit.id))
        card = plugin.make.card  # type: ignore[attr-defined]
        assert set(unit.services) == set(card.services)
        assert set(unit.types) == set(plugin.manifest.types)
        assert bool(unit.reports) == ("ask.report_case.v1" in unit.types)
