"""A matter that was answered on the spot and drawn to be asked about: was it really answered?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class SpotCheck:
    """One of those that were drawn."""

    check_id: str
    region: str
    protected: bool
    reg_id: str
    case_id: str
    case_no: str
    answered_by: str  # who may not ask
    answered_at: datetime
    due_at: datetime
    tries: int = 0
    done_at: datetime | None = None
    done_by: str = ""
    reached: bool | None = None
    answered: bool | None = None
    satisfied: int | None = None
    places_visited: int | None = None
    reopened_as: str = ""  # the new registration, when it was not answered
