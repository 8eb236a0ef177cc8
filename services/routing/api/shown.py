"""How a case and a hand-over look to whoever asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from services.routing.model import Case, Delivery, allowed
from services.routing.rules.clocks import runs
from services.routing.rules.ladder import needed
from shared.aggregate import Held
from shared.contracts import wire
from shared.deadlines import Deadline
from shared.profile import Profile


def row(held: Held[Case], now: datetime) -> dict[str, Any]:
    """A case in a list."""
    case = held.state
    return vars(case) | {"id": held.id, "version": held.version, "late": is_late(case, now)}


def full(case: Case, roles: Iterable[str], now: datetime, profile: Profile) -> dict[str, Any]:
    """A case with its clocks and what the caller may do with it."""
    return vars(case) | {
        "late": is_late(case, now),
        "clocks": [_clock(clock, now) for clock in case.clocks],
        "allowed": list(allowed(case.state, roles)),
        "needed": needed(case, profile),
        "suggestion_reasons": f"/intake/registrations/{case.reg_ids[0]}/suggestion",
    }


def is_late(case: Case, now: datetime) -> bool:
    """Whether a running clock of the case is over."""
    return case.first_due is not None and case.first_due <= now


def _clock(clock: Deadline, now: datetime) -> dict[str, Any]:
    late = clock.state == "breached" or (runs(clock) and clock.due_at <= now)
    return vars(clock) | {"late": late}


def step(entry: Mapping[str, Any]) -> dict[str, Any]:
    """One line of the history, with the post of who acted and never the person."""
    told = [wire.decode(bytes(body)) for body in entry["events"]]
    return {
        "version": entry["v"],
        "at": entry["at"],
        "role": entry["role"],
        "unit": entry["unit"],
        "reason": entry["reason"],
        "events": [{"type": event.name, "data": event.data} for event in told],
    }


def handover(held: Held[Delivery]) -> dict[str, Any]:
    """A hand-over in a list."""
    return vars(held.state) | {"id": held.id, "version": held.version}
