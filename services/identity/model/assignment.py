"""A task or a note of guidance from a higher body to a lower one, with an owner and a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Kind = Literal["task", "guidance"]  # 交办任务 | 指导意见
TAGS = {
    "joint_mediation": "矛盾联调",
    "joint_security": "治安联防",
    "joint_work": "工作联动",
    "joint_treatment": "问题联治",
    "joint_peace": "平安联创",
}
"""The five kinds of joint work that something may be part of."""
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
    tag: str = ""  # the kind of joint work it is part of
    acknowledged_at: datetime | None = None
    done_at: datetime | None = None
