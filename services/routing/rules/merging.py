"""Two cases that are one matter: the later one joins the earlier one, and may leave it again.

The case that joins ends as `merged`; it keeps its number, its registrations and its history, and the case it
joined lists it. When the merge is undone it is where it was before, with the same owner, and the clocks that
the merge ended run to their old ends: nobody wins time by a merge, whatever became of the other case.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from services.routing.model import Case, Joined, State, row
from services.routing.model import commands as asks
from services.routing.rules.by import By
from services.routing.rules.clocks import follow
from services.routing.rules.step import entered, moved
from shared.contracts.base import Event
from shared.contracts.closing import CaseFlagChanged
from shared.contracts.fields import PublicFlag
from shared.contracts.merging import CaseJoined, CaseParted, CaseUnmerged
from shared.contracts.routing import CaseMerged
from shared.decision import Decision
from shared.errors import Refused

BEGAN = {State.REGISTERED: "case.registered", State.TRIAGED: "case.triaged"}
"""By what the clocks of a state start, should none of the old ones be left."""
REASONS = ("not_same_matter", "master_gone", "asked_by_resident", "other")


def merge(case: Case, ask: asks.Merge, by: By) -> Decision[Case]:
    """G1: this case is the same matter as another one and ends there."""
    step = entered(case, "merge", ask, by)
    event = CaseMerged(case_id=case.case_id, into_case_id=ask.into_case_id)
    changes = {"merged_into": ask.into_case_id, "previous_state": case.state}
    done = moved(case, step, by, event, **changes)
    still = {clock.id for clock in case.clocks if clock.stopped_at is None}
    ended = tuple(clock.id for clock in done.state.clocks if clock.id in still and clock.stopped_at)
    return replace(done, state=replace(done.state, stilled=ended))


def unmerge(case: Case, ask: asks.Unmerge, by: By) -> Decision[Case]:
    """G27: it was another matter after all; the case goes on where it was.

    Raises Illegal when it is not merged, Refused without a listed reason.
    """
    step = entered(case, "unmerge", ask, by)
    if ask.reason not in REASONS:
        raise Refused("请选择撤销并案的理由", code="reason_not_listed", fields={"reason": ["不在清单里"]})
    done = moved(case, step, by, lambda after: _unmerged(case, after, ask.reason))
    state, clocks = _with_a_clock(done.state, by)
    state = replace(state, merged_into=None, previous_state=None, stilled=())
    return replace(done, state=state, events=(*done.events, *clocks))


def _unmerged(case: Case, after: Case, reason: str) -> CaseUnmerged:
    return CaseUnmerged(
        case_id=case.case_id, from_case_id=case.merged_into or "", reason=reason, state=after.state.value
    )


def _with_a_clock(case: Case, by: By) -> tuple[Case, tuple[Event, ...]]:
    return (case, ()) if case.first_due else follow(case, (BEGAN[case.state],), by)


def join(case: Case, other: Case, by: By) -> Decision[Case] | None:
    """Another case was merged into this one. Nothing when that is known already.

    Raises Illegal when this case is over or itself merged.
    """
    if any(one.case_id == other.case_id for one in case.joined):
        return None
    step = entered(case, "join", other, by)
    joined = (*case.joined, _joined(other, by.at))
    event = CaseJoined(case_id=case.case_id, from_case_id=other.case_id, joined=len(joined))
    return moved(case, step, by, event, reason=f"并入 {other.case_no}", joined=joined)


def _joined(case: Case, at: datetime) -> Joined:
    return Joined(case_id=case.case_id, case_no=case.case_no, reg_ids=case.reg_ids, at=at)


def part(case: Case, other: Case, by: By) -> Decision[Case] | None:
    """A case that had joined goes its own way again. Nothing when it had not."""
    left = tuple(one for one in case.joined if one.case_id != other.case_id)
    if left == case.joined:
        return None
    event = CaseParted(case_id=case.case_id, from_case_id=other.case_id, joined=len(left))
    reason = f"撤出 {other.case_no}"
    return moved(case, row("part"), by, event, reason=reason, joined=left)


def flag(case: Case, name: PublicFlag, value: bool, by: By) -> Decision[Case] | None:
    """A person set or took away a public flag elsewhere. Nothing for a case that is over or has it so."""
    step = row("flag")
    if case.state not in step.sources or (name in case.flags) == value:
        return None
    others = tuple(one for one in case.flags if one != name)
    event = CaseFlagChanged(case_id=case.case_id, flag=name, value=value)
    return moved(case, step, by, event, flags=(*others, name) if value else others)
