"""Units without a system: a link for one case, which opens a simple page until it runs out or is renewed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from services.routing.model import Delivery, Stage
from services.routing.model.delivery import DONE
from services.routing.rules.by import By
from shared.contracts.delivery import DeliveryLinkIssued, DeliveryLinkSent
from shared.decision import Decision
from shared.errors import Illegal, Refused
from shared.profile import Profile

VALID = timedelta(hours=24)  # YIZHAN_LINK_HOURS says another length

STEPS = {
    "contacted": "已联系当事人",
    "visited": "已上门或到现场",
    "investigating": "正在调查核实",
    "mediating": "正在调解",
    "waiting_material": "等待补充材料",
    "deciding": "正在作出处理",
}
"""What a unit may report on the way, with the words of the page."""

REASONS = {
    "not_competent": "不属本单位职责",
    "wrong_region": "不在本单位辖区",
    "duplicate": "与已办事项重复",
    "material_missing": "材料不全",
    "conflict_of_interest": "与本单位有利害关系",
}
OUTCOMES = {
    "mediated_written": "调解成功（书面协议）",
    "mediated_oral": "调解成功（口头协议）",
    "settled": "和解",
    "admin_resolved": "行政处理解决",
    "answered": "已答复",
    "aid_only": "已救助",
    "referred_court": "引导诉讼",
    "referred_arbitration": "引导仲裁",
    "referred_admin": "引导行政途径",
    "failed": "未化解",
}
OFFERED = {"return": ("reason", REASONS), "progress": ("step", STEPS), "conclude": ("outcome", OUTCOMES)}
"""What the page lets a unit choose for each act."""


def chosen(kind: str, form: Mapping[str, str]) -> str:
    """The code that was chosen for an act. Raises Refused for one that the page does not offer."""
    field, offered = OFFERED[kind]
    code = form.get(field, "")
    if code not in offered:
        raise Refused("请先从列表中选择一项", code="invalid_fields", fields={field: ["请先从列表中选择一项"]})
    return code


def has_desk(profile: Profile, unit: str) -> bool:
    """Whether a unit answers by hand: it gets cases, and has no system that reads its mailbox."""
    return any(department.id == unit and not department.adapter for department in profile.departments)


def issued(delivery: Delivery, valid: timedelta, by: By) -> Decision[Delivery]:
    """A link; whatever was issued before opens nothing any more. Raises Illegal before and after its time."""
    if delivery.stage is Stage.QUEUED or delivery.stage in DONE:
        raise Illegal("这次交办现在不能用链接办理", state=delivery.stage.value, allowed=[])
    number, until = delivery.links + 1, by.at + valid
    told = DeliveryLinkIssued(
        delivery_id=delivery.delivery_id,
        case_id=delivery.case_id,
        department=delivery.department,
        number=number,
        valid_until=until,
    )
    after = replace(delivery, links=number, link_until=until)
    return Decision(state=after, events=(told,), reason="发出办理链接")


def unsent(delivery: Delivery, now: datetime) -> bool:
    """Whether its present link opens, and did not go out by message."""
    return delivery.link_sent < delivery.links and not fault(
        delivery, delivery.department, delivery.links, now
    )


def sent_out(delivery: Delivery, number: int, by: By) -> Decision[Delivery] | None:
    """The link of this number went out by message."""
    if number <= delivery.link_sent:
        return None
    told = DeliveryLinkSent(
        delivery_id=delivery.delivery_id,
        case_id=delivery.case_id,
        department=delivery.department,
        number=number,
        sent_at=by.at,
    )
    return Decision(state=replace(delivery, link_sent=number), events=(told,), reason="链接已发短信")


def fault(delivery: Delivery | None, unit: str, number: int, now: datetime) -> str:
    """Why a link with a good signature opens nothing; empty when it opens."""
    if delivery is None or delivery.department != unit or number > delivery.links:
        return "foreign"
    if delivery.stage in DONE:
        return "used"
    if number < delivery.links:
        return "renewed"
    return "expired" if delivery.link_until is None or now >= delivery.link_until else ""
