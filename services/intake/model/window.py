"""The hall: windows with what can be done there, and tickets that wait for them. A ticket knows no name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

TicketState = Literal["waiting", "called", "skipped", "served"]

SERVICES = {
    "dispute": "矛盾纠纷受理",
    "petition": "信访受理",
    "mediation": "人民调解",
    "legal_service": "法律咨询",
    "legal_aid": "法律援助",
    "filing": "诉讼立案",
    "fee": "诉讼缴费",
    "preservation": "诉讼保全",
    "arbitration": "仲裁服务",
    "document_transfer": "材料收转",
    "judicial_confirmation": "司法确认",
    "psychology": "心理疏导",
    "aid": "救助帮扶",
    "enquiry": "咨询",
}
"""What can be done at a window."""
LETTERS = {code: chr(ord("A") + n) for n, code in enumerate(SERVICES)}
"""The letter before a ticket's number, by service."""
PRIORITIES = {"old": "老年人", "disabled": "残疾人", "pregnant": "孕妇", "with_infant": "带婴幼儿"}
"""Who goes first; which of them it was is not kept."""


@dataclass(frozen=True, kw_only=True)
class Window:
    """One window of a centre."""

    window_id: str
    centre: str
    region: str
    number: int
    zone: str
    services: tuple[str, ...]
    title: str = ""
    open: bool = True
    checked_at: datetime | None = None  # when somebody last said that it is so


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """One number of one day."""

    ticket_id: str
    centre: str
    region: str
    day: str  # 2026-03-10, as the county's clock shows it
    service: str
    number: int
    taken_at: datetime
    waits_since: datetime  # moves back when it was transferred: nobody starts at the end again
    priority: bool = False
    state: TicketState = "waiting"
    window: int = 0
    calls: int = 0
    called_at: datetime | None = None
    served_at: datetime | None = None
    reg_id: str = ""

    @property
    def label(self) -> str:
        """What stands on the paper and on the screen: A012."""
        return f"{LETTERS[self.service]}{self.number:03d}"
