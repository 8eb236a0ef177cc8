"""Conditions of resolving, checking, closing and leaving."""

from __future__ import annotations

from typing import get_args

from services.routing.model import SAFETY_FLAGS, Case
from services.routing.model import commands as asks
from services.routing.rules.by import By
from services.routing.rules.calls import calls_of_this_closure, resident_was_asked
from services.routing.rules.clocks import HANDLING, running
from shared.contracts.fields import Outcome
from shared.errors import Refused


def outcome_fits(case: Case, ask: asks.Resolve, by: By) -> None:
    """What is said to have come out must be possible: mediated means there is an agreement of that form."""
    if ask.outcome not in get_args(Outcome) or ask.outcome == "withdrawn":
        raise Refused("没有这种办理结果", code="outcome_unknown")
    machine = by.actor.role == "service"
    form = {"mediated_written": "written", "mediated_oral": "oral"}.get(ask.outcome)
    agreed = case.agreement.form if case.agreement else None
    if form and form != agreed and not machine:
        raise Refused("没有生效的调解协议，不能按调解成功办结", code="no_agreement")


def requests_are_answered(case: Case, ask: asks.Resolve, by: By) -> None:
    """Every request of the resident has its answer."""
    if not ask.requests_answered:
        raise Refused("还有诉求没有答复", code="requests_unanswered")


def routes_were_shown(case: Case, ask: asks.Resolve, by: By) -> None:
    """Whoever leaves without a solution knows the other lawful routes."""
    unsolved = ask.outcome in ("failed", "referred_court", "referred_arbitration", "referred_admin")
    if unsolved and not ask.routes_notice:
        raise Refused("未化解的须告知其他法定途径", code="routes_notice_missing")


def resident_was_called(case: Case, ask: object, by: By) -> None:
    """Nothing is verified before the resident was asked, or tried to be asked often enough."""
    if not resident_was_asked(case, by.profile):
        tries = len(calls_of_this_closure(case))
        raise Refused(f"还没有回访到群众（已联系{tries}次）", code="callback_missing", tries=tries)


def one_call_per_closure(case: Case, ask: object, by: By) -> None:
    """The resident is asked once per closure, not again and again (COR-21)."""
    if resident_was_asked(case, by.profile):
        raise Refused("这次办结已经回访过", code="already_called")


def no_handling_clock_runs(case: Case, ask: object, by: By) -> None:
    """Closing leaves no clock of handling behind; performance of an agreement runs elsewhere (COR-17)."""
    left = running(case, *HANDLING)
    if left:
        raise Refused("还有办理时钟没有停", code="clock_open", clock=left.kind)


def no_delivery_is_open(case: Case, ask: asks.Close, by: By) -> None:
    """No department still owes an answer."""
    if ask.open_deliveries:
        raise Refused("还有部门没有答复", code="delivery_open", deliveries=list(ask.open_deliveries))


def route_is_lawful(case: Case, ask: asks.ReferOut, by: By) -> None:
    """A matter leaves only by a route of the county's list."""
    known = [route.code for route in by.profile.referral_routes]
    if ask.route not in known:
        raise Refused("没有这条法定途径", code="route_unknown", allowed=known)


def material_was_handed_over(case: Case, ask: asks.ReferOut, by: By) -> None:
    """It leaves with its material, and where the route wants one, with a receipt."""
    wanted = any(route.code == ask.route and route.receipt for route in by.profile.referral_routes)
    if not ask.material or (wanted and not ask.receipt):
        raise Refused("须交接材料并取得回执", code="receipt_missing")


def statement_is_on_file(case: Case, ask: asks.Withdraw, by: By) -> None:
    """Only the applicant takes a matter back."""
    if not ask.statement:
        raise Refused("须有申请人撤回的声明", code="statement_missing")


def nobody_else_waits(case: Case, ask: asks.Withdraw, by: By) -> None:
    """Who takes a matter back speaks for nobody else who reported it."""
    if case.joined:
        raise Refused("还有并入的群众在等答复，请先撤销并案", code="others_wait", joined=len(case.joined))


def nobody_is_in_danger(case: Case, ask: asks.Withdraw, by: By) -> None:
    """Where somebody may be hurt, a case is not simply taken back."""
    if set(SAFETY_FLAGS) & set(case.flags):
        raise Refused("涉及人身安全，不能撤回，请转专人评估", code="safety_flag")
