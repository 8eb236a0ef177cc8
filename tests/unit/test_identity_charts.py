"""Charts from the county file: what is written there is what hangs on the wall."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.identity.rules.charts import charts, in_words
from shared.profile import Profile, load
from tests.api.identity_house import House
from tests.signing import bearer, secrets_folder

COUNTY = load(Path("profiles/xx-county.yaml"))


def with_limit(kind: str, length: timedelta) -> Profile:
    return replace(COUNTY, limits={**COUNTY.limits, kind: replace(COUNTY.limits[kind], length=length)})


@pytest.mark.requirement("XF-03")
def test_duties_and_both_charts_print_from_the_profile_in_force() -> None:
    secrets_folder()
    page: Any = House().client().get("/identity/charts", headers=bearer("display")).text
    changed = charts(with_limit("pickup", timedelta(hours=2)))

    assert all(
        said in page
        for said in ("统筹协调第一责任人", "值班 1 小时", "一般：3 天", "疑难：30 天", "xx-county@1")
    )
    assert [page.index(title) for title in ("登记受理", "分类", "交办", "接件", "办结归档")] == sorted(
        page.index(title) for title in ("登记受理", "分类", "交办", "接件", "办结归档")
    )
    assert [box.title for box in changed.up] == ["村（社区）", "乡镇（街道）", "县", "县领导包案"]
    (taken,) = [box for box in changed.way if box.title == "接件"]
    assert taken.notes == ("值班 2 小时",)
    assert "跨区域" in changed.up[1].notes[0]


@pytest.mark.requirement("XO-18")
def test_the_six_principles_are_text_and_nothing_else() -> None:
    principles = charts(COUNTY).principles
    without = charts(replace(COUNTY, labels={}))

    assert principles == ("党委领导", "政府主导", "综治协调", "多方参与", "司法推动", "法治保障")
    assert without.principles == ()
    assert (without.duties, without.way, without.up) == (
        charts(COUNTY).duties, charts(COUNTY).way, charts(COUNTY).up,
    )  # fmt: skip


def test_a_limit_is_said_as_people_say_it() -> None:
    limits = COUNTY.limits

    assert [in_words(limits[kind]) for kind in ("simple", "close", "onsite_arrive")] == [
        "当日", "2 工作日", "30 分钟",
    ]  # fmt: skip
