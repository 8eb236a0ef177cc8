"""An agreement: its sealed words, its items with their days, its signatures, and the court's confirmation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.mediation.model.states import AgreementState, FilingState
from shared.contracts.fields import AgreementForm


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing that somebody is to do, how, where and until when."""

    no: int
    what: bytes
    debtor_ref: str
    way: str
    due_at: datetime  # the end of its day
    remind_at: datetime  # the opening of the offices on its day
    place: bytes | None = None
    amount: int = 0  # yuan
    reminded: bool = False
    overdue_told: bool = False
    done_at: datetime | None = None
    proof_hash: str = ""
    breached_at: datetime | None = None

    @property
    def settled(self) -> bool:
        """Whether it was done, or a person has said that it was not."""
        return self.done_at is not None or self.breached_at is not None

    @property
    def next_at(self) -> datetime | None:
        """When somebody is to be told about it next."""
        if self.settled or self.overdue_told:
            return None
        return self.due_at if self.reminded else self.remind_at


@dataclass(frozen=True, kw_only=True)
class Signature:
    """Who signed, how, when; what was signed on paper is kept as a photograph with its hash (COR-19)."""

    signer: str
    role: str
    how: str
    signed_at: datetime
    scan_hash: str = ""


@dataclass(frozen=True, kw_only=True)
class Filing:
    """A joint request to a court to confirm the agreement. Being late is counted, never refused (COR-18)."""

    state: FilingState
    court: str
    applicants: tuple[str, ...]
    filed_at: datetime
    materials: tuple[str, ...] = ()
    days_late: int = 0
    result: str = ""
    decided_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """What the parties agreed."""

    agr_id: str
    form: AgreementForm
    state: AgreementState
    drafted_at: datetime
    facts: bytes
    responsibility: bytes
    items: tuple[Item, ...] = ()
    signatures: tuple[Signature, ...] = ()
    oral_yes: tuple[str, ...] = ()  # who said yes to an oral agreement
    effective_at: datetime | None = None
    confirm_deadline: datetime | None = None
    filing: Filing | None = None

    @property
    def total_amount(self) -> int:
        """What is to be paid altogether, in yuan."""
        return sum(item.amount for item in self.items)

    @property
    def next_at(self) -> datetime | None:
        """When somebody is to be told about one of its items next."""
        if self.effective_at is None:
            return None
        return min((at for item in self.items if (at := item.next_at)), default=None)
