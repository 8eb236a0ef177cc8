"""A unit without a system: a link for one case, a page to act on, and links that open nothing any more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import jwt
import pytest
from flask.testing import FlaskClient

from services.routing.api import create_app
from services.routing.handlers import departments
from services.routing.model import State
from services.routing.model import commands as asks
from services.routing.model.delivery import Stage
from services.routing.model.department_asks import Pause
from services.routing.rules import connection
from services.routing.store.papers import GivenPapers, Paper
from shared.decision import Cause
from shared.links import Signer
from tests import routing_given as given
from tests.api.routing_mail import DISPATCHER, HOUSING, LABOUR, a_client, a_town, handed
from tests.routing_town import Town
from tests.signing import bearer, secrets_folder

__all__ = ["a_client", "a_town"]
DESK = "/routing/desk/"


def link(client: FlaskClient, id: str, who: dict[str, str] | None = None) -> str:
    """Where the link of a delivery leads."""
    found = client.get(f"/routing/deliveries/{id}/link", headers=who or DISPATCHER)
    assert found.status_code == 200, found.get_json()
    address: str = found.get_json()["address"]
    return DESK + address.rpartition("/")[2]


def press(client: FlaskClient, address: str, kind: str, **form: Any) -> Any:
    return client.post(f"{address}/{kind}", data=form)


def test_the_unit_accepts_reports_and_concludes_on_a_page_without_signing_in(
    client: FlaskClient, town: Town
) -> None:
    address = link(client, handed(town))

    page = client.get(address)
    accepted = press(client, address, "accept")
    town.settle()
    between = town.case(town.delivery().case_id).state
    reported = press(client, address, "progress", step="visited")
    concluded = press(client, address, "conclude", outcome="settled")
    town.settle()

    assert page.status_code == 200 and "990101-2026-000200" in page.get_data(as_text=True)
    assert (accepted.status_code, reported.status_code, between) == (303, 303, State.HANDLING)
    assert "已办结" in concluded.get_data(as_text=True)
    delivery, case = town.delivery(), town.case(town.delivery().case_id)
    assert (delivery.stage, delivery.steps, delivery.outcome) == (Stage.CONCLUDED, ("visited",), "settled")
    assert (case.state, case.outcome, case.handlers) == (State.RESOLVED, "settled", (LABOUR,))
    acts = [entry.action for entry in town.stores.audit.entries() if entry.action.startswith("desk.")]
    assert acts == ["desk.accept", "desk.progress", "desk.conclude"]


def test_the_unit_gives_the_case_back_with_a_reason(client: FlaskClient, town: Town) -> None:
    address = link(client, handed(town))

    press(client, address, "return", reason="not_competent")
    town.settle()

    asked = town.case(town.delivery().case_id).return_request
    assert (town.delivery().stage, asked and asked.reason) == (Stage.RETURNED, "not_competent")


def test_the_link_of_a_unit_that_was_shut_out_for_security_opens_nothing(
    client: FlaskClient, town: Town
) -> None:
    address = link(client, handed(town))
    departments.declare(town.stores, town.now)
    ask = Pause(reason="hostile", security=True)
    cause = Cause(at=town.now, actor=given.by("director").actor)
    departments.change(town.stores, LABOUR, cause, lambda found, by: connection.suspend(found, ask, by))

    replies = [client.get(address), press(client, address, "conclude", outcome="settled")]

    assert [reply.status_code for reply in replies] == [403, 403]
    assert town.delivery().stage is Stage.SENT
    shown = client.get(f"/routing/deliveries/{town.delivery().delivery_id}/link", headers=DISPATCHER)
    assert shown.status_code == 403


def test_a_button_pressed_twice_acts_once(client: FlaskClient, town: Town) -> None:
    address = link(client, handed(town))

    for _ in range(2):
        press(client, address, "accept")
    for _ in range(2):
        press(client, address, "progress", step="visited")
    town.settle()

    told = [event.name for event in town.bus.told if event.name == "delivery.accepted"]
    assert (told, town.delivery().late) == (["delivery.accepted"], 0)
    assert town.delivery().steps == ("visited",)


@pytest.mark.parametrize(
    ("kind", "form"),
    [
        ("return", {}),
        ("return", {"reason": "no_time"}),
        ("conclude", {"outcome": "forgotten"}),
        ("progress", {"step": "联系了当事人"}),
    ],
)
def test_what_the_page_does_not_offer_is_refused_with_a_sentence(
    client: FlaskClient, town: Town, kind: str, form: dict[str, str]
) -> None:
    address = link(client, handed(town))

    refused = press(client, address, kind, **form)

    assert refused.status_code == 422
    assert "请先从列表中选择一项" in refused.get_data(as_text=True)
    assert town.delivery().stage is Stage.SENT


def test_a_link_runs_out_and_the_dispatcher_renews_it(client: FlaskClient, town: Town) -> None:
    id = handed(town)
    old = link(client, id)
    town.now += timedelta(hours=24, seconds=1)

    late = client.get(old)
    gone = client.get(f"/routing/deliveries/{id}/link", headers=DISPATCHER)
    renewed = client.post(f"/routing/deliveries/{id}/link", json={}, headers=DISPATCHER)
    new = DESK + renewed.get_json()["address"].rpartition("/")[2]

    assert (late.status_code, "有效期" in late.get_data(as_text=True)) == (410, True)
    assert (gone.status_code, gone.get_json()["code"]) == (410, "link_expired")
    assert (renewed.status_code, client.get(new).status_code, client.get(old).status_code) == (201, 200, 410)


def test_a_link_that_was_used_up_renewed_or_is_not_ours_opens_a_clear_page(
    client: FlaskClient, town: Town
) -> None:
    id = handed(town)
    first = link(client, id)
    second = client.post(f"/routing/deliveries/{id}/link", json={}, headers=DISPATCHER).get_json()["address"]
    second = DESK + second.rpartition("/")[2]
    press(client, second, "conclude", outcome="answered")
    until = town.now + timedelta(hours=1)
    claims = {"sub": id, "unit": LABOUR, "n": 2}
    mine = Signer((secrets_folder() / "service_routing").read_text().strip(), "desk")
    strange = [
        first[:-4] + "AAAA",
        DESK + Signer("another secret", "desk").sign(claims, until),
        DESK + Signer((secrets_folder() / "service_routing").read_text().strip(), "file").sign(claims, until),
        DESK + mine.sign(claims | {"unit": HOUSING}, until),
        DESK + mine.sign(claims | {"sub": "nothing"}, until),
        DESK + jwt.encode(claims | {"aud": "desk", "exp": 9999999999}, "x" * 32, algorithm="HS256"),
    ]

    pages = [client.get(address) for address in (second, first, *strange)]

    assert [page.status_code for page in pages] == [410, 410] + [404] * 6
    assert all("链接不能打开" in page.get_data(as_text=True) for page in pages)
    assert "已经办完或退回" in pages[0].get_data(as_text=True)
    assert press(client, second, "accept").status_code == 410


def test_a_case_that_was_taken_away_can_no_longer_be_handled_by_its_link(
    client: FlaskClient, town: Town
) -> None:
    address = link(client, handed(town))
    moved = asks.Transfer(to_unit=HOUSING, reason="functional_line")
    town.order(town.delivery().case_id, "transfer", "dispatcher", moved)

    assert press(client, address, "accept").status_code == 410


def test_neither_the_address_nor_the_page_says_anything_of_a_person(client: FlaskClient, town: Town) -> None:
    address = link(client, handed(town))

    claims = jwt.decode(address.rpartition("/")[2], options={"verify_signature": False})
    page = client.get(address)

    assert set(claims) == {"sub", "unit", "n", "aud", "exp"}
    assert "script-src" not in page.headers["Content-Security-Policy"]
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    assert "<script>" not in page.get_data(as_text=True) and "style=" not in page.get_data(as_text=True)


def test_only_who_may_send_it_sees_a_link(client: FlaskClient, town: Town) -> None:
    id = handed(town)
    path = f"/routing/deliveries/{id}/link"

    refused = [
        client.get(path, headers=who)
        for who in (
            bearer("clerk"), bearer("unit_staff", unit=HOUSING), bearer("dispatcher", region="990102"), {},
        )
    ]  # fmt: skip

    assert [answer.status_code for answer in refused] == [403, 403, 403, 401]
    assert link(client, id, bearer("unit_staff", unit=LABOUR)).startswith(DESK)
    assert [entry.action for entry in town.stores.audit.entries()] == ["link.read"]


@pytest.mark.parametrize(
    ("papers", "said"),
    [
        ([Paper(kind="pdf", size=2_100, address="/intake/files/ab?link=t")], "第1份：pdf，3 KB"),
        (None, "材料暂时看不到"),
    ],
)
def test_the_page_shows_the_papers_of_the_case_or_says_that_it_cannot(
    town: Town, papers: Any, said: str
) -> None:
    town.stores = replace(town.stores, papers=GivenPapers(papers))
    with create_app(town.stores, town.clock).test_client() as client:
        page = client.get(link(client, handed(town))).get_data(as_text=True)

    assert said in page
    assert ("/intake/files/ab?link=t" in page) == bool(papers)
