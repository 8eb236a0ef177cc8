"""Simulator of a police linkage desk (警调联动模拟器): capital initials, letter codes, quick answers."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from yizhan_simulators import fate
from yizhan_simulators.ledger import Ledger, Record
from yizhan_simulators.server import Reply, Simulator

COURSES = (
    (8, ("BSGX",)),  # 不属管辖
    (50, ("YQS", "TJCG")),  # 签收，调解成功
    (30, ("YQS", "CJZ", "XCTJ", "TJCG")),  # 另有出警、现场调解两步
    (6, ("YQS", "CJZ", "XZCL")),  # 行政处理
    (6, ("YQS", "YSFY")),  # 引导诉讼
)


def _sign(ledger: Ledger, words: Mapping[str, str], body: Any) -> Reply:
    """Sign for a sheet under the sender's number `LYDH`; the same number again gives the same sheet."""
    course = fate.course("police", body["AJBH"], COURSES)
    record, new = ledger.take(body["LYDH"], body["AJBH"], course)
    return 201 if new else 200, {"CJDBH": _number(record), "ZT": course[0]}


def _sheet(ledger: Ledger, words: Mapping[str, str], body: Any) -> Reply:
    """A sheet with its record of what was done."""
    record = ledger.find(words["LYDH"])
    if record is None:
        return 404, _refused("查无此单")
    done = [{"ZT": code, "SJ": _when(at)} for code, at in ledger.passed(record)]
    return 200, {"CJDBH": _number(record), "ZT": done[-1]["ZT"], "GCJL": done}


def _number(record: Record) -> str:
    return f"MN{record.n:08d}"


def _when(at: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(at + 8 * 3_600))


def _refused(why: str) -> dict[str, str]:
    return {"CWM": "E400", "CWXX": why}


POLICE = Simulator(
    id="police",
    title="公安警调联动（模拟器）",
    views={("POST", "/jtld/cjd"): _sign, ("GET", r"/jtld/cjd/(?P<LYDH>[^/]+)"): _sheet},
    refused=_refused,
)
