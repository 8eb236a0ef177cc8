"""Simulator of a system as a new plug-in expects it (通用模拟器): plain words, codes of two digits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yizhan_simulators import fate
from yizhan_simulators.ledger import Ledger
from yizhan_simulators.server import Reply, Simulator

COURSES = (
    (8, ("00", "21")),  # 不属于本部门职责
    (55, ("00", "10", "90")),  # 受理，达成书面协议
    (30, ("00", "10", "30", "91")),  # 到现场，作出行政处理
    (7, ("00", "10", "92")),  # 调解不成
)


def _take(ledger: Ledger, words: Mapping[str, str], body: Any) -> Reply:
    """Take a case in under the sender's number `ref`; the same number again gives the same record."""
    course = fate.course("plain", body["case_no"], COURSES)
    ledger.take(body["ref"], body["case_no"], course)
    return 200, {"ref": body["ref"], "status": course[0]}


def _steps(ledger: Ledger, words: Mapping[str, str], body: Any) -> Reply:
    """What happened to a case so far."""
    record = ledger.find(words["ref"])
    if record is None:
        return 404, _refused("no such case")
    return 200, {"ref": record.reference, "steps": [{"status": code} for code, _ in ledger.passed(record)]}


def _refused(why: str) -> dict[str, str]:
    return {"error": why}


PLAIN = Simulator(
    id="plain",
    title="通用业务系统（模拟器）",
    views={("POST", "/cases"): _take, ("GET", r"/cases/(?P<ref>[^/]+)"): _steps},
    refused=_refused,
)
