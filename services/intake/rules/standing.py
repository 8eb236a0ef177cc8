"""How a matter stands: what each event of its case makes of it, and what residents read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from services.intake.model import CaseView, Registration
from services.intake.rules.disclosing import Look
from shared.contracts.base import Event
from shared.contracts.routing import CaseAssigned
from shared.decision import Decision

STATES = {
    "case.registered": "registered",
    "case.triaged": "triaged",
    "case.assigned": "assigned",
    "case.transferred": "assigned",
    "case.accepted": "accepted",
    "case.returned": "triaged",
    "case.handling_started": "handling",
    "case.mediation_opened": "mediating",
    "case.mediation_closed": "handling",
    "case.agreement_reached": "agreed",
    "case.escalation_requested": "escalating",
    "case.escalated": "triaged",
    "case.escalation_rejected": "handling",
    "case.suspended": "suspended",
    "case.resumed": "handling",
    "case.resolved": "resolved",
    "case.verified": "verified",
    "case.reopened_for_rework": "handling",
    "case.closed": "closed",
    "case.referred_out": "referred_out",
    "case.withdrawn": "withdrawn",
    "case.relapsed": "registered",
    "case.not_accepted": "not_accepted",
    "case.merged": "merged",
    "case.unmerged": "registered",  # or where the event says
}
"""What state each event leaves the case in. Other events of a case do not change what a resident reads."""

WORDS: Mapping[str, tuple[str, str]] = {
    "registered": ("已登记，正在分清类别", "工作人员分类后会交给承办单位"),
    "triaged": ("已分清类别，正在确定承办单位", "中心会尽快交给承办单位"),
    "assigned": ("已交给承办单位，等待接件", "承办单位接件后会与您联系"),
    "accepted": ("承办单位已接件", "承办单位将开始办理"),
    "handling": ("正在办理", "办理结果会告知您"),
    "mediating": ("正在调解", "请留意调解员的联系，按约定时间参加"),
    "agreed": ("双方已达成协议", "请按协议履行；需要时可自协议生效之日起三十日内共同申请司法确认"),
    "escalating": ("正在请上一级中心接手", "上级接收前，原单位继续负责"),
    "suspended": ("办理暂时中止", "中止的原因消失后恢复办理"),
    "resolved": ("已办完，等待核查", "会有办理人以外的工作人员回访您，请说说是否满意"),
    "verified": ("已核查", "手续齐全后归档"),
    "closed": ("已办结", "对结果有意见，或同样的事又发生，请再来登记，会接着原来的编号办"),
    "referred_out": ("已转其他法定途径", "请按告知书上的单位和期限办理"),
    "withdrawn": ("您已撤回", "以后需要，可随时再来登记"),
    "not_accepted": ("依法不由本中心办理", "请按告知书写明的途径办理，需要帮助可到窗口咨询"),
    "merged": ("已与同一事项合并办理", "请用原来的编号查询"),
    "answered": ("已当场答复", "对答复有意见，可再来登记"),
}


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What a resident reads about the own matter."""

    case_no: str
    state: str
    words: str
    next_step: str
    since: datetime
    unit: str | None
    due_at: datetime | None
    limits: tuple[str, ...]
    looks: tuple[Look, ...] = ()  # who was given the parties' own data, when, what for


def noted(
    view: CaseView | None, event: Event, *, case_id: str, region: str, sequence: str, at: datetime
) -> Decision[CaseView]:
    """The view after one event of its case. Events may come in any order; the newest wins, field by field."""
    view = view or CaseView(case_id=case_id, region=region)
    if sequence > view.told:
        state, into = getattr(event, "state", STATES[event.TYPE]), getattr(event, "into_case_id", None)
        view = replace(view, state=state, state_at=at, told=sequence, merged_into=into)
    if isinstance(event, CaseAssigned) and sequence > view.told_unit:
        view = replace(view, unit=event.lead_unit, co_units=event.co_units, due_at=event.due_at)
        view = replace(view, told_unit=sequence)
    to_unit = getattr(event, "to_unit", None)
    if to_unit and sequence > view.told_unit:
        view = replace(view, unit=to_unit, told_unit=sequence)
    return Decision(state=view)


def late(view: CaseView | None, *, case_id: str, region: str, sequence: str) -> Decision[CaseView] | None:
    """The view once the unit did not take the case in time. Nothing for old news."""
    view = view or CaseView(case_id=case_id, region=region)
    return Decision(state=replace(view, late_pickup=sequence)) if sequence > view.late_pickup else None


def standing(
    registration: Registration,
    view: CaseView | None,
    promises: tuple[str, ...],
    units: Mapping[str, str],
    looks: tuple[Look, ...] = (),
) -> Standing:
    """How the matter of a registration stands, by the newest that was told of its case."""
    state = _state(registration, view)
    words, next_step = WORDS[state]
    unit = view.unit if view else None
    over = state in ("closed", "withdrawn", "not_accepted", "merged", "referred_out", "answered")
    return Standing(
        case_no=registration.case_no,
        state=state,
        words=words,
        next_step=next_step,
        since=(view and view.state_at) or registration.registered_at,
        unit=units.get(unit, "承办单位") if unit else None,
        due_at=None if over or view is None else view.due_at,
        limits=() if over else promises,
        looks=looks,
    )


def _state(registration: Registration, view: CaseView | None) -> str:
    if registration.state in ("answered", "not_accepted"):
        return registration.state
    return view.state if view else "registered"
