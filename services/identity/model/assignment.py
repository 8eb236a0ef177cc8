"""A task or a note of guidance from a higher body to a lower one, with an owner and a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Kind = Literal["task", "guidance"]  # 交办任务 | 指导意见
GIVERS = (
    "director", "exec_deputy", "deputy_fulltime", "leader", "principal_leader", "deputy_leader",
    "political_legal_commissioner", "supervisor",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """What was given to a unit, by when it is to be done, and what became of it. The text is sealed."""

    kind: Kind
    from_unit: str
    unit: str
    region: str
    text: bytes
    given_at: datetime
    due_on: str = ""
    owner: str = ""  # an account of the unit
    acknowledged_at: datetime | None = None
    done_at: datetime | None = None
