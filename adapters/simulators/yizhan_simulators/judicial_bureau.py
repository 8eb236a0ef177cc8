"""Simulator of a judicial bureau's mediation system (司法局模拟器): English names, numbers as codes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from yizhan_simulators import fate
from yizhan_simulators.ledger import Ledger, Record
from yizhan_simulators.server import Reply, Simulator

COURSES = (
    (5, ("100", "190/R1")),  # 退回：不属受案范围
    (3, ("100", "190/R2")),  # 退回：不属本辖区
    (50, ("100", "110", "200")),  # 受理，达成书面协议
    (28, ("100", "110", "120", "130", "200")),  # 另有指派、调解两步
    (5, ("100", "110", "201")),  # 口头协议
    (6, ("100", "110", "120", "130", "210")),  # 调解不成
    (3, ("100", "110", "220")),  # 只给予法律援助
)


def _apply(ledger: Ledger, words: Mapping[str, str], body: Any) -> Reply:
    """Take an application under the sender's `outerId`; the same id again gives the same application."""
    course = fate.course("judicial_bureau", body["caseNo"], COURSES)
    record, _ = ledger.take(body["outerId"], body["caseNo"], course)
    return 200, {"success": True, "result": {"applicationId": _number(record), "status": 100}}


def _application(ledger: Ledger, words: Mapping[str, str], body: Any) -> Reply:
    """An application with its records."""
    record = ledger.find(words.get("outerId", ""))
    if record is None:
        return 404, _refused("application not found")
    records = [_entry(code, at) for code, at in ledger.passed(record)]
    return 200, {"success": True, "result": {"applicationId": _number(record), "records": records}}


def _entry(code: str, at: float) -> dict[str, Any]:
    status, _, reason = code.partition("/")
    entry = {"status": int(status), "time": datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")}
    return entry | ({"backReason": reason} if reason else {})


def _number(record: Record) -> str:
    return f"SIM-{record.n:06d}"


def _refused(why: str) -> dict[str, Any]:
    return {"success": False, "error": why}


JUDICIAL_BUREAU = Simulator(
    id="judicial_bureau",
    title="司法局人民调解系统（模拟器）",
    views={
        ("POST", "/open/mediation/applications"): _apply,
        ("GET", "/open/mediation/applications"): _application,
    },
    refused=_refused,
)
