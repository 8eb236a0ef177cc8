"""People are taken out of a text before anything is learned or suggested from it (DOMAIN 3.9)."""

from __future__ import annotations

import pytest

from services.intake.rules.triage.persons import unnamed
from shared.text import fold


@pytest.mark.parametrize(
    ("written", "gone"),
    [
        ("我叫赵铁柱，老板拖欠工资", "赵铁柱"),
        ("联系人：钱多多，电话13800130000", "钱多多"),
        ("原告欧阳小明与被告孙大圣签订合同，孙大圣没有付款", "孙大圣"),
        ("邻居王大爷把水沟堵了", "王大爷"),
        ("李x0驾驶浙A12345小型轿车", "浙a12345"),
        ("身份证11010519491231002X，邮箱a.b@example.com", "11010519491231002"),
        ("身份证11010519491231002X，邮箱a.b@example.com", "example"),
        ("陈某某与林某甲发生争执", "陈某"),
        ("张三丰医生误诊", "张三丰"),
    ],
)
def test_names_numbers_and_addresses_of_mail_go(written: str, gone: str) -> None:
    assert gone not in unnamed(fold(written))


def test_known_names_of_the_parties_go_wherever_they_stand() -> None:
    assert unnamed(fold("水沟被诸葛亮堵了，找诸葛亮不理"), ("诸葛亮",)) == "水沟被堵了,找不理"


@pytest.mark.parametrize(
    "kept", ["高中老师有偿补课", "方便群众办事", "马路上的路灯不亮", "工程款付清", "安置房质量"]
)
def test_words_that_only_look_like_names_stay(kept: str) -> None:
    assert unnamed(fold(kept)) == kept


def test_two_texts_that_differ_only_in_people_and_figures_read_the_same() -> None:
    one = unnamed(fold("我叫赵铁柱，老板欠我工资12000元，电话13800130000"))
    other = unnamed(fold("我叫钱多多，老板欠我工资800元，电话13900139000"))

    assert one == other
