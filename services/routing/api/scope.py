"""Who may see which case: one's region, one's unit, and never the case about oneself (DOMAIN 3.9)."""

from __future__ import annotations

from services.routing.model import Case
from services.routing.store import CaseFilter, Stores
from shared.aggregate import Held
from shared.errors import Forbidden, NotFound
from shared.web import caller, here, in_scope
from shared.web.request import record

OF_A_UNIT = ("unit_staff", "unit_head")
NEED_TO_KNOW = ("director", "dispatcher", "verifier", "clerk", "duty_leader", "mediator", "service")
READERS = (
    "director", "dispatcher", "verifier", "duty_leader", "clerk", "guide", "leader", "supervisor",
    "petition_officer", "mediator", "unit_head", "unit_staff", "service",
)  # fmt: skip


def mine(case_id: str) -> Held[Case]:
    """The case, if the caller may know of it.

    Raises NotFound for the unit complained about and for protected cases of others; Forbidden otherwise.
    """
    held = here(Stores).cases.load(case_id)
    case, who = held.state, caller()
    if who.unit in case.complained_units:
        _hide(case_id, "complained_about")
    if who.unit in (case.lead_unit, *case.co_units):
        return held
    if case.protected and not set(who.roles) & set(NEED_TO_KNOW):
        _hide(case_id, "protected")
    in_scope(case.region, protected=case.protected)
    if set(who.roles) <= set(OF_A_UNIT):
        raise Forbidden("不是本单位的案件", code="other_unit")
    return held


def _hide(case_id: str, why: str) -> None:
    record(here(Stores).audit, "case_hidden", f"case/{case_id}", result=why)
    raise NotFound("没有找到这条记录", code="case_not_found")


def limits(region: str, unit: str) -> CaseFilter:
    """The widest list the caller may see, narrowed to what was asked for."""
    who = caller()
    if set(who.roles) <= set(OF_A_UNIT):
        return CaseFilter(region=region, unit=who.unit, not_about=who.unit)
    if region:
        in_scope(region, field="region")
    return CaseFilter(
        region=region or who.region,
        unit=unit,
        not_about=who.unit,
        protected_too=bool(set(who.roles) & set(NEED_TO_KNOW)),
    )
