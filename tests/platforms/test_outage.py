"""A platform that is down, slow, forgetful, changed: nothing lost, nothing twice, differences named."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.platforms.town import Place, a_report
from tests.toys.adapters import ask_body
from yizhan_adapter import OfficeDown, TryLater, UnknownCode
from yizhan_adapter.asks import parse

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.mark.requirement("XI-10", "MD-26")
def test_after_a_day_without_the_province_there_are_no_differences(province: Place) -> None:
    province.disturb(down=True)
    province.tell(range(1, 41))
    province.pass_(MINUTE, DAY)
    assert province.kept() == [] and province.said() == []
    with pytest.raises(OfficeDown):
        province.compare()

    province.disturb()
    province.pass_(MINUTE, timedelta(minutes=10))

    assert len(province.kept()) == 40
    assert province.said() == ["reported"] * 40
    assert province.compare() == []


def test_only_the_newest_report_of_a_case_counts_after_an_outage(province: Place) -> None:
    province.disturb(down=True)
    for revision, state in enumerate(("registered", "handling", "resolved"), 1):
        province.tell([1], revision=revision, state=state)
    province.pass_(MINUTE, DAY)

    province.disturb()
    province.pass_(MINUTE, timedelta(minutes=5))

    assert [body["zt"] for body in province.kept()] == ["40"]
    assert province.compare() == []


def test_an_older_report_never_overwrites_a_newer_one(province: Place) -> None:
    province.tell([1], revision=2, state="resolved")
    province.pass_(MINUTE)

    province.tell([1], revision=1, state="handling")
    province.pass_(MINUTE)

    assert [body["zt"] for body in province.kept()] == ["40"]
    assert province.said() == ["reported", "reported"]


def test_a_reply_that_was_lost_makes_no_second_record(place: Place) -> None:
    more = fitting(place)
    place.disturb(next=1, status=500, after=True)
    place.tell([1], **more)

    place.pass_(MINUTE, timedelta(minutes=5))

    assert len(place.kept()) == 1
    assert place.said() == ["reported"]
    assert place.compare() == []


def test_an_answer_of_500_is_tried_again(place: Place) -> None:
    more = fitting(place)
    place.disturb(next=3, status=500)
    place.tell([1, 2], **more)

    place.pass_(timedelta(seconds=10), timedelta(minutes=10))

    assert place.said() == ["reported", "reported"]
    assert place.compare() == []


def test_a_slow_platform_is_down_for_us_and_tried_again(province: Place) -> None:
    province.platform.office.timeout = 0.2
    province.disturb(next=1_000, hang_s=0.5)
    with pytest.raises(TryLater):
        province.platform.handle(a_report())

    province.disturb()
    province.tell([1])
    province.pass_(MINUTE)

    assert province.said() == ["reported"]


@pytest.mark.requirement("XI-10")
def test_a_record_that_was_there_already_is_found_and_not_sent(province: Place) -> None:
    kind = province.platform.card.kinds["case"]
    record = kind.record(province.platform.facts(a_report()))
    province.storage.put(province.path, record.id, dict(record.body))

    province.platform.handle(a_report())

    row = province.book.rows()[0]
    assert row.settled and row.receipt == "MNSTJ00000001"
    assert province.compare() == []


def test_a_record_known_to_be_there_is_not_sent_again(province: Place) -> None:
    province.platform.handle(a_report())
    province.disturb(down=True)

    province.platform.handle(a_report())

    assert len(province.kept()) == 1


def test_a_changed_code_waits_for_a_person_and_is_taken_up_when_it_is_known(province: Place) -> None:
    province.disturb(recode="7777")
    province.tell([1])
    province.pass_(MINUTE)
    stuck = province.store.unfinished()[0]
    assert stuck.state == "stuck" and "7777" in stuck.error

    province.disturb()
    province.store.retry()
    province.pass_(MINUTE)

    assert province.said() == ["reported"] and province.compare() == []


@pytest.mark.requirement("MD-26")
def test_a_refused_record_keeps_the_platforms_reason_and_the_case_goes_on(province: Place) -> None:
    province.tell([1], region="110101101")
    province.tell([2])

    province.pass_(MINUTE)

    assert sorted(province.said()) == ["reported", "returned"]
    assert [str(one).split(" ", 2)[2] for one in province.compare()] == ["missing_there 4003"]


def test_an_unknown_value_of_ours_is_an_error_with_its_reason(province: Place) -> None:
    with pytest.raises(UnknownCode, match="category 'moon_landing' has no value in the table of jflx"):
        province.platform.handle(a_report(category="moon_landing"))

    assert province.kept() == []


@pytest.mark.requirement("XI-10")
def test_each_planted_difference_is_named(province: Place) -> None:
    province.tell(range(1, 6))
    province.pass_(MINUTE)
    id = {number: a_report(number).case_id for number in range(1, 6)}
    province.post("/plant", {"path": province.path, "key": id[1]})
    province.post("/plant", {"path": province.path, "key": id[2], "change": {"zt": "50", "jflx": "99"}})
    province.disturb(twice=1)
    province.post(province.path, province.kept()[1])
    province.post(province.path, {**province.kept()[0], "wbbh": "not-ours"})

    found = {(one.id, one.what): one.detail for one in province.compare()}

    assert found == {
        (id[1], "missing_there"): (),
        (id[2], "differs"): ("jflx", "zt"),
        (id[3], "twice_there"): ("2",),
        ("not-ours", "missing_here"): (),
    }


def test_what_differed_is_sent_again_and_agrees_the_next_day(province: Place) -> None:
    province.tell(range(1, 4))
    province.pass_(MINUTE)
    for number, change in ((1, None), (2, {"zt": "50"})):
        province.post("/plant", {"path": province.path, "key": a_report(number).case_id, "change": change})
    assert len(province.compare()) == 2

    province.pass_(MINUTE)

    assert province.compare() == []
    assert province.said() == ["reported"] * 3


def test_a_platform_handles_no_cases(province: Place) -> None:
    answer = province.platform.handle(parse(ask_body(department="provincial_platform")))

    assert str(answer) == "Returned(reason='not_competent')"


def fitting(place: Place) -> dict[str, str]:
    """What makes the sample one of those this platform gets."""
    if place.id == "petition_system":
        return {"matter_type": "petition"}
    if place.id == "hotline12345":
        place.book.take("WO1", 1, case_id=a_report(1).case_id, case_no="990101-2026-000001")
        place.book.take("WO2", 2, case_id=a_report(2).case_id, case_no="990101-2026-000002")
        return {"state": "resolved", "outcome": "settled"}
    return {}
