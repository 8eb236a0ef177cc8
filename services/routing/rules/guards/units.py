"""Conditions of giving a case to a unit, and of giving it back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

from services.routing.model import Case
from services.routing.model import commands as asks
from services.routing.rules.by import By
from shared.contracts.fields import ReturnReason
from shared.errors import Illegal, Refused


def one_lead_unit(case: Case, ask: asks.Assign, by: By) -> None:
    """Exactly one unit leads; it does not help itself."""
    if not ask.lead_unit or ask.lead_unit in (ask.co_units or ()):
        raise Refused("牵头单位必须有且只有一家", code="one_lead_unit")


def units_exist(case: Case, ask: asks.Assign | asks.Transfer | asks.Blow, by: By) -> None:
    """Every unit named is one of this county."""
    _must_exist(_named(ask), by)


def complained_units_exist(case: Case, ask: asks.Triage, by: By) -> None:
    """A unit complained about is one of this county: a slip of the pen would let it see the case."""
    _must_exist(ask.complained_units, by, "complained_units")


def _must_exist(named: Iterable[str], by: By, field: str = "") -> None:
    unknown = [unit for unit in named if unit not in by.profile.all_units]
    if unknown:
        fields = {field: ["没有这个单位"]} if field else {}
        raise Refused("没有这个单位", code="unit_unknown", fields=fields, units=unknown)


def not_the_unit_complained_about(case: Case, ask: asks.Assign | asks.Transfer, by: By) -> None:
    """A complaint is never handled, nor helped with, by the one complained about."""
    if set(_named(ask)) & set(case.complained_units):
        raise Refused("不能交给被反映的单位办理", code="unit_complained_about")


def _named(ask: asks.Assign | asks.Transfer | asks.Blow) -> tuple[str, ...]:
    if isinstance(ask, asks.Blow):
        return ask.units
    lead = ask.to_unit if isinstance(ask, asks.Transfer) else ask.lead_unit
    return (lead, *(ask.co_units or ()))


def no_way_back(case: Case, ask: asks.Transfer, by: By) -> None:
    """A case is not passed in a circle: a unit that had it does not get it by transfer again (A→B→A)."""
    before = [turn.unit for turn in case.assignments if turn.tier == case.tier]
    if ask.to_unit in before:
        raise Illegal(
            "不能转回办过的单位，请退回调度重新交办", state=case.state, allowed=(), code="transfer_loop"
        )


def reason_for_return(case: Case, ask: asks.Return, by: By) -> None:
    """A unit gives a case back only for a listed reason, or one of the answers departments may give."""
    known = [*(reason.code for reason in by.profile.returns.reasons), *get_args(ReturnReason)]
    asked = case.return_request.reason if case.return_request else ""
    if (ask.reason or asked) not in known:
        raise Refused("退回须写明理由", code="reason_not_listed", allowed=sorted(set(known)))


def a_return_was_asked(case: Case, ask: object, by: By) -> None:
    """There is nothing to refuse unless the unit has asked."""
    if case.return_request is None:
        raise Refused("单位没有申请退回", code="no_return_asked")


def the_resident_waits(case: Case, ask: object, by: By) -> None:
    """Meeting the resident is confirmed by the desk while the resident waits in the hall."""
    if not case.resident_waiting:
        raise Refused("没有群众在现场等候", code="nobody_waits")
