"""Where a person stands: the window, the hall, the wall, the kiosk, the receipt, and the resident at home."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.intake.store import Stores
from tests.api.intake.calls import CLERK, VILLAGE, clerk, register
from tests.api.intake.conftest import Watch
from tests.api.intake.test_hall import PATH, TOWN, call, draw, window
from tests.signing import bearer
from tests.unit.intake.forms import PHONE

TYPED = {
    "channel": "window", "region": VILLAGE, "category": "neighbour", "matter_type": "dispute",
    "summary": "隔壁把院墙往我家这边挪了半米。", "requests": "把墙挪回去\n道歉", "applicant_name": "甲某某",
    "applicant_phone": PHONE, "respondent_name": "隔壁那家",
}  # fmt: skip
APPLIED = {name: text for name, text in TYPED.items() if name not in ("channel", "matter_type")}


def typed(client: FlaskClient, **more: str) -> Any:
    return client.post("/intake/register", data=TYPED | more, headers=clerk())


def page(reply: Any) -> str:
    text: str = reply.get_data(as_text=True)
    return text


def test_a_clerk_registers_on_one_page_and_the_receipt_follows(client: FlaskClient, all: Stores) -> None:
    empty = client.get("/intake/register", headers=clerk())
    sent = typed(client, assisted="1", language="苗语")
    receipt = client.get(sent.headers["Location"], headers=clerk())

    (held,) = all.registrations.all()  # type: ignore[attr-defined]
    assert (empty.status_code, sent.status_code) == (200, 303)
    assert held.state.first_receiver == CLERK and len(held.state.requests) == 2
    assert held.state.case_no in page(receipt) and "data:image/svg+xml" in page(receipt)
    assert "甲某某" not in page(receipt) and PHONE not in page(receipt)


@pytest.mark.requirement("SU-45")
def test_registering_can_be_assisted_flags_an_interpreter_and_prints_large(
    client: FlaskClient, all: Stores
) -> None:
    sent = typed(client, assisted="1", language="苗语", access_needs="large_print")

    large = client.get(f"{sent.headers['Location']}?large=1", headers=clerk())

    (held,) = all.registrations.all()  # type: ignore[attr-defined]
    applicant = held.state.parties[0]
    assert held.state.desk.assisted and applicant.language == "苗语"
    assert applicant.access_needs == ("large_print",) and "receipt-large" in page(large)


def test_what_is_wrong_stands_in_a_list_and_beside_its_field_and_nothing_typed_is_lost(
    client: FlaskClient,
) -> None:
    wrong = typed(client, applicant_phone="12", emergency="1", summary="着火了<b>", received_at="昨天")

    text = page(wrong)
    assert wrong.status_code == 422
    assert 'role="alert"' in text and 'aria-invalid="true"' in text
    assert "着火了&lt;b&gt;" in text and "收到时间" in text


@pytest.mark.parametrize("channel", ["letter", "visit", "court", "hotline12345"])
def test_a_channel_says_on_its_page_what_it_asks_for(client: FlaskClient, channel: str) -> None:
    shown = page(client.get(f"/intake/register?channel={channel}", headers=clerk()))
    refused = typed(client, channel=channel)

    assert "另外要问" in shown and refused.status_code == 422


def test_a_look_alike_is_shown_and_a_person_decides(client: FlaskClient, all: Stores) -> None:
    typed(client)

    asked = typed(client)
    anyway = typed(client, not_the_same="1")

    assert (asked.status_code, anyway.status_code) == (409, 303)
    assert "可能相同的事项" in page(asked) and len(all.registrations.all()) == 2  # type: ignore[attr-defined]


def test_an_emergency_on_the_page_is_reported_first(client: FlaskClient) -> None:
    refused = typed(client, emergency="1")
    made = typed(client, emergency="1", report_authority="police_110", report_at="2026-03-10T10:20")

    assert (refused.status_code, made.status_code) == (422, 303)
    assert "110" in page(refused)


def test_a_clerk_calls_passes_over_and_gives_out_numbers_without_a_script(client: FlaskClient) -> None:
    nothing = page(client.get("/intake/hall", headers=clerk()))
    window(client, 1, "dispute")
    paper = client.post(
        "/intake/hall/tickets", data={"service": "dispute", "priority": "old"}, headers=clerk()
    )
    called = client.post("/intake/hall/windows/1/call", headers=clerk())
    desk = page(client.get(called.headers["Location"], headers=clerk()))
    id = re.findall(r"/intake/hall/tickets/([0-9a-f-]{36})/skip", desk)[0]
    skipped = client.post(f"/intake/hall/tickets/{id}/skip", data={"window": "1"}, headers=clerk())
    nobody = client.post("/intake/hall/windows/1/call", headers=clerk())
    unknown = client.post(f"/intake/hall/tickets/{id}/dance", data={"window": "1"}, headers=clerk())

    assert "还没有设置窗口" in nothing and "A001" in page(paper) and "前面还有0位" in page(paper)
    assert "老年人" not in page(paper)
    assert (called.status_code, skipped.status_code) == (303, 303)
    assert nobody.status_code == 404 and "没有人在等" in page(nobody) and unknown.status_code == 422


def test_the_wall_is_for_everybody_and_refreshes_itself(client: FlaskClient) -> None:
    window(client, 1, "dispute")
    draw(client)
    call(client)

    wall = client.get(f"/intake/screen/{TOWN}")
    part = client.get(f"/intake/screen/{TOWN}", headers={"HX-Request": "true"})

    assert "A001" in page(wall) and "1号窗口" in page(wall) and 'aria-live="polite"' in page(wall)
    assert "<html" in page(wall) and "<html" not in page(part)
    assert client.get("/intake/screen/police").status_code == 404


def test_the_kiosk_shows_the_way_or_sends_to_a_person(client: FlaskClient) -> None:
    window(client, 2, "filing")

    start = page(client.get(f"/intake/kiosk/{TOWN}"))
    told = page(client.post(f"/intake/kiosk/{TOWN}", data={"wish": "我想起诉立案"}))
    chosen = page(client.get(f"/intake/kiosk/{TOWN}?topic=petition"))
    lost = page(client.post(f"/intake/kiosk/{TOWN}", data={"wish": "能赢吗"}))

    assert "不预测结果" in start and "2号窗口" in told and "带什么" in told
    assert "推选代表" in chosen and "导办员" in lost


@pytest.mark.requirement("IN-30")
def test_everybody_can_read_what_a_centre_does_and_when_and_who_leads(client: FlaskClient) -> None:
    window(client, 1, "dispute", "petition")
    lead = {"leader": "duty_leader.centre_101", "title": "副镇长"}
    client.put(
        f"{PATH}/duty/2026-03-10", json=lead, headers=bearer("director", region="990101101", unit=TOWN)
    )

    text = page(client.get(f"/intake/centre/{TOWN}"))

    assert "周一至周五 08:30—17:30" in text and "副镇长" in text
    assert "信访受理" in text and "回访反馈" in text and "最迟30天内给您答复" in text
    assert "矛调中心主任：统筹协调第一责任人" in text


@pytest.mark.requirement("IN-30")
def test_what_is_public_and_was_not_checked_for_180_days_raises_a_reminder(
    client: FlaskClient, watch: Watch
) -> None:
    def reminded() -> list[bool]:
        said = client.get(f"{PATH}/hall", headers=clerk()).get_json()["gaps"]
        return [
            any("180天" in one for one in said),
            "180天" in page(client.get("/intake/hall", headers=clerk())),
        ]

    version = window(client, 1, "dispute", "petition").get_json()["version"]
    same = window(client, 1, "dispute", "petition").get_json()["version"]
    watch.now += timedelta(days=180)
    not_yet = reminded()
    watch.now += timedelta(minutes=1)
    late = reminded()
    window(client, 1, "dispute", "petition")

    assert version == same
    assert (not_yet, late, reminded()) == ([False, False], [True, True], [False, False])


def apply(client: FlaskClient, agent: str = "Mozilla/5.0 (Windows NT 10.0)", **more: str) -> Any:
    return client.post("/intake/apply", data=APPLIED | more, headers={"User-Agent": agent})


@pytest.mark.requirement("IN-12")
def test_phone_and_computer_make_the_same_draft_which_is_kept_for_its_days_under_a_code(
    client: FlaskClient, all: Stores, watch: Watch
) -> None:
    half = {"summary": "水沟堵了", "region": VILLAGE}
    phone = {"User-Agent": "Mozilla/5.0 (Linux; Android 14; Mobile)"}
    kept = page(client.post("/intake/apply/draft", data=half | {"do": "keep"}, headers=phone))
    code = re.findall(r"取件码 ([0-9A-Z]{10})", kept)[0]
    again = client.post("/intake/apply/draft", data={"do": "open", "code": code.lower()})
    wrong = client.post("/intake/apply/draft", data={"do": "open", "code": "AAAAAAAAAA"})

    sent = apply(client, code=code)
    gone = client.post("/intake/apply/draft", data={"do": "open", "code": code})
    other = re.findall(r"取件码 ([0-9A-Z]{10})", page(client.post("/intake/apply/draft", data=half)))[0]
    watch.now += timedelta(days=7, seconds=1)
    old = client.post("/intake/apply/draft", data={"do": "open", "code": other})

    assert "水沟堵了" in page(again) and (wrong.status_code, gone.status_code, old.status_code) == (
        404,
        404,
        404,
    )
    assert sent.status_code == 201 and "查询码" in page(sent)
    assert "水沟" not in repr(all.drafts)
    (held,) = all.registrations.all()  # type: ignore[attr-defined]
    assert (held.state.channel, held.state.first_receiver) == ("web_pc", "window_clerk.centre_101")


def test_the_same_application_sent_twice_is_one_and_a_phone_is_a_phone(
    client: FlaskClient, all: Stores
) -> None:
    kept = page(client.post("/intake/apply/draft", data=APPLIED))
    code = re.findall(r"取件码 ([0-9A-Z]{10})", kept)[0]

    first = apply(client, "Mozilla/5.0 (iPhone; Mobile)", code=code)
    again = apply(client, "Mozilla/5.0 (iPhone; Mobile)", code=code)

    (held,) = all.registrations.all()  # type: ignore[attr-defined]
    assert (first.status_code, again.status_code, held.state.channel) == (201, 201, "web_mobile")


def test_online_only_the_minimum_is_asked_and_strangers_are_slowed_down(client: FlaskClient) -> None:
    bare = apply(client, summary="", category="", respondent_name="", applicant_phone="", answer="已答复")
    answers = [client.post("/intake/apply/draft", data={"do": "open", "code": "B" * 10}) for _ in range(25)]

    assert bare.status_code == 422 and "请选择类别" in page(bare) and "请留一个联系方式" in page(bare)
    assert answers[-1].status_code == 429


def test_nobody_outside_registers_as_a_clerk(client: FlaskClient) -> None:
    stranger = bearer("reporter")

    refused = client.post("/intake/register", data=TYPED, headers=stranger)
    elsewhere = client.post("/intake/register", data=TYPED, headers=clerk(region="990101102"))
    hidden = client.get(
        f"/intake/registrations/{register(client).get_json()['reg_id']}/receipt", headers=stranger
    )

    assert (refused.status_code, elsewhere.status_code, hidden.status_code) == (403, 403, 403)
