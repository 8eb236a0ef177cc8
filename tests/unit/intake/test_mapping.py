"""Column mappings: how a row of theirs becomes a body of ours."""

from __future__ import annotations

from typing import Any

import pytest

from services.intake.rules.mapping import Fault, body, parsed
from shared.errors import Refused
from shared.tables import Row, Table

WORDS = {"邻里纠纷": "neighbour", "邻里": "neighbour"}


def made(columns: dict[str, Any], row: dict[str, Any], **more: Any) -> tuple[dict[str, Any], list[Fault]]:
    table = Table(header=tuple(row), rows=())
    mapping = parsed({"columns": columns} | more)
    return body(mapping, table, Row(number=2, cells=tuple(row.values())), words=WORDS, region="990101")


def test_people_become_parties_and_what_is_empty_is_left_out() -> None:
    columns = {
        "applicant.name": {"sources": ["姓名"]},
        "applicant.phone": {"sources": ["电话"]},
        "respondent.name": {"sources": ["对方"]},
        "summary": "内容",
    }

    found, faults = made(columns, {"姓名": "甲", "电话": 13800130000.0, "对方": "", "内容": "墙"})

    assert found == {
        "summary": "墙",
        "region": "990101",
        "parties": [{"role": "applicant", "name": "甲", "phone": "13800130000"}],
    }
    assert faults == []


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("2026/1/12 09:48:00", "2026-01-12T01:48:00+00:00"),
        ("2026-01-12 09:48", "2026-01-12T01:48:00+00:00"),
        ("2026年1月12日 9:48", "2026-01-12T01:48:00+00:00"),
        ("2026.01.12 09:48", "2026-01-12T01:48:00+00:00"),
        ("2026/1/12", "2026-01-11T16:00:00+00:00"),
        ("2026-01-12T09:48:00+00:00", "2026-01-12T09:48:00+00:00"),
        ("12-Jan-26", "2026-01-11T16:00:00+00:00"),
    ],
)
def test_dates_come_in_many_ways_of_writing(given: str, wanted: str) -> None:
    found, _ = made({"received_at": "时间"}, {"时间": given}, dates=["%d-%b-%y"])

    assert found["received_at"] == wanted


def test_a_value_is_translated_and_everything_else_has_its_own_line() -> None:
    columns = {"matter_type": {"sources": ["类型"], "values": {"咨询": "consult", "*": "unclassified"}}}

    assert made(columns, {"类型": "咨询"})[0]["matter_type"] == "consult"
    assert made(columns, {"类型": "表扬"})[0]["matter_type"] == "unclassified"


def test_a_category_may_be_called_by_its_name_or_alias() -> None:
    assert made({"category": "分类"}, {"分类": "邻里"})[0]["category"] == "neighbour"


def test_lists_come_as_lists_or_are_split() -> None:
    columns = {"requests": {"sources": ["诉求"], "separator": "；"}}

    assert made(columns, {"诉求": "退款；道歉；"})[0]["requests"] == ["退款", "道歉"]
    assert made(columns, {"诉求": ["退款", "道歉"]})[0]["requests"] == ["退款", "道歉"]


def test_several_columns_are_joined_and_a_constant_stands_where_they_are_empty() -> None:
    columns = {"summary": {"sources": ["起因", "经过"], "joiner": "。"}, "channel": {"constant": "platform"}}

    found, _ = made(columns, {"起因": "墙", "经过": "挪了"})

    assert (found["summary"], found["channel"]) == ("墙。挪了", "platform")


@pytest.mark.parametrize(
    ("target", "given", "sentence"),
    [
        ("received_at", "13月45日", "时间读不出来：13月45日"),
        ("persons_involved", "很多", "应为数字：很多"),
        ("persons_involved", "--3", "应为数字：--3"),
        ("emergency", "也许", "应为是或否：也许"),
    ],
)
def test_what_cannot_be_read_is_said_in_the_words_of_the_file(target: str, given: str, sentence: str) -> None:
    _, faults = made({target: {"sources": ["某列"]}}, {"某列": given})

    assert [str(fault) for fault in faults] == [f"某列：{sentence}"]


def test_a_value_that_the_mapping_does_not_know_is_a_fault() -> None:
    _, faults = made({"category": {"sources": ["分类"], "values": {"墙": "neighbour"}}}, {"分类": "天上"})

    assert str(faults[0]) == "分类：对照表里没有“天上”"


@pytest.mark.parametrize("given", [("6人", 6), ("6", 6), (6.0, 6), ("", None), ("-1", -1)])
def test_numbers_come_with_and_without_their_word(given: tuple[Any, Any]) -> None:
    assert made({"persons_involved": "人数"}, {"人数": given[0]})[0].get("persons_involved") == given[1]


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {"columns": []},
        {"columns": {"salary": "工资"}},
        {"columns": {"summary": {"from": "内容"}}},
        {"columns": {"summary": 3}},
    ],
)
def test_a_mapping_that_does_not_hold_is_refused(data: Any) -> None:
    with pytest.raises(Refused) as refused:
        parsed(data)

    assert refused.value.code == "bad_mapping"
