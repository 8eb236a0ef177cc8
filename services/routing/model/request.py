"""A service asked of a department beside a case: nothing is handed over, the case stays where it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared import ids
from shared.contracts.fields import MatterType, Tier


class Stage(StrEnum):
    """How far a request has come. The last two are ends."""

    QUEUED = "queued"
    SENT = "sent"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    SERVED = "served"


DONE = (Stage.RETURNED, Stage.SERVED)
WAY = {stage: number for number, stage in enumerate(Stage)} | {Stage.RETURNED: 5}

SERVICES: Mapping[str, str] = {
    "judicial_confirmation": "司法确认",
    "arbitration_confirmation": "仲裁审查确认",
    "cross_region_filing": "跨域立案",
    "electronic_service": "电子送达",
    "online_hearing": "线上庭审",
    "on_site_help": "现场协助",
    "legal_aid": "法律援助",
    "support_prosecution": "支持起诉",
    "temporary_relief": "临时救助",
}
"""What can be asked for; which department offers what is in the county's profile."""
CONFIRMING = ("judicial_confirmation", "arbitration_confirmation")  # asked for by both parties together
PAPER = "paper"  # the result of a service by paper: nobody consented to the electronic one


@dataclass(frozen=True, kw_only=True)
class OpenRequest:
    """What somebody asks for. `consented`: the recipient agreed to e-service and confirmed an address."""

    service: str
    department: str = ""
    target_region: str | None = None
    consented: bool = False
    joint: bool = False
    agreement_id: str | None = None
    asked_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Request:
    """One service for one case; what it holds is what the department is asked."""

    request_id: str
    case_id: str
    case_no: str
    department: str
    service: str
    region: str
    profile_version: str
    matter_type: MatterType
    tier: Tier
    protected: bool = False
    category: str | None = None
    agreement_id: str | None = None
    target_region: str | None = None
    asked_at: datetime
    due_at: datetime | None = None

    stage: Stage = Stage.QUEUED
    queued_at: datetime
    sent_n: int = 0
    sent_at: datetime | None = None
    received_at: datetime | None = None
    accepted_at: datetime | None = None
    steps: tuple[str, ...] = ()
    returned_reason: str = ""
    result: str = ""
    reference: str = ""
    meeting_at: datetime | None = None
    served_at: datetime | None = None

    @property
    def delivery_id(self) -> str:
        """Its name at the edge: a department answers to this number."""
        return self.request_id

    @property
    def ask_id(self) -> str:
        """The id of the ask, whatever way it goes."""
        return ask_id(self.request_id)


def request_id(case_id: str, service: str, number: str) -> str:
    """The same request has the same id: by its agreement, or by how many there were before."""
    return ids.derived("request", case_id, service, number)


def ask_id(request_id: str) -> str:
    """The id of the ask: every answer names it as its cause, and a repeated ask keeps it."""
    return ids.derived("ask", request_id)
