"""Papers handed over: what was taken from a resident, for whom, and who has it now. None may go missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

PaperState = Literal["taken", "forwarded", "received"]


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One paper of a bundle."""

    title: bytes  # sealed: titles of papers name people
    copies: int
    original: bool = False


@dataclass(frozen=True, kw_only=True)
class Handed:
    """One paper as it was handed over, in words."""

    title: str
    copies: int
    original: bool = False


@dataclass(frozen=True, kw_only=True)
class Papers:
    """One bundle with one receipt."""

    document_id: str
    region: str
    protected: bool
    reg_id: str
    case_id: str
    receipt_no: int
    from_unit: str
    to_unit: str
    items: tuple[Paper, ...]
    taken_at: datetime
    taken_by: str
    state: PaperState = "taken"
    forwarded_at: datetime | None = None
    received_at: datetime | None = None
    received_by: str = ""
    overdue_told: bool = False
    due_at: datetime | None = None  # when somebody must have said that they have it
