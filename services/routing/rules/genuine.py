"""Whether an answer is the one a department was asked for: the outlet it came through says who speaks."""

from __future__ import annotations

from collections.abc import Set

from shared.decision import Cause


def fault(cause: Cause, department: str, id: str, asked: Set[str]) -> str:
    """What shows that an answer is not that department's own; empty when nothing does."""
    heard = cause.heard
    if heard is None:
        return "unknown_delivery"
    checks = {
        "foreign_outlet": cause.origin == f"dept.{department}.out",
        "foreign_source": heard.source == f"/dept/{department}",
        "foreign_subject": heard.subject == f"delivery/{id}",
        "foreign_cause": heard.causationid in asked,
    }
    return next((fault for fault, holds in checks.items() if not holds), "")
