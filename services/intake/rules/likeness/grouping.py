"""How matters that look like one are counted, and when a person is asked whether a crowd is behind them.

Grouping merges nothing and decides nothing: it counts. People are counted once each; who gave no number
counts as one. Only a person says that a matter concerns a crowd, or that it does not (DOMAIN 3.9).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from services.intake.model.likeness import Group, MassState, Sketched
from shared.contracts.base import Event
from shared.contracts.groups import GroupJoined, GroupLeft, GroupMassDecided, GroupMassProposed
from shared.decision import Decision
from shared.errors import Illegal, Refused

ASK_AT = (5, 10, 30, 100, 300)
"""Reporters at which somebody is asked, each time anew; 信访工作条例 art. 20 counts from five."""
MOST_PEOPLE = 400  # marks kept to count people once; beyond them everybody counts
REASONS = {
    True: ("many_people", "same_interest", "gathering"),
    False: ("one_household", "not_one_matter", "few_people", "other"),
}


def founded(first: Sketched, people: Collection[str]) -> Group:
    """The group that begins with a matter."""
    return Group(
        group_id=first.group, region=first.region, reg_id=first.reg_id, case_id=first.case_id,
        case_no=first.case_no, began_at=first.at, grown_at=first.at, members=1, reporters=1,
        people=tuple(people)[:MOST_PEOPLE],
    )  # fmt: skip


def joined(group: Group, one: Sketched, people: Collection[str], now: datetime) -> Decision[Group]:
    """A matter that looks the same was registered."""
    known = bool(people) and bool(set(people) & set(group.people))
    after = replace(
        group,
        grown_at=max(now, group.grown_at),
        members=group.members + 1,
        reporters=group.reporters + (0 if known else 1),
        people=tuple(dict.fromkeys((*group.people, *people)))[:MOST_PEOPLE],
        region=_common(group.region, one.region),
    )
    told = GroupJoined(
        group_id=after.group_id, reg_id=one.reg_id, case_id=one.case_id, region=one.region,
        members=after.members, reporters=after.reporters,
    )  # fmt: skip
    return _asked(after, told)


def _common(one: str, other: str) -> str:
    """The smallest place that has both."""
    return next((one[:n] for n in (17, 15, 12, 9) if n <= len(one) and other.startswith(one[:n])), one[:6])


def _asked(group: Group, told: Event) -> Decision[Group]:
    due = max((n for n in ASK_AT if n <= group.reporters), default=0)
    if due <= group.asked_at or group.mass == "confirmed":
        return Decision(state=group, events=(told,), reason="像是同一件事")
    asked = replace(group, asked_at=due, mass="proposed")
    event = GroupMassProposed(
        group_id=group.group_id, case_id=group.case_id, case_no=group.case_no, members=group.members,
        reporters=group.reporters,
    )  # fmt: skip
    return Decision(state=asked, events=(told, event), reason=f"{group.reporters}人反映同一件事")


def left(group: Group, reg_id: str, now: datetime) -> Decision[Group]:
    """A matter turned out to belong elsewhere."""
    after = replace(group, members=max(0, group.members - 1), reporters=max(0, group.reporters - 1))
    event = GroupLeft(group_id=group.group_id, reg_id=reg_id, members=after.members)
    return Decision(state=after, events=(event,), reason="不是同一件事")


def decided(group: Group, mass: bool, reason: str, now: datetime) -> Decision[Group]:
    """A person says whether a crowd is behind the matter.

    Raises Illegal when nobody was asked or it is said already, Refused without a listed reason.
    """
    state: MassState = "confirmed" if mass else "declined"
    if group.mass in ("none", state):
        said = "还没有需要确认的群体性提示" if group.mass == "none" else "已经这样确认过了"
        raise Illegal(said, state=group.mass, allowed=[])
    if reason not in REASONS[mass]:
        raise Refused(
            "请选择理由", code="reason_not_listed", fields={"reason": ["不在清单里"]}, allowed=REASONS[mass]
        )
    event = GroupMassDecided(group_id=group.group_id, case_id=group.case_id, mass=mass, reason=reason)
    after = replace(group, mass=state, decided_at=now)
    return Decision(state=after, events=(event,), reason="确认为群体性" if mass else "不属群体性")
