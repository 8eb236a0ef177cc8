"""Giving personal fields to a department: the agreement that allows it, and the receipt of each time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

SHARING_PURPOSES = {
    "handling": "办理本事项",
    "contact": "联系当事人",
    "mediation": "组织调解",
    "service": "送达文书",
    "judicial_confirmation": "办理司法确认",
    "legal_aid": "办理法律援助",
    "provincial_record": "上报省级平台",
    "petition_registration": "信访事项登记",
    "identity_check": "核对身份",
    "document": "制作文书",
}


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """A sharing agreement (XE-08): who may get which fields, what for, on what basis, until when."""

    agreement_id: str
    region: str
    unit: str
    purpose: str
    fields: tuple[str, ...]
    legal_basis: str
    reference: str  # number of the signed document
    valid_from: datetime
    valid_until: datetime
    made_by: str
    ended_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """One time that fields were given out: when, which, what for. Never what they said."""

    receipt_id: str
    at: datetime
    asked_by: str
    fields: tuple[str, ...]
    purpose: str
    agreement_id: str
    legal_basis: str


@dataclass(frozen=True, kw_only=True)
class Disclosure:
    """Everything that one department was given of one case in one handing over."""

    delivery_id: str
    region: str
    protected: bool
    reg_id: str
    case_id: str
    unit: str
    receipts: tuple[Receipt, ...] = ()

    def receipt(self, receipt_id: str) -> Receipt | None:
        """The receipt with this id."""
        return next((receipt for receipt in self.receipts if receipt.receipt_id == receipt_id), None)


@dataclass(frozen=True, kw_only=True)
class Partner:
    """A unit that was connected: one can agree with it, also if the county's file does not have it."""

    unit: str
    region: str
    shut: bool = False  # its connection rests or is over: links that it was given open nothing


@dataclass(frozen=True, kw_only=True)
class Holding:
    """Which unit was handed which case, copied from deliveries. What was begun or over stays so."""

    delivery_id: str
    case_id: str
    region: str
    unit: str
    sent: bool = False
    over: bool = False
    sent_n: int = 0  # how often it was put into the mailbox: again when the unit had not even stored it
