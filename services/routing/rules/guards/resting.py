"""Conditions of letting a case rest."""

from __future__ import annotations

from datetime import timedelta

from services.routing.model import Case
from services.routing.model import commands as asks
from services.routing.rules.by import By
from shared.errors import Refused


def rest_is_allowed(case: Case, ask: asks.Suspend, by: By) -> None:
    """Waiting for a superior, or for colleagues, is no reason to rest."""
    allowed = list(by.profile.suspend.reasons)
    if ask.reason not in allowed or not ask.document:
        raise Refused("中止须有允许的理由和凭证", code="rest_not_allowed", allowed=allowed)


def rest_ends_in_time(case: Case, ask: asks.Suspend, by: By) -> None:
    """A rest has an end, not too far away."""
    most = by.profile.suspend.max_days
    if not by.at < ask.until <= by.at + timedelta(days=most):
        raise Refused(f"中止的止期须在{most}天之内", code="rest_too_long", max_days=most)


def somebody_approved(case: Case, ask: asks.Suspend, by: By) -> None:
    """A rest is approved by the head of the unit; the head may be the one who asks."""
    if by.actor.role not in ("unit_head", "director") and ask.approved_by in ("", by.actor.ref):
        raise Refused("中止须有批准人", code="approver_missing", approver=by.profile.suspend.approver)
