"""Lists that leave the system: asked with a purpose, allowed by another person, each fetch marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from services.intake.model.export import MOST_TIMES, PURPOSES, Export
from services.intake.model.registration import Registration
from services.intake.model.words import FIELDS
from services.intake.rules.disclosing import Look
from shared.contracts.privacy import PrivacyExportDecided, PrivacyExportRequested, PrivacyExportTaken
from shared.decision import Actor, Decision
from shared.errors import Forbidden, Illegal, Refused

OPEN_FOR = timedelta(hours=24)
LONGEST = timedelta(days=366)
PERSONAL_PURPOSES = ("superior_check", "case_review", "handover", "audit")
HEADER = ("编号", "登记时间", "渠道", "类型", "类别", "地区", "状态", "人数")
HEADER_PERSONAL = ("申请人", "电话")


def ask(export: Export) -> Decision[Export]:
    """Somebody wants a list. Raises Refused by field."""
    faults: dict[str, list[str]] = {}
    if export.purpose not in PURPOSES:
        faults["purpose"] = ["请选择用途：" + "、".join(f"{c} {w}" for c, w in PURPOSES.items())]
    elif export.personal and export.purpose not in PERSONAL_PURPOSES:
        faults["personal"] = ["这个用途不需要当事人信息，请导出不含当事人信息的名单"]
    if not export.from_at < export.until_at <= export.from_at + LONGEST:
        faults["until"] = ["截止时间应晚于起始时间，且不超过一年"]
    if faults:
        raise Refused("填写的内容有误，请按提示修改", code="invalid_fields", fields=faults)
    told = PrivacyExportRequested(
        export_id=export.export_id, purpose=export.purpose, personal=export.personal
    )
    return Decision(state=export, events=(told,), reason=export.purpose)


def decide(export: Export, granted: bool, reason: str, *, actor: Actor, now: datetime) -> Decision[Export]:
    """Another person allows it or not. Raises Illegal when that was done, Forbidden for the same person."""
    if export.state != "waiting":
        raise Illegal("这份导出申请已经审批", state=export.state, allowed=[])
    if actor.ref == export.asked_by:
        raise Forbidden("须由另一人审批，不能自己批准自己", code="same_person")
    state = replace(
        export, state="granted" if granted else "refused", decided_by=actor.ref, decided_at=now, reason=reason
    )
    told = PrivacyExportDecided(export_id=export.export_id, granted=granted)
    return Decision(state=state, events=(told,), reason=state.state)


def take(export: Export, rows: int, *, actor: Actor, now: datetime) -> Decision[Export]:
    """Whoever asked fetches the file. Raises Forbidden for others, when not allowed, late or too often."""
    if actor.ref != export.asked_by:
        raise Forbidden("只有申请人本人可以下载", code="not_the_asker")
    if export.state != "granted" or export.decided_at is None:
        raise Forbidden("这份导出还没有批准", code="not_granted")
    if now - export.decided_at > OPEN_FOR:
        raise Forbidden("批准已过期，请重新申请", code="export_expired")
    if export.taken >= MOST_TIMES:
        raise Forbidden("下载次数已用完，请重新申请", code="export_used_up")
    state = replace(export, taken=export.taken + 1, rows=rows)
    told = PrivacyExportTaken(export_id=export.export_id, rows=rows, time_no=state.taken)
    return Decision(state=state, events=(told,), reason="taken")


def names(export: Export, registration: Registration) -> bool:
    """Whether a list of this kind has this registration in it."""
    in_region = registration.region.startswith(export.region)
    return in_region and not registration.protected and export.category in ("", registration.category)


def looks(
    exports: Iterable[Export], found: Registration, units: Mapping[str, str], posts: Mapping[str, str]
) -> Iterator[Look]:
    """Lists with a registration's own data in them, in words for the resident."""
    for export in exports:
        if names(export, found):
            yield Look(
                unit=units.get(export.asked_unit, "中心"),
                post=posts.get(export.asked_role, "工作人员"),
                at=export.decided_at or export.asked_at,
                purpose=f"{PURPOSES[export.purpose]}（导出名单）",
                fields=tuple(FIELDS[field] for field in ("name", "phone")),
            )


def watermark(export: Export, now: datetime) -> str:
    """Who took it, when, under which number: it stands above the list and in every row of it."""
    return f"导出 {export.export_id} · 账号 {export.asked_by} · {now:%Y-%m-%d %H:%M} · 第{export.taken}次"
