"""How far somebody sees: the own region's subtree, for staff of a unit only what that unit has or had."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.reporting.store import Wanted
from shared.errors import Forbidden
from shared.tokens import Claims

OWN_UNIT = ("unit_head", "unit_staff", "mediator")
READERS = (
    "director", "exec_deputy", "deputy_fulltime", "dispatcher", "duty_leader", "principal_leader",
    "deputy_leader", "leader", "sponsor", "political_legal_commissioner", "supervisor", "verifier",
    "reporter", "clerk", "guide", "petition_officer", "linked_village_leader", "resident_cadre",
    "village_secretary", "display", "service", *OWN_UNIT,
)  # fmt: skip
COUNTERS = (*READERS, "sys_admin")  # who runs the system sees that it moves: numbers, never a case
"""Who reads: the posts that see a whole region first, so that somebody who has both sees the region.

Reporting holds codes and no person's data, so that whoever runs the system may see that it moves."""
SEE_PROTECTED = ("director", "exec_deputy", "deputy_fulltime", "dispatcher", "service")


def scope(who: Claims, asked: Mapping[str, Any], *, counting: bool = False) -> Wanted:
    """What is wanted, never more than this reader may see; a mere number may count protected cases too.

    Raises Forbidden for a region outside the own one, and for staff of no unit.
    """
    region = asked.get("region") or who.region
    if region and not who.sees(region):
        raise Forbidden("不在您的辖区范围内", code="out_of_region")
    state = asked.get("state", "")
    return Wanted(
        region=region,
        states=(state,) if state else (),
        category=asked.get("category", ""),
        tier=asked.get("tier", ""),
        department=asked.get("department", ""),
        first_day=asked.get("first_day", ""),
        last_day=asked.get("last_day", ""),
        open=asked.get("open"),
        late=asked.get("late", False),
        mine=_own_unit(who),
        protected=counting or any(role in SEE_PROTECTED for role in who.roles),
        not_about=who.unit,
    )


def _own_unit(who: Claims) -> str:
    if who.role not in OWN_UNIT:
        return ""
    if not who.unit:
        raise Forbidden("您的账号没有所属单位", code="no_unit")
    return who.unit
