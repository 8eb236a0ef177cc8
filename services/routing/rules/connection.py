"""The life of a department's connection (BUS b10): two people agree, it is made, tried, live, at rest, ended.

Made and tried means by the provisioner; only its reports lead from one of those stages to the next.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from services.routing.model.department import (
    NEXT,
    BrokerUser,
    Connection,
    Department,
    Report,
    Stage,
)
from services.routing.model.department_asks import AskLink, Conformance, Pause
from services.routing.rules.by import By
from shared.contracts.base import Event
from shared.contracts.department import (
    DepartmentCameOnline,
    DepartmentConformancePassed,
    DepartmentOffboarded,
    DepartmentOffboardingRequested,
    DepartmentOnboarded,
    DepartmentOnboardingFailed,
    DepartmentOnboardingRequested,
    DepartmentProvisioned,
    DepartmentResumed,
    DepartmentSuspended,
    DepartmentWentOffline,
    OnboardingStep,
)
from shared.decision import Decision
from shared.errors import Forbidden, Illegal, Refused
from shared.profile.organisation import Department as Declared

Step = Callable[[Department, By], Decision[Department] | None]

KIT_CASES = 14  # BUS b10


def declared(unit: Declared, by: By) -> Decision[Department]:
    """A department of the county's file is connected from the first day, as the deployment made it."""
    user = BrokerUser(slot="a", generation=1, deployed=True)
    link = Connection(
        stage=Stage.ONBOARDED, link="mailbox" if unit.adapter else "desk", types=unit.types,
        window=unit.window, contact=unit.contact, requested_by="profile", approved_by="profile",
        users=(user,) if unit.adapter else (),
    )  # fmt: skip
    made = Department(
        department=unit.id, region=unit.region, name=unit.name, kind=unit.kind,
        profile_version=by.profile.version_id, connection=link,
    )  # fmt: skip
    return Decision(state=made, events=(_onboarded(made),), reason="县情文件中的部门")


def request(department: Department, ask: AskLink, by: By) -> Decision[Department]:
    """A unit is to be connected; a second person has not agreed yet."""
    _must(department, Stage.REQUESTED)
    link = Connection(
        stage=Stage.REQUESTED, link=ask.link, types=ask.types, window=ask.window,
        heartbeat_s=ask.heartbeat_s, contact=ask.contact, requested_by=by.actor.ref,
    )  # fmt: skip
    after = replace(department, connection=link)
    return Decision(state=after, events=(_requested(after),), reason="申请接入")


def approve(department: Department, by: By) -> Decision[Department]:
    """A second person agrees: a desk is open at once, a mailbox is made."""
    if department.connection.stage is not Stage.REQUESTED:
        refuse(department, Stage.APPROVED)
    _second_person(department.connection.requested_by, by)
    after = _to(department, Stage.APPROVED, approved_by=by.actor.ref)
    if after.connection.link == "desk":
        live = _to(after, Stage.ONBOARDED)
        return Decision(state=live, events=(_requested(after), _onboarded(live)), reason="批准接入")
    user = BrokerUser(slot="a", generation=1)
    after = kept(after, users=(user,))
    return Decision(state=after, events=(_requested(after),), reason="批准接入")


def provisioned(department: Department, by: By) -> Decision[Department] | None:
    """The provisioner found the mailbox standing, old enough, and what it put in came out."""
    link = department.connection
    if link.stage is not Stage.APPROVED:
        return None
    user = link.users[-1]
    told = DepartmentProvisioned(department=department.department, user=user.slot, generation=user.generation)
    after = _to(department, Stage.PROVISIONED, failed_step=None, failed_reason="", rebuild=False)
    if not link.rebuild:
        return Decision(state=after, events=(told,), reason="信箱已建好并试通")
    live = _to(after, Stage.ONBOARDED)
    return Decision(state=live, events=(told, _onboarded(live)), reason="信箱重建后恢复")


def failed(department: Department, step: OnboardingStep, reason: str, by: By) -> Decision[Department] | None:
    """A step failed; told once for each step and reason, tried again for ever."""
    link = department.connection
    if (link.failed_step, link.failed_reason) == (step, reason):
        return None
    after = kept(department, failed_step=step, failed_reason=reason)
    told = DepartmentOnboardingFailed(department=department.department, step=step, reason=reason)
    return Decision(state=after, events=(told,), reason="接入未成，将再试")


def conformed(department: Department, ask: Conformance, by: By) -> Decision[Department]:
    """The kit's report: only when every case of it passed is the department live."""
    if department.connection.stage is not Stage.PROVISIONED:
        refuse(department, Stage.ONBOARDED)
    if ask.department not in ("", department.department):
        said = "这是另一个部门的检查报告"
        raise Refused(said, code="other_department", fields={"department": [said]})
    names = {case.name for case in ask.cases}
    bad = [case.name for case in ask.cases if not case.passed]
    if bad or len(names) < KIT_CASES or len(names) != len(ask.cases):
        raise Refused("一致性检查没有全部通过", code="conformance_not_passed", failed=bad, needed=KIT_CASES)
    report = Report(kit=ask.kit, schema_versions=ask.schema_versions, cases=ask.cases, at=by.at)
    after = _to(department, Stage.ONBOARDED, report=report)
    told = DepartmentConformancePassed(
        department=department.department, kit=ask.kit, schema_versions=ask.schema_versions,
        passed=len(ask.cases),
    )  # fmt: skip
    return Decision(state=after, events=(told, _onboarded(after)), reason="一致性检查通过，正式接入")


