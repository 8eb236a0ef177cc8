"""Giving sealed fields to a department that works on a case, and the agreements that this rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from services.intake.handlers.policy import policy
from services.intake.model import (
    SHARING_PURPOSES,
    Agreement,
    Disclosure,
    Holding,
    Partner,
    Receipt,
    Registration,
)
from services.intake.model.words import PERSONAL
from services.intake.rules import disclosing, sealing, sharing
from services.intake.rules.sharing import Want
from services.intake.store import Stores
from shared import ids
from shared.aggregate import Held
from shared.contracts.base import Event
from shared.contracts.department import (
    DepartmentOffboarded,
    DepartmentOnboarded,
    DepartmentResumed,
    DepartmentSuspended,
)
from shared.decision import Cause, Decision
from shared.errors import Forbidden, Problem

Connected = DepartmentOnboarded | DepartmentSuspended | DepartmentResumed | DepartmentOffboarded


@dataclass(frozen=True, kw_only=True)
class Given:
    """Fields in words, once, and the receipt that says so."""

    held: Held[Disclosure]
    receipt: Receipt
    registration: Registration


def note(all: Stores, event: Event, cause: Cause) -> None:
    """Copy which unit was handed which case."""
    heard = cause.heard
    assert heard is not None
    # a delivery; the report of a case to a platform; a request for a service: each is claimed for by its id
    named = ("delivery_id", "report_id", "request_id")
    id: str = next(getattr(event, name) for name in named if hasattr(event, name))
    all.holdings.open(
        id, cause, partial(disclosing.held, event=event, delivery_id=id, region=heard.regioncode)
    )


def connected(all: Stores, event: Connected, cause: Cause) -> None:
    """A unit was connected: from now on one can agree with it, whether or not the county's file has it.

    While its connection rests, and when it is over, its links to files open nothing.
    """
    assert cause.heard is not None
    shut = isinstance(event, DepartmentSuspended | DepartmentOffboarded)
    now = Partner(unit=event.department, region=cause.heard.regioncode, shut=shut)
    all.partners.open(
        event.department, cause, lambda partner: None if partner == now else Decision(state=now)
    )


def disclose(all: Stores, want: Want, cause: Cause) -> Given:
    """Give a department's own system the fields it wants of a case; granted or not, it is written down.

    Raises Forbidden, NotFound and Refused, each with its sentence.
    """
    try:
        given = _given(all, want, cause)
    except Problem as refused:
        _record(all, want, cause, refused.code)
        raise
    _record(all, want, cause, "ok")
    return given


def _given(all: Stores, want: Want, cause: Cause) -> Given:
    if not cause.actor.unit or want.recipient_unit != cause.actor.unit:
        raise Forbidden("只能为本单位申请", code="other_unit")
    sharing.check(want.purpose, want.fields)
    holding = holder(all, want.case_id, want.recipient_unit)
    found = all.registrations.by_case(want.case_id)
    registration = disclosing.check_own(found.state if found else None, want.recipient_unit)
    held, receipt = _receipt(all, want, holding, registration, cause)
    return Given(held=held, receipt=receipt, registration=registration)


def holder(all: Stores, case_id: str, unit: str) -> Holding:
    """The handing over by which a unit has a case now. Raises NotFound and Forbidden."""
    return disclosing.holder(held.state for held in all.holdings.having(case_id=case_id, unit=unit))


def _receipt(
    all: Stores, want: Want, holding: Holding, registration: Registration, cause: Cause
) -> tuple[Held[Disclosure], Receipt]:
    agreed = [held.state for held in all.agreements.having(unit=want.recipient_unit)]
    agreement = sharing.allowing(want, agreed, cause.at)
    again = (str(holding.sent_n),) if holding.sent_n > 1 else ()  # sent anew: what was lost may be claimed
    receipt_id = ids.derived("receipt", cause.key, *again) if cause.key else ids.new()

    if (same := _same(all, holding, cause)) is not None:
        return same

    def rule(state: Disclosure | None) -> Decision[Disclosure]:
        before = state or disclosing.begun(holding, registration)
        return disclosing.disclose(before, want, agreement, receipt_id, actor=cause.actor, now=cause.at)

    held = all.disclosures.open(ids.derived("disclosure", holding.delivery_id, *again), cause, rule)
    return held, disclosing.repeatable(held.state.receipt(receipt_id), cause.at)


def _same(all: Stores, holding: Holding, cause: Cause) -> tuple[Held[Disclosure], Receipt] | None:
    """What the same key was given of an earlier sending within the day: sent anew, it is still one answer."""
    first = all.disclosures.find(ids.derived("disclosure", holding.delivery_id))
    if holding.sent_n < 2 or first is None or not cause.key:
        return None
    receipt = first.state.receipt(ids.derived("receipt", cause.key))
    return (first, receipt) if receipt and cause.at - receipt.at <= disclosing.AGAIN else None


def _record(all: Stores, want: Want, cause: Cause, result: str) -> None:
    purpose = want.purpose if want.purpose in SHARING_PURPOSES else "unknown"
    what = f"case/{want.case_id}"
    all.audit.append(cause.actor, "vault.disclose", what, at=cause.at, purpose=purpose, result=result)


def parties(all: Stores, given: Given) -> list[dict[str, Any]]:
    """The parties with the fields of the receipt in words; what was not given is left out."""
    fields = [field for field in PERSONAL if field in given.receipt.fields]
    return [
        {
            "party_ref": party.party_id,
            "role": party.role,
            "kind": party.kind,
            "values": {
                field: value
                for field in fields
                if (value := sealing.personal(given.registration, party, field, all.sealer))
            },
        }
        for party in given.registration.parties
    ]


def by_field(parties: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """The same by field: which party gave which value."""
    found: dict[str, dict[str, str]] = {}
    for party in parties:
        for field, value in party["values"].items():
            found.setdefault(field, {})[party["party_ref"]] = value
    return found


def agree(all: Stores, agreement: Agreement, cause: Cause) -> Held[Agreement]:
    """Keep a new sharing agreement; the same key makes one."""
    since = (agreement.unit,) if all.partners.find(agreement.unit) else ()
    known = (*policy(agreement.region, cause.at).units, *since)
    made = sharing.agree(agreement, known)
    held = all.agreements.open(agreement.agreement_id, cause, lambda state: None if state else made)
    _record_sharing(all, held, cause, "sharing.agree")
    return held


def end(all: Stores, id: str, reason: str, cause: Cause) -> Held[Agreement]:
    """End a sharing agreement before its time."""
    held = all.agreements.change(id, cause, lambda agreement: sharing.end(agreement, reason, cause.at))
    _record_sharing(all, held, cause, "sharing.end")
    return held


def _record_sharing(all: Stores, held: Held[Agreement], cause: Cause, action: str) -> None:
    all.audit.append(cause.actor, action, f"sharing/{held.id}", at=cause.at, purpose=held.state.purpose)
