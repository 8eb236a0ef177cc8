"""Asking the resident afterwards: whether it was done, or tried often enough."""

from __future__ import annotations

from services.routing.model import CallBack, Case
from shared.profile import Profile


def calls_of_this_closure(case: Case) -> tuple[CallBack, ...]:
    """The call-backs since the case was last resolved."""
    return tuple(call for call in case.callbacks if call.closure == case.closures)


def resident_was_asked(case: Case, profile: Profile) -> bool:
    """Whether the resident was reached, or as many tries are on record as the county asks for."""
    calls = calls_of_this_closure(case)
    return any(call.reached for call in calls) or len(calls) >= profile.callback.attempts
