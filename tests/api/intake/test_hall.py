"""The hall: windows, numbers to wait by, the screen on the wall, who leads, and the way to it all."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.intake.handlers import hall
from services.intake.model.window import SERVICES
from services.intake.store import Stores
from shared.contracts import wire
from shared.profile import profile
from tests.api.identity_house import House
from tests.api.intake.calls import clerk, register
from tests.api.intake.conftest import Watch
from tests.signing import bearer

TOWN = "centre_101"
PATH = f"/intake/centres/{TOWN}"
CHIEF = bearer("director", region="990101101", unit=TOWN)


def window(client: FlaskClient, number: int, *services: str, zone: str = "reception", at: str = TOWN) -> Any:
    body = {"zone": zone, "services": list(services)}
    who = bearer("dispatcher") if at != TOWN else CHIEF
    return client.put(f"/intake/centres/{at}/windows/{number}", json=body, headers=who)


def draw(client: FlaskClient, service: str = "dispute", priority: str = "", **headers: str) -> Any:
    body = {"service": service} | ({"priority": priority} if priority else {})
    return client.post(f"{PATH}/tickets", json=body, headers=clerk() | headers)


def call(client: FlaskClient, number: int = 1) -> Any:
    return client.post(f"{PATH}/windows/{number}/call", headers=clerk())


def act(client: FlaskClient, ticket: Any, step: str, body: Any = None) -> Any:
    id = ticket.get_json()["id"]
    return client.post(f"/intake/tickets/{id}/{step}", json=body, headers=clerk())


def screen(client: FlaskClient) -> Any:
    return client.get(f"{PATH}/screen").get_json()


@pytest.mark.requirement("IN-16", "IN-19", "IN-20")
def test_a_centre_has_any_number_of_windows_each_in_a_zone_with_its_services(client: FlaskClient) -> None:
    for number in range(1, 13):
        assert window(client, number, "dispute", "enquiry").status_code == 200
    window(client, 3, "filing", "arbitration", zone="arbitration_litigation")
    closed = client.delete(f"{PATH}/windows/12", headers=CHIEF)

    unknown_zone = window(client, 4, "dispute", zone="kitchen")
    unknown_service = window(client, 4, "fortune_telling")
    found = client.get(f"{PATH}/hall").get_json()["windows"]

    assert (unknown_zone.status_code, unknown_service.status_code, closed.status_code) == (422, 422, 200)
    assert "reception" in unknown_zone.get_json()["fields"]["zone"][0]
    assert [(w["number"], w["zone"]) for w in found[1:4]] == [
        (2, "reception"), (3, "arbitration_litigation"), (4, "reception"),
    ]  # fmt: skip
    assert [w["number"] for w in found if not w["open"]] == [12] and len(found) == 12


def test_only_who_arranges_a_centre_sets_up_its_windows(client: FlaskClient) -> None:
    stranger = bearer("director", region="990101102", unit="centre_102")

    by_clerk = client.put(
        f"{PATH}/windows/1", json={"zone": "reception", "services": ["dispute"]}, headers=clerk()
    )
    by_stranger = client.put(
        f"{PATH}/windows/1", json={"zone": "reception", "services": ["dispute"]}, headers=stranger
    )

    assert (by_clerk.status_code, by_stranger.status_code) == (403, 403)
    assert client.get("/intake/centres/police/hall").status_code == 404


@pytest.mark.requirement("IN-16", "IN-17")
def test_what_is_not_offered_here_names_the_nearest_place_that_offers_it(client: FlaskClient) -> None:
    window(client, 1, "dispute")
    nowhere = draw(client, "petition")
    window(client, 6, "petition", at="centre_county")
    window(client, 2, "petition", at="centre_102")

    refused = draw(client, "petition")
    registered = register(client, matter_type="petition")

    assert "导办员" in nowhere.get_json()["message"]
    assert (refused.status_code, refused.get_json()["nearest"]) == (422, "centre_county")
    assert "6号窗口" in refused.get_json()["message"] and registered.status_code == 201
    assert "还没有信访受理窗口" in client.get(f"{PATH}/hall").get_json()["gaps"]


@pytest.mark.requirement("IN-18", "SU-49")
def test_a_village_without_a_dispute_window_is_not_ready_and_courts_and_arbitration_share_a_counter(
    client: FlaskClient,
) -> None:
    village = "/intake/centres/committee_101201/hall"
    bare = client.get(village).get_json()["gaps"]
    window(client, 1, "dispute", at="committee_101201")
    ready = client.get(village).get_json()["gaps"]
    window(client, 1, "dispute", "petition")
    window(client, 2, "filing")
    window(client, 3, "arbitration")
    apart = client.get(f"{PATH}/hall").get_json()["gaps"]
    window(client, 3, "arbitration", "filing")
    together = client.get(f"{PATH}/hall").get_json()["gaps"]

    assert (bare, ready) == (["还没有矛盾纠纷受理窗口"], [])
    assert (apart, together) == (["立案和仲裁事项不在同一个窗口"], [])


@pytest.mark.requirement("XI-17")
def test_four_former_halls_are_window_kinds_of_one_centre_and_a_number_goes_from_one_to_another(
    client: FlaskClient,
) -> None:
    halls = ("dispute", "petition", "legal_service", "filing")  # 综治、信访接待、公共法律服务、诉讼服务
    for number, kind in enumerate(halls, start=1):
        assert window(client, number, kind).status_code == 200

    paper = draw(client)
    for number, kind in enumerate(halls[1:], start=2):
        assert call(client, number - 1).get_json()["id"] == paper.get_json()["id"]
        assert act(client, paper, "transfer", {"service": kind}).status_code == 200
    called = call(client, 4).get_json()

    found = client.get(f"{PATH}/hall").get_json()["windows"]
    assert {w["centre"] for w in found} == {TOWN}
    assert [w["services"] for w in found] == [[kind] for kind in halls]
    assert (called["label"][1:], called["window"]) == (paper.get_json()["label"][1:], 4)
    assert set(halls) <= set(profile().centre.window_kinds) <= set(SERVICES)


def test_numbers_are_called_in_order_and_the_old_go_first_but_never_for_ever(
    client: FlaskClient, watch: Watch
) -> None:
    window(client, 1, "dispute")
    waits = draw(client).get_json()["label"]
    watch.now += timedelta(minutes=25)
    draw(client)
    watch.now += timedelta(minutes=5)
    old = draw(client, priority="old")

    called = [call(client).get_json()["label"] for _ in range(3)]

    assert waits == "A001" and old.get_json()["ahead"] == 1
    assert called == ["A001", "A003", "A002"]
    assert call(client).status_code == 404


def test_two_windows_never_call_the_same_number(client: FlaskClient) -> None:
    window(client, 1, "dispute")
    window(client, 2, "dispute")
    draw(client)
    draw(client)

    assert {call(client, 1).get_json()["label"], call(client, 2).get_json()["label"]} == {"A001", "A002"}


def test_a_number_is_called_again_passed_over_comes_back_and_goes_on_elsewhere(client: FlaskClient) -> None:
    window(client, 1, "dispute")
    window(client, 2, "petition")
    draw(client)
    ticket = call(client)

    again, skipped = act(client, ticket, "call"), act(client, ticket, "skip")
    too_late, back = act(client, ticket, "serve", {}), act(client, ticket, "back")
    call(client)
    nowhere = act(client, ticket, "transfer", {"service": "filing"})
    moved = act(client, ticket, "transfer", {"service": "petition"})
    at_petition = call(client, 2)

    assert (again.get_json()["calls"], skipped.get_json()["state"]) == (2, "skipped")
    assert (too_late.status_code, too_late.get_json()["allowed"]) == (409, ["back"])
    assert (back.get_json()["state"], nowhere.status_code) == ("waiting", 422)
    assert (moved.get_json()["number"], at_petition.get_json()["id"]) == (1, ticket.get_json()["id"])


@pytest.mark.requirement("IN-21")
def test_visits_and_disputes_share_one_queue_and_one_record(client: FlaskClient, all: Stores) -> None:
    window(client, 1, "dispute", "petition")
    draw(client, "dispute")
    draw(client, "petition")

    first, second = call(client), call(client)
    made = register(client, channel="visit", persons_involved=1).get_json()
    served = act(client, second, "serve", {"reg_id": made["reg_id"]})
    unknown = act(client, first, "serve", {"reg_id": first.get_json()["id"]})

    assert [t.get_json()["label"] for t in (first, second)] == ["A001", "B001"]
    assert all.tickets.load(served.get_json()["id"]).state.reg_id == made["reg_id"]
    assert unknown.status_code == 404


def test_each_day_begins_with_one_and_yesterdays_numbers_are_gone(client: FlaskClient, watch: Watch) -> None:
    window(client, 1, "dispute")
    draw(client)
    watch.now += timedelta(days=1)

    gone, first = call(client), draw(client).get_json()["label"]

    assert (gone.status_code, first) == (404, "A001")


def test_the_same_key_draws_one_number(client: FlaskClient) -> None:
    window(client, 1, "dispute")
    first, again = draw(client, **{"Idempotency-Key": "tap"}), draw(client, **{"Idempotency-Key": "tap"})

    assert first.get_json()["label"] == again.get_json()["label"] == "A001"
    assert draw(client).get_json()["label"] == "A002"


def test_the_screen_shows_numbers_and_windows_and_nobody(client: FlaskClient, all: Stores) -> None:
    window(client, 1, "dispute")
    draw(client, priority="disabled")
    draw(client)
    ticket = call(client)
    act(client, ticket, "serve", {"reg_id": register(client).get_json()["reg_id"]})
    call(client)

    wall = screen(client)

    assert wall["called"] == [{"label": "A002", "window": 1}] and wall["waiting"] == {}
    assert set(wall) == {"centre", "name", "called", "waiting", "next"}
    kept = [wire.decode(entry["body"]).data for entry in all.tickets.outbox]  # type: ignore[attr-defined]
    assert not any("disabled" in str(data) or "甲" in str(data) for data in kept)


@pytest.mark.requirement("IN-02")
def test_a_window_nobody_set_up_is_taken_and_marked(client: FlaskClient, all: Stores) -> None:
    window(client, 1, "dispute")

    known = register(client, window="1").get_json()["reg_id"]
    unknown = register(client, window="7", summary="路灯坏了三个月，老人晚上出门摔跤。").get_json()["reg_id"]

    states = [all.registrations.load(id).state.out_of_hours for id in (known, unknown)]
    assert states == [False, True]


@pytest.mark.requirement("IN-02")
def test_out_of_hours_a_matter_is_taken_and_marked(client: FlaskClient, all: Stores, watch: Watch) -> None:
    watch.now += timedelta(hours=12)

    made = register(client).get_json()

    assert all.registrations.load(made["reg_id"]).state.out_of_hours


@pytest.mark.requirement("IN-26")
def test_the_leader_on_duty_is_shown_kept_with_visits_and_a_gap_is_found_the_day_before_at_noon(
    client: FlaskClient, all: Stores, watch: Watch
) -> None:
    lead = {"leader": "duty_leader.centre_101", "title": "副镇长"}
    wrong = client.put(f"{PATH}/duty/2026-02-30", json=lead, headers=CHIEF)
    client.put(f"{PATH}/duty/2026-03-10", json=lead, headers=CHIEF)
    shown = client.get(f"{PATH}/hall").get_json()
    reg_id = register(client, channel="visit", persons_involved=1).get_json()["reg_id"]
    visit = client.post("/intake/receptions", json={"reg_id": reg_id}, headers=clerk()).get_json()
    morning = hall.find_gaps(all, watch.now)
    at_noon = hall.find_gaps(all, watch.now + timedelta(hours=2))
    later = hall.find_gaps(all, watch.now + timedelta(hours=3))

    assert wrong.status_code == 422
    assert (shown["duty_leader"], shown["duty_title"]) == (lead["leader"], "副镇长")
    assert visit["duty_leader"] == lead["leader"]
    assert (morning, later) == (0, 0) and at_noon >= 1
    told = [wire.decode(entry["body"]) for entry in all.duties.outbox]  # type: ignore[attr-defined]
    gaps = {event.data["centre"] for event in told if event.name == "duty.gap_found"}
    assert TOWN in gaps and len(gaps) == at_noon
    assert register(client, summary="还是照样接待，水沟又堵了一次。").status_code == 201


def ask(client: FlaskClient, wish: str = "", **more: Any) -> Any:
    return client.post("/intake/guidance", json={"centre": TOWN, "wish": wish} | more)


@pytest.mark.requirement("IN-27", "IN-28")
@pytest.mark.parametrize(
    ("wish", "topic", "service"),
    [
        ("老板拖欠工资三个月", "labour", "arbitration"),
        ("我想起诉，去哪里立案", "filing", "filing"),
        ("诉讼费在哪里缴费", "fee", "fee"),
        ("他要转移财产，我要保全", "preservation", "preservation"),
        ("我要信访，反映干部作风", "petition", "petition"),
        ("来补材料，递交给承办单位", "transfer", "document_transfer"),
    ],
)
def test_the_kiosk_says_how_and_where_and_what_to_bring(
    client: FlaskClient, wish: str, topic: str, service: str
) -> None:
    window(client, 4, service)

    told = ask(client, wish).get_json()

    assert (told["understood"], told["topic"]) == (True, topic)
    assert told["steps"] and told["papers"] and told["rights"] and told["basis"]
    assert [w["number"] for w in told["windows"]] == [4] and "4号窗口" in told["say"]


@pytest.mark.requirement("IN-27")
@pytest.mark.parametrize("wish", ["", "今天天气真好", "能赢吗", "会判他几年", "信访还是调解", "x" * 500])
def test_what_the_kiosk_does_not_understand_is_for_a_person_and_never_a_guess(
    client: FlaskClient, wish: str
) -> None:
    told = ask(client, wish).get_json()

    assert told["understood"] is False and "导办员" in told["say"] and told["steps"] == []


def test_no_topic_promises_how_it_will_end() -> None:
    from services.intake.handlers.guiding import topics

    said = "".join("".join((*t.steps, *t.papers, *t.routes, *t.rights)) for t in topics().values())

    assert not [
        word for word in ("胜诉", "会赢", "能赢", "败诉", "概率", "一定能", "多半", "预计") if word in said
    ]


def test_a_category_is_as_good_as_words_and_danger_is_heard(client: FlaskClient) -> None:
    by_category = ask(client, category="labour_wages").get_json()
    danger = ask(client, "邻居持刀堵门，要调解").get_json()
    nonsense = ask(client, centre="police")

    assert (by_category["topic"], danger["topic"]) == ("labour", "mediation")
    assert "110" in danger["emergency"] and nonsense.status_code == 404


@pytest.mark.requirement("XI-14")
def test_a_kiosk_with_an_account_of_its_own_asks_for_guidance_and_draws_numbers_and_does_nothing_else(
    client: FlaskClient, house: House
) -> None:
    window(client, 2, "filing")
    account = {"username": "kiosk.101", "name": "导诉机一号", "roles": ["kiosk"], "unit": TOWN,
               "region": "990101101", "password": "long-enough-for-a-box"}  # fmt: skip
    identity, admin = house.client(), bearer("sys_admin", region="990101")
    opened = identity.post("/identity/accounts", json=account, headers=admin).get_json()
    kiosk = bearer(*opened["roles"], ref=opened["id"], region=opened["region"], unit=opened["unit"])

    told = client.post("/intake/guidance", json={"centre": TOWN, "wish": "我想起诉立案"}, headers=kiosk)
    paper = client.post(f"{PATH}/tickets", json={"service": "filing"}, headers=kiosk)
    called = client.post(f"{PATH}/windows/2/call", headers=kiosk)
    read = client.get("/intake/registrations", headers=kiosk)

    assert (told.status_code, told.get_json()["windows"][0]["number"]) == (200, 2)
    assert (paper.status_code, called.status_code, read.status_code) == (201, 403, 403)
