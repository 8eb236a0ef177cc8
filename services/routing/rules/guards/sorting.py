"""Conditions of taking in and sorting."""

from __future__ import annotations

from typing import get_args

from services.routing.model import ENDED, Case
from services.routing.model import commands as asks
from services.routing.rules.by import By
from services.routing.rules.competence import choose
from shared.contracts.fields import MatterType
from shared.errors import Refused


def a_person_confirmed(case: Case, ask: asks.Merge | asks.Relapse, by: By) -> None:
    """Whether two matters are the same one is for a person to say."""
    if not ask.confirmed:
        raise Refused("须由经办人确认是同一件事", code="not_confirmed")


def the_other_case_is_open(case: Case, ask: asks.Merge, by: By) -> None:
    """A case is merged into another one that is still open."""
    if ask.into_case_id == case.case_id or ask.into_state is None or ask.into_state in ENDED:
        raise Refused("要并入的案件不存在或已经结束", code="nothing_to_merge_into")


def refusal_is_lawful(case: Case, ask: asks.NotAccept, by: By) -> None:
    """A matter is not accepted only for a listed reason, and each has its other route."""
    known = [reason.code for reason in by.profile.not_accept.reasons]
    if ask.reason not in known:
        raise Refused("不予受理的理由不在清单里", code="reason_not_listed", allowed=known)


def notice_is_written(case: Case, ask: asks.NotAccept, by: By) -> None:
    """The resident gets reason and route in writing."""
    if not ask.notice:
        raise Refused("须先书面告知理由和去向", code="notice_missing")


def type_is_known(case: Case, ask: asks.Triage, by: By) -> None:
    """After triage nothing is unclassified."""
    if ask.matter_type not in get_args(MatterType) or ask.matter_type == "unclassified":
        raise Refused(
            "须先定事项类型", code="matter_type_missing", fields={"matter_type": ["须先定事项类型"]}
        )


def category_is_known(case: Case, ask: asks.Triage, by: By) -> None:
    """The category is one of the county's list."""
    if by.profile.category(ask.category) is None:
        raise Refused("没有这个类别", code="category_unknown", fields={"category": ["没有这个类别"]})


def harm_is_reported(case: Case, ask: asks.Triage, by: By) -> None:
    """Harm to a minor, or violence in a family, is reported first; only then does anything else happen."""
    if {"minor_harm", "dv"} & set(ask.flags) and not ask.harm_reported:
        raise Refused("涉及未成年人受害或家庭暴力，须先完成强制报告并留记录", code="mandatory_report_missing")


def somebody_is_competent(case: Case, ask: asks.Triage, by: By) -> None:
    """At the tier the case is sorted to, the table knows a unit that may lead."""
    tier = ask.tier or case.tier
    if not choose(ask.category, tier, case.region, by.profile, without=ask.complained_units):
        raise Refused("这一层级没有可以牵头的单位，请换一个层级", code="nobody_competent", tier=tier)
