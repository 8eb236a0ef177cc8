"""Simulator of a court's mediation platform (法院调解平台模拟器): pinyin initials, codes of two digits."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from yizhan_simulators import fate
from yizhan_simulators.ledger import Ledger, Record
from yizhan_simulators.server import Reply, Simulator

COURSES = (
    (8, ("01", "21")),  # 不予受理
    (50, ("01", "10", "90")),  # 受理，调解成功
    (30, ("01", "10", "31", "32", "90")),  # 另有指派调解员、排期两步
    (6, ("01", "10", "31", "92")),  # 调解不成
    (6, ("01", "10", "93")),  # 转立案
)


def _take(ledger: Ledger, words: Mapping[str, str], body: Any) -> Reply:
    """Take a case in under the sender's number `wbbh`; the same number again gives the same record."""
    course = fate.course("court", body["lyah"], COURSES)
    record, _ = ledger.take(body["wbbh"], body["lyah"], course)
    return 200, {"code": "0", "msg": "成功", "data": {"tjbh": _number(record), "clzt": course[0]}}


def _steps(ledger: Ledger, words: Mapping[str, str], body: Any) -> Reply:
    """What happened to a case so far."""
    record = ledger.find(words["wbbh"])
    if record is None:
        return 404, _refused("无此外部编号")
    steps = [{"clzt": code, "clsj": _when(at)} for code, at in ledger.passed(record)]
    return 200, {"code": "0", "msg": "成功", "data": {"tjbh": _number(record), "lc": steps}}


def _number(record: Record) -> str:
    return f"(模拟)诉前调{record.n:06d}号"


def _when(at: float) -> str:
    return time.strftime("%Y%m%d%H%M%S", time.gmtime(at + 8 * 3_600))


def _refused(why: str) -> dict[str, str]:
    return {"code": "4000", "msg": why}


COURT = Simulator(
    id="court",
    title="法院调解平台（模拟器）",
    views={("POST", "/tjpt/v1/ajxx"): _take, ("GET", r"/tjpt/v1/ajxx/(?P<wbbh>[^/]+)/lc"): _steps},
    refused=_refused,
)
