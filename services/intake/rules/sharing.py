"""Sharing agreements: what one must say, when it is in force, and which of them allows a disclosure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.intake.model import SHARING_PURPOSES, Agreement
from services.intake.model.words import FIELDS, PERSONAL
from shared.contracts.intake import SharingAgreed, SharingEnded
from shared.decision import Decision
from shared.errors import Illegal, Refused


@dataclass(frozen=True, kw_only=True)
class Want:
    """Which fields a department wants of the parties of a case, what for, and on what it rests."""

    recipient_unit: str
    case_id: str
    fields: tuple[str, ...]
    purpose: str
    basis: str  # the id of an agreement, or a legal basis that an agreement names


def check(purpose: str, fields: Sequence[str]) -> None:
    """Raises Refused for a purpose or a field that is not on the list."""
    faults: dict[str, list[str]] = {}
    if purpose not in SHARING_PURPOSES:
        listed = "、".join(f"{code} {word}" for code, word in SHARING_PURPOSES.items())
        faults["purpose"] = [f"请选择用途：{listed}"]
    if not fields or any(field not in PERSONAL for field in fields):
        listed = "、".join(f"{field} {FIELDS[field]}" for field in PERSONAL)
        faults["fields"] = [f"请选择要提供的内容：{listed}"]
    if faults:
        raise Refused("填写的内容有误，请按提示修改", code="invalid_fields", fields=faults)


def agree(agreement: Agreement, units: Sequence[str]) -> Decision[Agreement]:
    """A new agreement. Raises Refused for an unknown unit, purpose or field, or a wrong time."""
    check(agreement.purpose, agreement.fields)
    if agreement.unit not in units:
        raise Refused("没有这个单位", code="unit_unknown", fields={"unit": ["没有这个单位"]})
    if agreement.valid_until <= agreement.valid_from:
        sentence = "终止时间应晚于起始时间"
        raise Refused(sentence, code="invalid_fields", fields={"valid_until": [sentence]})
    told = SharingAgreed(
        agreement_id=agreement.agreement_id,
        unit=agreement.unit,
        purpose=agreement.purpose,
        field_codes=agreement.fields,
        legal_basis=agreement.legal_basis,
        valid_from=agreement.valid_from,
        valid_until=agreement.valid_until,
    )
    return Decision(state=agreement, events=(told,), reason="sharing_agreed")


def end(agreement: Agreement, reason: str, now: datetime) -> Decision[Agreement]:
    """No more of it from now on. Raises Illegal when it was ended before."""
    if agreement.ended_at:
        raise Illegal("这份共享协议已经终止", state="ended", allowed=[])
    told = SharingEnded(agreement_id=agreement.agreement_id, unit=agreement.unit, reason=reason)
    return Decision(state=replace(agreement, ended_at=now), events=(told,), reason=reason)


def in_force(agreement: Agreement, now: datetime) -> bool:
    """Whether it allows anything at this moment."""
    return agreement.ended_at is None and agreement.valid_from <= now < agreement.valid_until


def allowing(want: Want, agreements: Sequence[Agreement], now: datetime) -> Agreement:
    """The agreement of the unit that a disclosure rests on.

    Raises Refused, saying what is missing: no such agreement, not in force, another purpose, other fields.
    """
    meant = [a for a in agreements if want.basis in (a.agreement_id, a.legal_basis)]
    if not meant:
        raise _refused("basis", "贵单位没有以此为依据的共享协议", "no_agreement")
    current = [a for a in meant if in_force(a, now)]
    if not current:
        raise _refused("basis", "共享协议尚未生效或已经终止", "agreement_not_in_force")
    fitting = [a for a in current if a.purpose == want.purpose]
    if not fitting:
        raise _refused("purpose", "共享协议不包括这个用途", "purpose_not_agreed")
    wide = [a for a in fitting if set(want.fields) <= set(a.fields)]
    if not wide:
        said = "、".join(FIELDS[f] for f in want.fields if not any(f in a.fields for a in fitting))
        raise _refused("fields", f"共享协议不包括：{said or '这些内容的组合'}", "fields_not_agreed")
    return wide[0]


def _refused(field: str, sentence: str, code: str) -> Refused:
    return Refused(sentence, code=code, fields={field: [sentence]})
