"""A reveal: who was shown which sealed fields, when and why. Never what they said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

PURPOSES = {
    "contact": "联系当事人",
    "handling": "办理本事项",
    "mediation": "组织调解",
    "service": "送达文书",
    "verification": "回访核查",
    "identity_check": "核对身份",
    "duplicate_check": "核对是否重复登记",
    "document": "制作文书",
    "correction": "当事人要求查阅或更正",
}

ROLES = (
    "clerk",
    "dispatcher",
    "mediator",
    "unit_staff",
    "verifier",
    "petition_officer",
    "agent",
    "grid_worker",
    "director",
    "service",
)


SECOND_PERSON = "second_person_needed"
APPROVERS = ("director", "exec_deputy", "dpo", "sec_admin")


@dataclass(frozen=True, kw_only=True)
class Reveal:
    """One request to see sealed fields, granted or not."""

    reveal_id: str
    region: str
    reg_id: str
    case_id: str
    party_id: str
    fields: tuple[str, ...]
    purpose: str
    asked_by: str
    asked_role: str
    asked_unit: str
    asked_at: datetime
    granted: bool
    reason: str = ""  # of a denial, or why it waits
    approved_by: str = ""  # the second person
    approved_at: datetime | None = None

    @property
    def waits(self) -> bool:
        """Whether a second person has yet to agree."""
        return not self.granted and self.reason == SECOND_PERSON
