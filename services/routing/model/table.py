"""The whole way of a case as one table: from where, by whom, on which conditions, to where, and what is told.

Read a row as a sentence: "G5: a case that is *assigned* may be *accepted* by the unit's staff, if they are of
the lead unit; it is then *accepted*, and `case.accepted` is told." What is not in the table cannot happen.
Every guard is a function of the same name in `rules/guards.py`; conditions of the design that cannot be
checked yet stand in `open_guards.py` with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from services.routing.model.states import OPEN, State
from services.routing.model.states import State as S
from shared.errors import Illegal


class Step(Enum):
    """Where a transition leads when it names no state of its own."""

    SAME = "same"
    PREVIOUS = "previous"


@dataclass(frozen=True, kw_only=True)
class Transition:
    """One row: `command` is the ask, `title` its name on the screen, `emits` the facts it makes."""

    id: str
    command: str
    title: str
    sources: tuple[State, ...]
    to: State | Step
    guards: tuple[str, ...] = ()
    actors: tuple[str, ...]
    emits: tuple[str, ...]


DISPATCH = ("director", "dispatcher")
UNIT = ("unit_head", "unit_staff")
CHECK = ("verifier",)
MACHINE = ("service",)  # an event of another service, or of a department
TIMER = ("system",)
AWAKE = tuple(state for state in OPEN if state != S.SUSPENDED)

# fmt: off
TABLE: tuple[Transition, ...] = (
    Transition(id="G0", command="register", title="登记", sources=(), to=S.REGISTERED,
               actors=MACHINE, emits=("case.registered",)),
    Transition(id="G1", command="merge", title="并案", sources=(S.REGISTERED, S.TRIAGED), to=S.MERGED,
               guards=("a_person_confirmed", "the_other_case_is_open", "nothing_was_merged_here",
                       "equally_protected", "not_into_the_unit_complained_about", "report_was_made"),
               actors=("clerk", *DISPATCH), emits=("case.merged",)),
    Transition(id="G2", command="not_accept", title="不予受理", sources=(S.REGISTERED,), to=S.NOT_ACCEPTED,
               guards=("report_was_made", "refusal_is_lawful", "notice_is_written"),
               actors=DISPATCH, emits=("case.not_accepted",)),
    Transition(id="G3", command="triage", title="分类", sources=(S.REGISTERED,), to=S.TRIAGED,
               guards=("by_the_tier", "report_was_made", "type_is_known", "category_is_known",
                       "complained_units_exist", "harm_is_reported", "somebody_is_competent"),
               actors=DISPATCH, emits=("case.triaged",)),
    Transition(id="G4", command="assign", title="交办", sources=(S.TRIAGED,), to=S.ASSIGNED,
               guards=("by_the_tier", "one_lead_unit", "units_exist", "not_the_unit_complained_about"),
               actors=DISPATCH, emits=("case.assigned",)),
    Transition(id="G5", command="accept", title="接件", sources=(S.ASSIGNED,), to=S.ACCEPTED,
               guards=("by_the_lead_unit",),
               actors=(*UNIT, *MACHINE), emits=("case.accepted",)),
    Transition(id="G6", command="return", title="退回", sources=(S.ASSIGNED,), to=S.TRIAGED,
               guards=("by_the_tier", "reason_for_return", "third_return_by_the_director"),
               actors=(*DISPATCH, *MACHINE), emits=("case.returned",)),
    Transition(id="G7", command="transfer", title="转办", sources=(S.ASSIGNED, S.ACCEPTED), to=S.ASSIGNED,
               guards=("by_the_tier", "units_exist", "not_the_unit_complained_about", "no_way_back"),
               actors=DISPATCH, emits=("case.transferred", "case.assigned")),
    Transition(id="G8", command="start", title="开始办理", sources=(S.ACCEPTED,), to=S.HANDLING,
               guards=("by_the_lead_unit",),
               actors=(*UNIT, *MACHINE), emits=("case.handling_started",)),
    Transition(id="G9", command="open_mediation", title="开始调解",
               sources=(S.ACCEPTED, S.HANDLING), to=S.MEDIATING,
               guards=("help_is_given_elsewhere", "category_is_mediable", "willingness_is_asked",
                       "nobody_refused"),
               actors=MACHINE, emits=("case.mediation_opened",)),
    Transition(id="G10", command="record_attempt", title="记一轮不成", sources=(S.MEDIATING,), to=Step.SAME,
               guards=("the_round_counts",),
               actors=MACHINE, emits=("case.attempt_recorded",)),
    Transition(id="G11", command="close_mediation", title="调解终止", sources=(S.MEDIATING,), to=S.HANDLING,
               actors=MACHINE, emits=("case.mediation_closed",)),
    Transition(id="G12", command="agree", title="达成协议", sources=(S.MEDIATING,), to=S.AGREED,
               actors=MACHINE, emits=("case.agreement_reached",)),
    Transition(id="G13", command="escalate", title="上报", sources=(S.HANDLING, S.MEDIATING), to=S.ESCALATING,
               guards=("a_tier_is_above", "ladder_is_satisfied", "material_is_complete"),
               actors=("director", "duty_leader", "unit_head"), emits=("case.escalation_requested",)),
    Transition(id="G14", command="accept_escalation", title="上级接收", sources=(S.ESCALATING,), to=S.TRIAGED,
               guards=("by_the_tier_above",),
               actors=DISPATCH, emits=("case.escalated",)),
    Transition(id="G15", command="send_back", title="上级退回", sources=(S.ESCALATING,), to=S.HANDLING,
               guards=("by_the_tier_above", "sent_back_once_per_tier"),
               actors=DISPATCH, emits=("case.escalation_rejected",)),
    Transition(id="G16", command="whistle", title="吹哨", sources=AWAKE, to=Step.SAME,
               guards=("whistle_is_on", "whistle_reasons_are_listed", "units_exist"),
               actors=("director",), emits=("whistle.called",)),
    Transition(id="G17", command="suspend", title="中止", sources=AWAKE, to=S.SUSPENDED,
               guards=("rest_is_allowed", "rest_ends_in_time", "somebody_approved"),
               actors=("director", *UNIT), emits=("case.suspended",)),
    Transition(id="G18", command="resume", title="恢复", sources=(S.SUSPENDED,), to=Step.PREVIOUS,
               actors=(*DISPATCH, *UNIT, *TIMER), emits=("case.resumed",)),
    Transition(id="G19", command="resolve", title="办理完毕", sources=(S.HANDLING, S.AGREED), to=S.RESOLVED,
               guards=("by_the_lead_unit", "outcome_fits", "requests_are_answered", "routes_were_shown"),
               actors=(*UNIT, *MACHINE), emits=("case.resolved",)),
    Transition(id="G20", command="verify", title="核查通过", sources=(S.RESOLVED,), to=S.VERIFIED,
               guards=("not_by_the_handler", "resident_was_called"),
               actors=CHECK, emits=("case.verified",)),
    Transition(id="G21", command="rework", title="核查退回", sources=(S.RESOLVED,), to=S.HANDLING,
               guards=("not_by_the_handler",),
               actors=CHECK, emits=("case.reopened_for_rework",)),
    Transition(id="G22", command="close", title="办结", sources=(S.VERIFIED,), to=S.CLOSED,
               guards=("no_handling_clock_runs", "no_delivery_is_open"),
               actors=("director",), emits=("case.closed",)),
    Transition(id="G23", command="refer_out", title="引导外部途径", sources=(S.HANDLING,), to=S.REFERRED_OUT,
               guards=("by_the_lead_unit", "route_is_lawful", "material_was_handed_over"),
               actors=UNIT, emits=("case.referred_out",)),
    Transition(id="G24", command="withdraw", title="撤回", sources=OPEN, to=S.WITHDRAWN,
               guards=("statement_is_on_file", "nobody_is_in_danger", "nobody_else_waits"),
               actors=("clerk", *DISPATCH), emits=("case.withdrawn",)),
    Transition(id="G25", command="relapse", title="反复", to=S.REGISTERED,
               sources=(S.CLOSED, S.REFERRED_OUT, S.WITHDRAWN),
               guards=("a_person_confirmed",),
               actors=("clerk", *DISPATCH), emits=("case.relapsed",)),
    Transition(id="G26", command="breach", title="超期", sources=OPEN, to=Step.SAME,
               actors=TIMER, emits=("sla.breached", "supervision.proposed")),
    Transition(id="G27", command="unmerge", title="撤销并案", sources=(S.MERGED,), to=Step.PREVIOUS,
               guards=("a_person_confirmed",),
               actors=("clerk", *DISPATCH, *MACHINE), emits=("case.unmerged",)),
)

BESIDE: tuple[Transition, ...] = (  # steps that change no state but must be on record
    Transition(id="B1", command="arrive", title="接人",
               sources=(S.ASSIGNED, S.ACCEPTED, S.HANDLING), to=Step.SAME,
               guards=("the_resident_waits",),
               actors=("clerk", "guide"), emits=("case.arrived",)),
    Transition(id="B2", command="ask_return", title="申请退回", sources=(S.ASSIGNED,), to=Step.SAME,
               guards=("by_the_lead_unit", "reason_for_return"),
               actors=(*UNIT, *MACHINE), emits=("case.return_requested",)),
    Transition(id="B3", command="refuse_return", title="不同意退回", sources=(S.ASSIGNED,), to=Step.SAME,
               guards=("by_the_tier", "a_return_was_asked"),
               actors=DISPATCH, emits=("case.return_refused",)),
    Transition(id="B4", command="call_back", title="回访", sources=(S.RESOLVED,), to=Step.SAME,
               guards=("not_by_the_handler", "one_call_per_closure"),
               actors=(*CHECK, "clerk", "dispatcher"), emits=("case.callback_completed",)),
    Transition(id="B6", command="join", title="并入另一件", sources=OPEN, to=Step.SAME,
               actors=MACHINE, emits=("case.joined",)),
    Transition(id="B7", command="part", title="并入的一件已撤出", sources=tuple(S), to=Step.SAME,
               actors=MACHINE, emits=("case.parted",)),
    Transition(id="B8", command="flag", title="标记", sources=OPEN, to=Step.SAME,
               actors=MACHINE, emits=("case.flag_changed",)),
    Transition(id="B5", command="note", title="备注", sources=tuple(S), to=Step.SAME,
               actors=MACHINE, emits=("case.noted",)),
)
# fmt: on

ROWS = {row.command: row for row in (*TABLE, *BESIDE)}


def row(command: str) -> Transition:
    """The row of a command."""
    return ROWS[command]


def roles(*commands: str) -> tuple[str, ...]:
    """Who may give these commands by hand, the higher post first."""
    found = (role for command in commands for role in ROWS[command].actors)
    return tuple(dict.fromkeys(role for role in found if role not in (*MACHINE, *TIMER)))


def knows(state: State, command: str) -> bool:
    """Whether a state has this command, whoever gives it."""
    return state in ROWS[command].sources


def allowed(state: State, held: Iterable[str] | None = None) -> tuple[str, ...]:
    """The commands that people may give in a state; with roles, only those that one of them may give."""
    mine = None if held is None else set(held)
    return tuple(
        command
        for command in ROWS
        if knows(state, command) and (roles(command) if mine is None else mine & set(roles(command)))
    )


def must_allow(state: State, command: str) -> Transition:
    """The row of a command in a state.

    Raises Illegal with the state and what it allows.
    """
    found = ROWS[command]
    if not knows(state, command):
        raise Illegal(f"当前状态不能“{found.title}”", state=state.value, allowed=allowed(state))
    return found


def target(found: Transition, state: State, previous: State | None) -> State:
    """The state after a transition."""
    if found.to is Step.PREVIOUS:
        return previous or state
    return state if isinstance(found.to, Step) else found.to
