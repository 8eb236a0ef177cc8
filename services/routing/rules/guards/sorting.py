"""Conditions of taking in and sorting."""

from __future__ import annotations

from typing import get_args

from services.routing.model import Case, State, allowed
from services.routing.model import commands as asks
from services.routing.rules.by import By
from services.routing.rules.competence import choose
from shared.contracts.fields import MatterType
from shared.errors import Illegal, Refused

TAKES_IN = (
    State.REGISTERED, State.TRIAGED, State.ASSIGNED, State.ACCEPTED, State.HANDLING, State.MEDIATING,
    State.AGREED, State.SUSPENDED, State.ESCALATING,
)  # fmt: skip
"""Where a case may be when another one is merged into it: nobody has said yet that it is done."""


def a_person_confirmed(case: Case, ask: asks.Merge | asks.Unmerge | asks.Relapse, by: By) -> None:
    """Whether two matters are the same one is for a person to say."""
    if not ask.confirmed:
        raise Refused("须由经办人确认是同一件事", code="not_confirmed")


def the_other_case_is_open(case: Case, ask: asks.Merge, by: By) -> None:
    """A case is merged into another one that is still worked on: who comes later must be answered too."""
    if ask.into_case_id == case.case_id or ask.into_state not in TAKES_IN:
        said = "要并入的案件不存在、已经办理完毕，或者它自己已并入别的案件"
        raise Refused(said, code="nothing_to_merge_into")


def nothing_was_merged_here(case: Case, ask: asks.Merge, by: By) -> None:
    """No chains: a case that others were merged into stays the one that counts."""
    if case.joined:
        raise Illegal(
            "已有其他案件并入本案，请反过来把那一件并入本案，或先撤销并案",
            state=case.state.value, allowed=allowed(case.state), code="merge_chain",
        )  # fmt: skip


def equally_protected(case: Case, ask: asks.Merge, by: By) -> None:
    """What is for few eyes is not joined with what is for many."""
    if case.protected != ask.into_protected:
        raise Refused("受保护的事项不能与普通事项并案", code="protection_differs")


def not_into_the_unit_complained_about(case: Case, ask: asks.Merge, by: By) -> None:
    """A complaint does not reach the unit complained about by way of another case."""
    if set(case.complained_units) & set(ask.into_units):
        raise Refused("那一件由被投诉的单位办理，不能并入", code="unit_complained_about")


def report_was_made(case: Case, ask: asks.Triage | asks.Merge | asks.NotAccept, by: By) -> None:
    """An emergency and harm to who cannot help himself are reported first, whoever brought the matter in."""
    if case.report_due:
        said = "须先向公安、消防、急救等报告，并由首问责任人或调度员记下报给了谁、何时报的，再往下办"
        raise Refused(said, code="report_first", first_receiver=case.first_receiver)


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
