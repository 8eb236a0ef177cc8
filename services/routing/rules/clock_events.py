"""What is told about a clock."""

from __future__ import annotations

from typing import cast

from services.routing.model import Case
from shared.contracts.fields import PauseReason
from shared.contracts.sla import SlaCancelled, SlaMet, SlaPaused, SlaResumed, SlaStarted
from shared.deadlines import Deadline


def started(case: Case, clock: Deadline) -> SlaStarted:
    """It began to run."""
    return SlaStarted(
        clock_id=clock.id, case_id=case.case_id, kind=clock.kind, started_at=clock.start_at,
        due_at=clock.due_at, provisional=clock.provisional,
    )  # fmt: skip


def stopped(case: Case, clock: Deadline) -> SlaMet:
    """What it waited for happened, in time or late."""
    assert clock.stopped_at is not None
    return SlaMet(
        clock_id=clock.id, case_id=case.case_id, kind=clock.kind, due_at=clock.due_at,
        stopped_at=clock.stopped_at, late=clock.state == "breached",
    )  # fmt: skip


def cancelled(case: Case, clock: Deadline, reason: str) -> SlaCancelled:
    """What it waited for can no longer happen."""
    return SlaCancelled(clock_id=clock.id, case_id=case.case_id, kind=clock.kind, reason=reason)


def paused(case: Case, clock: Deadline) -> SlaPaused:
    """It rests."""
    reason = cast(PauseReason, clock.paused_reason)
    return SlaPaused(clock_id=clock.id, case_id=case.case_id, kind=clock.kind, reason=reason)


def resumed(case: Case, clock: Deadline) -> SlaResumed:
    """It runs again."""
    return SlaResumed(clock_id=clock.id, case_id=case.case_id, kind=clock.kind, due_at=clock.due_at)
