"""A message heard is one find and one write of one row."""

from __future__ import annotations

from typing import Any

from services.reporting.rules import petitions
from services.reporting.rules.following import follow, row_id
from services.reporting.store import Stores
from shared.decision import Cause, Decision


def follow_case(all: Stores, event: Any, cause: Cause) -> None:
    """The case's row after an event that names the case."""
    heard = cause.heard
    assert heard is not None
    all.rows.open(row_id(heard), cause, lambda row: Decision(state=follow(row, event, heard)))


def follow_petition(all: Stores, event: Any, cause: Cause) -> None:
    """The petition's row after an event."""
    heard = cause.heard
    assert heard is not None
    id = heard.subject.partition("/")[2]
    all.petitions.open(id, cause, lambda row: Decision(state=petitions.follow(row, event, heard)))
