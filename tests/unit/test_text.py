"""Texts from people, scanners and copied pages are compared in one way of writing."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as some

from shared.text import fold, letters, simplified


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("老闆拖欠工資，鄰居圍牆漏水", "老板拖欠工资,邻居围墙漏水"),
        ("拖 欠\t工\n资", "拖欠工资"),
        ("\ufeff\u200b拖欠\u00ad工资\u3000三个月", "拖欠工资三个月"),
        ("⻋主与⺠⼯、⻓期不发⼯资", "车主与民工、长期不发工资"),
        ("2O19年１２月，每月2l00元", "2019年12月,每月2100元"),
        ("太吵了！！！！怎么办？？", "太吵了!怎么办?"),
        ("WiFi  网速  慢 use VPN please", "wifi网速慢use vpn please"),
        ("您好：_x000D_\r\n_x000d_路灯坏了_x000D_", "您好:路灯坏了"),
        ("", ""),
        (" \t\r\n ", ""),
    ],
)
def test_one_text_written_in_many_ways_is_folded_to_one(written: str, folded: str) -> None:
    assert fold(written) == folded


def test_only_what_is_read_aloud_remains_of_letters() -> None:
    assert letters("【求助】路灯😀不亮——第 3 天了！") == "求助路灯不亮第3天了"


def test_a_text_in_traditional_script_is_read_like_one_in_simplified() -> None:
    assert simplified("拖欠工資、討薪") == "拖欠工资、讨薪"


@given(some.text(alphabet=some.characters(), max_size=80))
def test_no_text_whatever_is_too_strange_to_fold(text: str) -> None:
    folded = fold(text)

    assert "\t" not in folded and "  " not in folded
    assert letters(text).strip() == letters(text)


def test_a_text_of_a_million_characters_is_folded_in_a_moment() -> None:
    began = time.perf_counter()

    assert len(fold("噪音 擾民，" * 200_000)) == 1_000_000
    assert time.perf_counter() - began < 5