def suspend(department: Department, ask: Pause, by: By) -> Decision[Department]:
    """Nothing new is sent; what is outstanding stays, and clocks run."""
    if ask.until and ask.until <= by.at:
        raise Refused("恢复的时间须晚于现在", code="invalid_fields", fields={"until": ["须晚于现在"]})
    if ask.until and ask.security:  # its old passwords would hold again by themselves
        said = "因安全暂停的须由人恢复，不能写恢复时间"
        raise Refused(said, code="invalid_fields", fields={"until": [said]})
    after = _to(department, Stage.SUSPENDED, reason=ask.reason, until=ask.until, secure=ask.security)
    told = DepartmentSuspended(department=department.department, reason=ask.reason, until=ask.until)
    return Decision(state=after, events=(told,), reason="暂停送件")


def resume(department: Department, by: By) -> Decision[Department]:
    """It is sent cases again."""
    if department.connection.stage is not Stage.SUSPENDED:
        refuse(department, Stage.ONBOARDED)
    after = _to(department, Stage.ONBOARDED, reason="", until=None, secure=False)
    return Decision(
        state=after, events=(DepartmentResumed(department=department.department),), reason="恢复送件"
    )


def rested(department: Department, by: By) -> Decision[Department] | None:
    """A rest that was to last until now is over by itself."""
    link = department.connection
    over = link.stage is Stage.SUSPENDED and link.until is not None and link.until <= by.at
    return resume(department, by) if over else None


def repair(department: Department, by: By) -> Decision[Department]:
    """The broker lost its queues: they are made again, and the ledger sends again what was in them."""
    if department.connection.stage is not Stage.ONBOARDED or department.connection.link != "mailbox":
        refuse(department, Stage.APPROVED)
    after = _to(department, Stage.APPROVED, rebuild=True, failed_step="queues", failed_reason="rebuild_asked")
    told = DepartmentOnboardingFailed(department=department.department, step="queues", reason="rebuild_asked")
    return Decision(state=after, events=(told,), reason="重建信箱")


def leave(department: Department, ask: Pause, by: By) -> Decision[Department]:
    """Its connection is to end."""
    after = _to(department, Stage.LEAVING_ASKED, reason=ask.reason, leaving_by=by.actor.ref)
    told = DepartmentOffboardingRequested(department=department.department, reason=ask.reason)
    return Decision(state=after, events=(told,), reason="申请断开")


def approve_leave(department: Department, by: By) -> Decision[Department]:
    """A second person agrees to the end."""
    _must(department, Stage.LEAVING)
    _second_person(department.connection.leaving_by, by)
    after = _to(department, Stage.LEAVING)
    told = DepartmentOffboardingRequested(
        department=department.department, reason=after.connection.reason, approved_by=by.actor.ref
    )
    return Decision(state=after, events=(told,), reason="批准断开")


def gone(department: Department, by: By) -> Decision[Department] | None:
    """The provisioner found the mailbox empty and took it away."""
    if department.connection.stage is not Stage.LEAVING:
        return None
    after = _to(department, Stage.OFFBOARDED, users=(), claim=None)
    told = DepartmentOffboarded(department=department.department)
    return Decision(state=after, events=(told,), reason="已断开")


# ── signs of life ───────────────────────────────────────────────────────────────────────────────


def seen(
    department: Department, liveness: str, outstanding: int, by: By, **sign: Any
) -> Decision[Department] | None:
    """It went away, or came back; told once each. Clocks do not stop for it."""
    away = liveness != "online"
    if away == department.connection.away:
        return None
    told: Event = DepartmentCameOnline(department=department.department, version=sign.get("version"))
    if away:
        told = DepartmentWentOffline(
            department=department.department, liveness=liveness,  # type: ignore[arg-type]
            last_beat=sign.get("last_beat"), outstanding=outstanding,
        )  # fmt: skip
    return Decision(state=kept(department, away=away), events=(told,), reason="通断变化")


# ── parts ───────────────────────────────────────────────────────────────────────────────────────


def _second_person(first: str, by: By) -> None:
    if first == by.actor.ref:
        raise Forbidden("申请人不能自己批准", code="second_person_needed")


def _must(department: Department, to: Stage) -> None:
    if to not in NEXT[department.connection.stage]:
        refuse(department, to)


def refuse(department: Department, to: Stage) -> None:
    """Raises Illegal, and says what is possible."""
    stage = department.connection.stage
    raise Illegal("接入的状态不允许这样做", state=stage.value, allowed=[s.value for s in NEXT[stage]])


def _to(department: Department, stage: Stage, **changes: Any) -> Department:
    _must(department, stage)
    return kept(department, stage=stage, **changes)


def kept(department: Department, **changes: Any) -> Department:
    """The department with its connection changed."""
    return replace(department, connection=replace(department.connection, **changes))


def _requested(department: Department) -> DepartmentOnboardingRequested:
    link = department.connection
    return DepartmentOnboardingRequested(
        department=department.department, link=link.link, types=link.types, window=link.window,
        heartbeat_s=link.heartbeat_s, requested_by=link.requested_by, approved_by=link.approved_by or None,
    )  # fmt: skip


def _onboarded(department: Department) -> DepartmentOnboarded:
    link = department.connection
    return DepartmentOnboarded(
        department=department.department, link=link.link, types=link.types, window=link.window,
        heartbeat_s=link.heartbeat_s,
    )  # fmt: skip
