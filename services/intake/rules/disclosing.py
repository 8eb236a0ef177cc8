"""Giving a department the fields it needs: only of a case it was handed, only what is agreed, only once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.intake.model import (
    SHARING_PURPOSES,
    Agreement,
    Disclosure,
    Holding,
    Receipt,
    Registration,
)
from services.intake.model.words import FIELDS
from services.intake.rules.sharing import Want
from shared.contracts.base import Event
from shared.contracts.delivery import DeliverySent
from shared.contracts.intake import VaultDisclosed
from shared.contracts.report import ReportSent
from shared.contracts.request import RequestSent
from shared.decision import Actor, Decision
from shared.errors import Forbidden, NotFound, Refused

ALREADY = "这些内容已按此用途提供过一次；记录丢失的，请由中心重新送达后再领取"
AGAIN = timedelta(hours=24)  # so long a lost answer may be asked for again with the same key


@dataclass(frozen=True, kw_only=True)
class Look:
    """One line of what a resident reads: who was given what, when, what for."""

    unit: str
    at: datetime
    purpose: str
    fields: tuple[str, ...]
    post: str = "业务系统"


def held(holding: Holding | None, event: Event, *, delivery_id: str, region: str) -> Decision[Holding] | None:
    """The holding after one event of its delivery, whatever order they come in."""
    before = holding or Holding(
        delivery_id=delivery_id,
        case_id=event.case_id,  # type: ignore[attr-defined]  # every event about a delivery has both
        region=region,
        unit=event.department,  # type: ignore[attr-defined]
    )
    sent = isinstance(event, DeliverySent | ReportSent | RequestSent)
    n = max(before.sent_n, getattr(event, "attempt", 1)) if sent else before.sent_n
    after = replace(before, sent=before.sent or sent, over=before.over or not sent, sent_n=n)
    return None if after == holding else Decision(state=after)


def holder(holdings: Iterable[Holding]) -> Holding:
    """The handing over by which a unit has a case now, out of all that it ever had of it.

    Raises NotFound when it was never handed the case, Forbidden when that is over.
    """
    sent = [holding for holding in holdings if holding.sent]
    if not sent:
        raise NotFound("没有交到贵单位的这件事项", code="case_not_handed_over")
    now = [holding for holding in sent if not holding.over]
    if not now:
        raise Forbidden("这件事项已不在贵单位办理", code="handover_over")
    return now[-1]


def check_own(registration: Registration | None, unit: str) -> Registration:
    """Raises NotFound when there is no registration, or the unit is complained about in it."""
    hidden = registration is None or (registration.protected and unit in registration.units_involved)
    if hidden or registration is None:
        raise NotFound("没有交到贵单位的这件事项", code="case_not_handed_over")
    return registration


def begun(holding: Holding, registration: Registration) -> Disclosure:
    """What a unit was given in this handing over: nothing yet."""
    return Disclosure(
        delivery_id=holding.delivery_id,
        region=registration.region,
        protected=registration.protected,
        reg_id=registration.reg_id,
        case_id=registration.case_id,
        unit=holding.unit,
    )


def disclose(
    before: Disclosure, want: Want, agreement: Agreement, receipt_id: str, *, actor: Actor, now: datetime
) -> Decision[Disclosure]:
    """Give the fields out, with a receipt. Raises Refused when one was given for this purpose before."""
    for earlier in before.receipts:
        if earlier.purpose == want.purpose and set(earlier.fields) & set(want.fields):
            raise Refused(ALREADY, code="already_disclosed", receipt_id=earlier.receipt_id)
    receipt = Receipt(
        receipt_id=receipt_id,
        at=now,
        asked_by=actor.ref,
        fields=want.fields,
        purpose=want.purpose,
        agreement_id=agreement.agreement_id,
        legal_basis=agreement.legal_basis,
    )
    after = replace(before, receipts=(*before.receipts, receipt))
    return Decision(state=after, events=(_told(after, receipt),), reason=want.purpose)


def repeatable(receipt: Receipt | None, now: datetime) -> Receipt:
    """The receipt, whose answer may have been lost on the way. Raises Refused when that was long ago."""
    if receipt is None or now - receipt.at > AGAIN:
        raise Refused(ALREADY, code="already_disclosed")
    return receipt


def looks(disclosures: Iterable[Disclosure], units: Mapping[str, str]) -> tuple[Look, ...]:
    """Who was given what of a matter, the newest first, in words for the resident."""
    found = [
        Look(
            unit=units.get(disclosure.unit, "承办单位"),
            at=receipt.at,
            purpose=SHARING_PURPOSES[receipt.purpose],
            fields=_words(receipt.fields),
        )
        for disclosure in disclosures
        for receipt in disclosure.receipts
    ]
    return tuple(sorted(found, key=lambda look: look.at, reverse=True))


def _words(fields: Sequence[str]) -> tuple[str, ...]:
    return tuple(FIELDS[field] for field in fields)


def _told(state: Disclosure, receipt: Receipt) -> VaultDisclosed:
    return VaultDisclosed(
        receipt_id=receipt.receipt_id,
        case_id=state.case_id,
        delivery_id=state.delivery_id,
        recipient_unit=state.unit,
        purpose=receipt.purpose,
        field_codes=receipt.fields,
        agreement_id=receipt.agreement_id,
        legal_basis=receipt.legal_basis,
        disclosed_at=receipt.at,
    )
