"""The first screens as people meet them: signing in, the command room, the cases, the resident's question."""

from __future__ import annotations

import time
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from deploy.local.demo.cast import Cast, Person, nobody
from deploy.local.demo.web import Refusal, Web
from deploy.local.home import Home
from deploy.local.state import State
from services.identity.handlers.access import REFUSED
from services.intake.rules.standing import WORDS
from tests.browser.conftest import Visit

VILLAGE = "990101101201"
PHONE, TAIL, WRONG_TAIL = "13800138000", "8000", "1234"
WRONG_PAIR = "查询码或手机号后四位不对，请核对后再查"
ARRIVAL = 60.0  # seconds for a message to arrive on a busy machine
MOST_STOPS = 60  # of the Tab key on one page


class Centre:
    """The county centre's people, who work through public HTTP while somebody looks at the screens."""

    def __init__(self, base: str, home: Home) -> None:
        self.web = Web(base)
        self.cast = Cast(self.web, home.secrets)

    def director(self) -> Person:
        """Who looks at the screens."""
        self.cast.county_post("director")
        return self.cast.people["director.county"]

    def register(self, summary: str) -> dict[str, Any]:
        """A matter brought to the window; ends when routing knows it too."""
        parties = [{"role": "applicant", "name": "甲某某", "phone": PHONE}]
        body = {"channel": "window", "region": VILLAGE, "matter_type": "dispute", "category": "neighbour"}
        clerk = self.cast.county_post("clerk")
        made: dict[str, Any] = self.web.post(
            "/intake/registrations", clerk, body | {"summary": summary, "parties": parties}
        )
        self._await_case(made["case_id"])
        return made

    def _await_case(self, case_id: str) -> None:
        until = time.monotonic() + ARRIVAL
        while True:
            try:
                self.web.get(f"/routing/cases/{case_id}", self.cast.county_post("dispatcher"))
                return
            except Refusal as missing:
                if missing.status != 404 or time.monotonic() > until:
                    raise
            time.sleep(0.1)

    def triage(self, case_id: str) -> None:
        """Sort it."""
        self._order(
            case_id,
            "triage",
            matter_type="dispute",
            category="neighbour",
            tier="county",
            complexity="general",
            willingness="both",
            harm_reported=True,
            suggestion_used=False,
        )

    def assign(self, case_id: str) -> None:
        """Give it to the centre itself."""
        self._order(case_id, "assign", lead_unit="centre_county", reason="dispatcher_decides")

    def _order(self, case_id: str, command: str, **body: Any) -> None:
        self.web.post(f"/routing/cases/{case_id}/{command}", self.cast.county_post("dispatcher"), body)

    def await_standing(self, code: str, state: str) -> None:
        """Until intake has heard of it; few looks, for residents' questions are counted."""
        pair = {"query_code": code, "phone_tail": TAIL}
        for _ in range(5):
            if self.web.post("/intake/query", nobody, pair)["state"] == state:
                return
            time.sleep(3)
        raise AssertionError(f"a resident is not told {state}")


@pytest.fixture
def centre(suite: State, home: Home) -> Centre:
    return Centre(suite.url, home)


@pytest.mark.requirement("XF-14")
def test_people_walk_the_first_screens(visit: Visit, centre: Centre) -> None:
    waiting, sorted_, given = (centre.register(words) for words in ("院墙挪了", "水沟堵了", "树枝过界"))
    for matter in (sorted_, given):
        centre.triage(matter["case_id"])
    centre.assign(given["case_id"])

    sign_in(visit, centre.director())
    board_renews_itself(visit, centre)
    cases_and_one_story(visit, [waiting["case_no"], sorted_["case_no"]], given["case_no"])
    sign_out(visit)
    resident_asks(visit, centre, given)

    assert visit.strangers == []
    assert visit.complaints == []  # a breach of the content security policy is one of them


def sign_in(visit: Visit, person: Person) -> None:
    """With the keyboard alone: first with a wrong password, then with the right one."""
    page = visit.page
    visit.refusals.add("/identity/sign-in")
    page.goto("/reporting/board")
    expect(page.get_by_label("用户名")).to_be_focused()
    visit.keep("sign-in")
    page.keyboard.type(person.username)
    page.keyboard.press("Tab")
    page.keyboard.type("wrong-" + person.password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text(REFUSED)
    expect(page.get_by_label("密码")).to_be_focused()
    visit.keep("sign-in-refused")
    page.keyboard.type(person.password)
    page.keyboard.press("Enter")
    expect(page).to_have_url("/reporting/board")


def board_renews_itself(visit: Visit, centre: Centre) -> None:
    """Cases by state; another matter is counted without anybody touching the page."""
    page = visit.page
    for state in ("待分类", "待交办", "待接件"):
        expect(of_state(page, state)).to_have_text("1")
    page.evaluate("document.body.dataset.untouched = 'yes'")
    visit.keep("board")
    centre.register("夜里太吵")
    expect(of_state(page, "待分类")).to_have_text("2")
    expect(page.locator("body[data-untouched=yes]")).to_be_visible()
    visit.keep("board-renewed")


def of_state(page: Page, state: str) -> Locator:
    """The count beside a state."""
    states = page.get_by_role("region", name="按状态").get_by_role("listitem")
    return states.filter(has_text=state).locator("b")


def cases_and_one_story(visit: Visit, others: list[str], case_no: str) -> None:
    """The list has every case; a case tells its story."""
    page = visit.page
    page.get_by_role("link", name="案件", exact=True).click()
    for known in (*others, case_no):
        expect(page.get_by_role("link", name=known)).to_be_visible()
    visit.keep("cases")
    page.get_by_role("link", name=case_no).click()
    expect(page.get_by_role("heading", name=case_no)).to_be_visible()
    story = page.get_by_role("region", name="经过").get_by_role("listitem")
    for step in ("来件", "登记受理", "分类为一般事项", "交办给"):
        expect(story.filter(has_text=step).first).to_be_visible()
    visit.keep("case")


def sign_out(visit: Visit) -> None:
    """With the keyboard; afterwards the board asks who is there."""
    page = visit.page
    button = page.get_by_role("button", name="退出")
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if button.evaluate("element => element === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="工作人员登录")).to_be_visible()
    page.goto("/reporting/board")
    expect(page.get_by_role("heading", name="工作人员登录")).to_be_visible()


def resident_asks(visit: Visit, centre: Centre, matter: dict[str, Any]) -> None:
    """The right pair shows how the matter stands, a wrong pair one sentence and nothing else."""
    centre.await_standing(matter["query_code"], "assigned")
    visit.refusals.add("/intake/query/form")
    page = visit.page
    page.get_by_role("link", name="查询页面").click()
    visit.keep("query")
    ask(page, matter["query_code"], TAIL)
    standing = page.get_by_role("region", name="办理情况")
    expect(standing).to_contain_text(matter["case_no"])
    expect(standing).to_contain_text(WORDS["assigned"][0])
    expect(standing).to_contain_text("24:00 前办结")  # not 00:00 of the day after
    visit.keep("query-right")
    ask(page, matter["query_code"], WRONG_TAIL)
    expect(page.get_by_role("alert")).to_have_text(WRONG_PAIR)
    expect(standing).to_have_count(0)
    page.set_viewport_size({"width": 390, "height": 844})
    visit.keep("query-wrong-on-a-phone")


def ask(page: Page, code: str, tail: str) -> None:
    """Fill the form and send it."""
    page.get_by_label("查询码").fill(code)
    page.get_by_label("手机号后四位").fill(tail)
    page.get_by_role("button", name="查询").click()
