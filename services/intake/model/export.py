"""A list that is taken out of the system: asked for, allowed by another person, marked and counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

ExportState = Literal["waiting", "granted", "refused"]
PURPOSES = {
    "statistics": "统计分析",
    "superior_check": "上级检查",
    "case_review": "案卷评查",
    "handover": "工作移交",
    "audit": "审计",
}
ASKERS = (
    "director",
    "exec_deputy",
    "dispatcher",
    "clerk",
    "archive_keeper",
    "petition_officer",
    "supervisor",
)
APPROVERS = ("dpo", "director", "exec_deputy", "sec_admin")
MOST_ROWS = 5_000
MOST_TIMES = 3  # the file may be fetched so often


@dataclass(frozen=True, kw_only=True)
class Export:
    """One list: of which registrations, with or without the parties' own data, what for."""

    export_id: str
    region: str
    from_at: datetime
    until_at: datetime
    category: str
    personal: bool
    purpose: str
    asked_by: str
    asked_role: str
    asked_unit: str
    asked_at: datetime
    state: ExportState = "waiting"
    decided_by: str = ""
    decided_at: datetime | None = None
    reason: str = ""
    taken: int = 0
    rows: int = 0
