"""A case and the platforms that keep copies of it: reported as it moves, by the ledger, and by real cards."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.routing.handlers import NotGenuine, departments, reports
from services.routing.model.department_asks import Pause
from services.routing.model.report import Report, Reported, ask_id
from services.routing.rules import connection
from services.routing.store import Stores, memory_stores
from shared import ids
from shared.contracts import base, wire
from shared.contracts.edge import AnswerReceived, AnswerReported, AnswerReturned, AskReportCase
from shared.decision import Cause
from shared.errors import Refused
from shared.profile import Profile
from shared.profile.organisation import Department, Subscription
from tests import routing_given as given
from tests.platforms.town import opened
from tests.routing_town import Town
from yizhan_adapter.asks import parse

PROVINCE = "provincial_platform"


def county(**wanted: Any) -> Profile:
    """The county with a platform that subscribes."""
    before = given.county()
    platform = Department(
        id=PROVINCE, name="全省人民调解平台", kind="platform", region="990101", window=2,
        types=("ask.report_case.v1",), adapter=True, reports=Subscription(**wanted),
    )  # fmt: skip
    return replace(before, departments=(*before.departments, platform))


def town(copies: int = 1, shuffle: int | None = None, **wanted: Any) -> Town:
    return Town(stores=memory_stores(county(**wanted)), copies=copies, shuffle=shuffle)


def pass_(place: Town, **length: float) -> None:
    """Let time pass; mailboxes of platforms are filled too."""
    place.pass_(**length)
    for _ in range(2):
        reports.dispatch(place.stores, place.now)
        place.settle()


def report(stores: Stores) -> Report:
    (held,) = stores.reports.all()  # type: ignore[attr-defined]
    state: Report = held.state
    return state


def asks(place: Town) -> list[AskReportCase]:
    found = [wire.read(event) for event in place.asks(PROVINCE)]
    return [ask for ask in found if isinstance(ask, AskReportCase)]


def numbered(number: int) -> dict[str, str]:
    return {
        "reg_id": ids.derived("reg", str(number)),
        "case_id": ids.derived("case", str(number)),
        "case_no": f"990101-2026-{number + 1:06d}",
    }


def answer(place: Town, told: Any, revision: int) -> None:
    place.answer(PROVINCE, told, cause=ask_id(told.delivery_id, revision))


@pytest.mark.requirement("MD-26")
def test_a_registered_case_is_reported_and_its_receipt_kept() -> None:
    place = town()
    place.register()
    pass_(place, seconds=1)
    (ask,) = asks(place)
    assert (ask.revision, ask.state) == (1, "registered")

    answer(place, AnswerReceived(delivery_id=ask.delivery_id), 1)
    assert report(place.stores).stage is Reported.RECEIVED
    answer(
        place, AnswerReported(delivery_id=ask.delivery_id, receipt_hash="ab" * 32, reported_at=place.now), 1
    )

    kept = report(place.stores)
    assert kept.stage is Reported.TAKEN and kept.receipt_hash == "ab" * 32


@pytest.mark.parametrize(("copies", "shuffle"), [(1, None), (2, 7)])
def test_every_change_is_reported_once_and_the_last_revision_is_the_case_as_it_is(
    copies: int, shuffle: int | None
) -> None:
    place = town(copies, shuffle)
    id = place.register()
    pass_(place, seconds=1)

    place.order(id, "triage", "dispatcher", given.sorting())
    pass_(place, seconds=1)

    assert asks(place)[-1].state == place.case(id).state.value
    assert sorted({ask.revision for ask in asks(place)}) == list(range(1, report(place.stores).revision + 1))


@pytest.mark.requirement("MD-26")
def test_what_the_platform_refuses_is_kept_with_its_reason_and_the_case_goes_on() -> None:
    place = town()
    id = place.register()
    pass_(place, seconds=1)

    answer(place, AnswerReturned(delivery_id=asks(place)[0].delivery_id, reason="wrong_region"), 1)

    assert report(place.stores).refused_reason == "wrong_region"
    assert place.case(id).state.value == "registered"


def test_a_mailbox_holds_no_more_than_its_window() -> None:
    place = town()
    for number in range(3):
        place.register(**numbered(number))
    pass_(place, seconds=1)
    assert len(asks(place)) == 2

    answer(place, AnswerReceived(delivery_id=asks(place)[0].delivery_id), 1)
    pass_(place, seconds=1)

    assert len(asks(place)) == 3


def test_a_report_that_nobody_stored_for_a_day_is_sent_again_under_the_same_id() -> None:
    place = town()
    place.register()
    pass_(place, seconds=1)

    pass_(place, days=1)

    first, second = place.asks(PROVINCE)
    assert first.id == second.id
    assert report(place.stores).sent_n == 2


def test_a_county_without_platforms_reports_nothing() -> None:
    place = Town()
    place.register()
    pass_(place, seconds=1)

    assert place.stores.reports.all() == []  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "wanted", [{"matter_types": ("petition",)}, {"channels": ("hotline12345",)}], ids=["matter", "channel"]
)
def test_a_platform_gets_only_what_it_subscribed_to(wanted: dict[str, Any]) -> None:
    place = town(**wanted)
    place.register()
    pass_(place, seconds=1)

    assert asks(place) == []


def test_a_protected_case_is_reported_to_nobody() -> None:
    place = town()
    place.register(protected=True, category=None)
    pass_(place, seconds=1)

    assert asks(place) == []


def test_an_answer_to_an_older_revision_changes_nothing() -> None:
    place = town()
    case = place.register()
    pass_(place, seconds=1)
    id = asks(place)[0].delivery_id
    place.order(case, "triage", "dispatcher", given.sorting())
    pass_(place, seconds=1)

    answer(place, AnswerReported(delivery_id=id, reported_at=place.now), 1)

    assert report(place.stores).stage is Reported.SENT


def test_an_answer_that_names_no_ask_of_ours_is_refused_and_written_down() -> None:
    place = town()
    place.register()
    pass_(place, seconds=1)

    with pytest.raises(NotGenuine, match="foreign_cause"):
        answer(place, AnswerReceived(delivery_id=asks(place)[0].delivery_id), 5)

    assert report(place.stores).stage is Reported.SENT
    last = place.stores.audit.last()
    assert last is not None and last.result == "foreign_cause"


def test_a_platform_that_rests_is_sent_nothing_until_its_rest_is_over_by_itself() -> None:
    place = town()
    departments.declare(place.stores, place.now)
    until = place.now + timedelta(hours=2)
    ask = Pause(reason="maintenance", until=until)
    director = Cause(at=place.now, actor=given.by("director").actor)
    departments.change(place.stores, PROVINCE, director, lambda found, by: connection.suspend(found, ask, by))

    place.register()
    pass_(place, minutes=30)
    departments.awaken(place.stores, place.now)
    resting = asks(place)
    place.now = until
    departments.awaken(place.stores, place.now)
    pass_(place, seconds=1)

    assert resting == [] and len(asks(place)) == 1
    told = [event.name for event in place.bus.told if event.name.startswith("department.")]
    assert told[-2:] == ["department.suspended", "department.resumed"]


def test_a_rest_that_would_be_over_before_it_begins_is_refused() -> None:
    place = town()
    departments.declare(place.stores, place.now)
    ask = Pause(reason="maintenance", until=place.now)
    cause = Cause(at=place.now, actor=given.by("director").actor)

    with pytest.raises(Refused, match="晚于现在"):
        departments.change(
            place.stores, PROVINCE, cause, lambda found, by: connection.suspend(found, ask, by)
        )


@pytest.mark.requirement("XI-10")
def test_what_routing_asks_is_what_the_adapter_reads_and_the_platform_takes(tmp_path: Path) -> None:
    place = town()
    place.register()
    pass_(place, seconds=1)
    body = place.bus.mailboxes[PROVINCE][0]

    for province in opened(PROVINCE, tmp_path):
        ask = parse(body)
        province.store.keep(ask, body, place.now)
        province.at = (place.now + timedelta(days=365)).timestamp()
        province.desk.round(province.at)

        assert province.said() == ["reported"]
        assert [row["ajh"] for row in province.kept()] == [ask.case_no]
        for letter in province.store.outgoing():
            place.bus.reply(PROVINCE, letter.body)
    place.settle()

    assert report(place.stores).stage is Reported.TAKEN
    assert base.dump(asks(place)[0])["delivery_id"] == ask.delivery_id
