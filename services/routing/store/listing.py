"""What is asked of the lists: which cases, which hand-overs, in which order, from where on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.routing.model import OPEN, Case, Delivery, State
from services.routing.model.delivery import OUTSTANDING, Stage
from services.routing.rules.board import stuck

Order = Literal["due", "registered"]


@dataclass(frozen=True, kw_only=True)
class CaseFilter:
    """Which cases. `unit` has them (lead or helping), `not_about` is the unit complained about."""

    region: str = ""
    unit: str = ""
    states: tuple[State, ...] = ()
    tier: str = ""
    category: str = ""
    case_no: str = ""
    late_at: datetime | None = None  # only open cases with a clock that is over at this instant
    not_about: str = ""
    protected_too: bool = True
    order: Order = "registered"

    def fits(self, case: Case) -> bool:
        """Whether a case is meant."""
        return (
            case.region.startswith(self.region)
            and (not self.unit or self.unit in (case.lead_unit, *case.co_units))
            and (not self.states or case.state in self.states)
            and (not self.tier or case.tier == self.tier)
            and (not self.category or case.category == self.category)
            and (not self.case_no or case.case_no == self.case_no)
            and self._is_late(case)
            and self.not_about not in case.complained_units
            and (self.protected_too or not case.protected)
            and (self.order != "due" or case.first_due is not None)
        )

    def _is_late(self, case: Case) -> bool:
        due = case.first_due
        return self.late_at is None or (case.state in OPEN and due is not None and due <= self.late_at)


@dataclass(frozen=True, kw_only=True)
class Stuck:
    """Only hand-overs that hang at an instant, or only those that do not; `away` gave no sign of life."""

    hangs: bool
    at: datetime
    away: frozenset[str] = frozenset()

    def fits(self, delivery: Delivery) -> bool:
        """Whether a delivery hangs as is wanted."""
        liveness = "offline" if delivery.department in self.away else "unknown"
        return bool(stuck(delivery, self.at, liveness)) is self.hangs


@dataclass(frozen=True, kw_only=True)
class DeliveryFilter:
    """Which hand-overs; those still owed, unless a stage is named."""

    region: str = ""
    department: str = ""
    stages: tuple[Stage, ...] = OUTSTANDING
    case_id: str = ""
    not_about: str = ""
    protected_too: bool = True
    stuck: Stuck | None = None

    def fits(self, delivery: Delivery) -> bool:
        """Whether a delivery is meant."""
        return (
            delivery.region.startswith(self.region)
            and (not self.department or delivery.department == self.department)
            and delivery.stage in self.stages
            and (not self.case_id or delivery.case_id == self.case_id)
            and self.not_about not in delivery.complained_units
            and (self.protected_too or not delivery.protected)
            and (self.stuck is None or self.stuck.fits(delivery))
        )
