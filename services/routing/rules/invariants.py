"""What must hold of every case at every moment: nothing waits without an owner and a clock (COR-06)."""

from __future__ import annotations

from services.routing.model import ENDED, Case
from services.routing.rules.clocks import runs


def assert_owned(case: Case) -> None:
    """Raises AssertionError when an open case has no owner or no clock, or an ended one still runs."""
    running = [clock.kind for clock in case.clocks if runs(clock)]
    if case.state in ENDED:
        assert not running, f"{case.case_no} is {case.state} and {running} still run"
        return
    owner = case.owner
    assert owner.post and owner.unit and owner.ref, f"{case.case_no} is {case.state} and nobody's"
    assert running, f"{case.case_no} is {case.state} and no clock runs"
