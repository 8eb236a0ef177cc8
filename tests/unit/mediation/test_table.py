"""What the table of a matter does not know cannot happen."""

from __future__ import annotations

from typing import Any

import pytest

from services.mediation.model import State
from services.mediation.model.commands import Start
from services.mediation.model.table import MATTER, allowed
from services.mediation.rules import ending as closing
from services.mediation.rules import panel, scheduling, sessions, time, willing
from shared.errors import Illegal
from tests.unit.mediation.given import (
    agreed,
    by,
    ended,
    failed,
    in_force,
    opened,
    scheduled,
    session_id,
    started,
)  # fmt: skip

EVERY_STATE = {
    State.OPENED: opened,
    State.SCHEDULED: scheduled,
    State.IN_SESSION: started,
    State.FAILED: failed,
    State.AGREED: agreed,
    State.ADJOURNED: lambda: ended("adjourned").state,
    State.CLOSED: in_force,
}
STEPS: dict[str, Any] = {
    "record_consent": lambda m: willing.record_consent(m, None, by()),  # type: ignore[arg-type]
    "declare_conflict": lambda m: panel.declare_conflict(m, None, by()),  # type: ignore[arg-type]
    "appoint": lambda m: panel.appoint(m, None, by()),  # type: ignore[arg-type]
    "schedule": lambda m: scheduling.schedule(m, session_id(9), None, by()),  # type: ignore[arg-type]
    "start": lambda m: sessions.start(m, session_id(1), Start(rights_notice=True), by()),
    "extend": lambda m: time.extend(m, None, by()),  # type: ignore[arg-type]
    "close": lambda m: closing.close(m, None, by()),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("state", EVERY_STATE)
def test_what_the_table_does_not_know_is_refused_with_what_it_knows(state: State, step: str) -> None:
    if step in allowed(MATTER, state):
        return

    with pytest.raises(Illegal) as caught:
        STEPS[step](EVERY_STATE[state]())  # type: ignore[operator]

    assert caught.value.details == {"state": state, "allowed": sorted(allowed(MATTER, state))}
