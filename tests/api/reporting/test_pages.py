"""The screens: the command room, the list, one case, and the table for a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.reporting.api import create_app
from services.reporting.handlers.reading import every_case
from services.reporting.store import Wanted
from tests.api.reporting.conftest import Room
from tests.reporting_given import UNIT, Case, minute
from tests.signing import bearer

PAGE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def page(client: FlaskClient, path: str, *roles: str, **who: Any) -> str:
    """A page as a signed-in person sees it."""
    reply = client.get(f"/reporting{path}", headers=PAGE | bearer(*(roles or ("director",)), **who))
    assert reply.mimetype == "text/html", reply.status
    return reply.get_data(as_text=True)


def number(page: str, name: str) -> int:
    """One of the large numbers of the board."""
    found = re.search(rf"<dt>{name}</dt><dd>(\d+)</dd>", page)
    assert found, name
    return int(found[1])


@pytest.mark.requirement("RP-40", "SU-20")
def test_the_board_shows_queues_open_sittings_and_breaches_in_live_counts(
    client: FlaskClient, room: Room
) -> None:
    before = page(client, "/board")
    room.told(Case(n=8).registered(minute(180)))
    room.watch.tick()
    after = page(client, "/board/live")

    numbers = [
        number(before, name) for name in ("在办", "待分流", "超期", "待开调解", "今日登记", "今日办结")
    ]
    assert numbers == [4, 2, 1, 1, 5, 1]
    assert (number(after, "在办"), number(after, "待分流"), number(after, "今日登记")) == (5, 3, 6)
    town = re.search(r"松岚镇</a></td>\s*<td>(\d+)</td><td>(\d+)</td><td>(\d+)</td>\s*<td[^>]*>(\d+)", before)
    assert town and town.groups() == ("1", "2", "0", "1")  # queue, open, sittings, late


def test_the_board_renews_itself_and_has_no_script_of_its_own(client: FlaskClient) -> None:
    shown = page(client, "/board")

    assert 'hx-get="/reporting/board/live?region=990101" hx-trigger="every 2s"' in shown
    assert not re.search(r"<script(?![^>]* src=)|\son\w+=|\sstyle=|javascript:", shown)


def test_clocks_run_down_soonest_first_and_late_ones_stand_apart(client: FlaskClient) -> None:
    shown = page(client, "/board")

    soon, late = shown.index("最先到期"), shown.index("已经超期")
    first = re.findall(r">(990101-2026-\d{6})</a>", shown[soon:late])
    assert first == ["990101-2026-000005", "990101-2026-000004", "990101-2026-000003", "990101-2026-000002"]
    assert re.search(r"000002</a></td>\s*<td>接件</td>", shown[late:])


def test_the_board_of_a_village_is_its_own(client: FlaskClient) -> None:
    shown = page(client, "/board", "village_secretary", region="990101102201", unit=UNIT)

    assert (number(shown, "在办"), number(shown, "今日登记")) == (2, 2)
    assert "990101-2026-000002" not in shown


def test_a_wall_screen_shows_no_protected_case(client: FlaskClient) -> None:
    assert "000005" not in page(client, "/board", "display")
    assert "000005" in page(client, "/board", "dispatcher")


@pytest.mark.requirement("XI-03")
def test_a_wall_screen_reads_figures_that_follow_what_happens(client: FlaskClient, room: Room) -> None:
    before = page(client, "/board", "display")
    room.told(Case(n=8).registered(minute(180)))
    room.watch.tick()
    after = page(client, "/board/live", "display")

    assert (number(before, "在办"), number(after, "在办")) == (3, 4)
    assert (number(before, "今日登记"), number(after, "今日登记")) == (4, 5)


def test_an_empty_board_says_so(empty: Room) -> None:
    shown = page(create_app(empty.all, empty.watch).test_client(), "/board")

    assert "还没有案件" in shown
    assert number(shown, "在办") == 0


def test_a_region_of_somebody_else_is_an_error_page(client: FlaskClient) -> None:
    reply = client.get("/reporting/board?region=990102", headers=PAGE | bearer("director"))

    assert reply.status_code == 403
    assert "不在您的辖区范围内" in reply.get_data(as_text=True)


def test_the_list_is_a_page_for_a_browser_and_json_for_a_program(client: FlaskClient) -> None:
    shown = page(client, "/cases?state=&category=contract&late=")

    assert "990101-2026-000003" in shown
    assert "990101-2026-000004" not in shown
    assert '<option value="contract" selected>' in shown
    assert client.get("/reporting/cases", headers=bearer("director")).is_json


def test_a_list_without_results_offers_the_way_back(client: FlaskClient) -> None:
    shown = page(client, "/cases?category=traffic")

    assert "没有符合条件的案件" in shown
    assert 'href="/reporting/cases">清除条件' in shown


def test_a_stranger_at_a_page_is_shown_the_way_to_sign_in(client: FlaskClient) -> None:
    reply = client.get("/reporting/cases/990101-2026-000001", headers=PAGE)

    assert reply.status_code == 302
    assert "/identity/sign-in?next=" in reply.headers["Location"]


def test_a_wrong_filter_in_the_address_is_an_error_page(client: FlaskClient) -> None:
    reply = client.get("/reporting/cases?state=nowhere", headers=PAGE | bearer("director"))

    assert (reply.status_code, reply.mimetype) == (422, "text/html")


def test_a_case_is_told_from_its_first_to_its_last_day(client: FlaskClient) -> None:
    shown = page(client, "/cases/990101-2026-000001")

    story = re.findall(r"<p>(.*?)</p>", shown[shown.index("timeline-list") :])
    assert [said[:4] for said in story[:3]] == ["来件，渠", "登记受理", "开始流转"]
    assert "县人民法院的系统已收到" in story
    assert "信访登记，申诉求决" in story
    assert "依据：" in shown


def test_a_case_that_is_not_there_is_an_error_page(client: FlaskClient) -> None:
    reply = client.get("/reporting/cases/990101-2026-000099", headers=PAGE | bearer("director"))

    assert (reply.status_code, reply.mimetype) == (404, "text/html")


def test_a_protected_case_says_that_its_category_is_not_shown(client: FlaskClient) -> None:
    assert "保密事项，不显示类别" in page(client, "/cases/990101-2026-000005")


def test_the_table_has_all_that_the_list_has_and_opens_in_a_spreadsheet(client: FlaskClient) -> None:
    reply = client.get("/reporting/cases/export.csv?department=court&open=true", headers=bearer("director"))

    text = reply.get_data().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["案件编号"], row["状态"], row["牵头单位"]) for row in rows] == [
        ("990101-2026-000003", "调解中", "县人民法院")
    ]
    assert reply.headers["Content-Disposition"] == 'attachment; filename="cases-20260907.csv"'


def test_a_table_of_many_pages_is_whole(room: Room) -> None:
    found = list(every_case(room.all, Wanted(region="990101"), at_a_time=2))

    assert [held.state.case_no[-1] for held in found] == ["5", "4", "3", "2", "1"]


def test_a_wrong_filter_of_a_table_is_refused(client: FlaskClient) -> None:
    reply = client.get("/reporting/cases/export.csv?first_day=monday", headers=bearer("director"))

    assert reply.status_code == 422


def test_a_case_that_only_intake_knows_can_be_opened(client: FlaskClient, room: Room) -> None:
    case = Case(n=7).registered()
    for body in case.of("intake", "registration", case.reg_id).bodies:
        room.worker.hear(body)

    assert "已登记待流转" in page(client, "/cases/990101-2026-000007")
