"""The part of a profile that moves a case: ladder, attempts, whistles, supervision, sponsors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from shared.profile.shape import Basis, Code, Count, Positive


@dataclass(frozen=True, kw_only=True)
class Step:
    """One tier of the ladder: what must have happened before the case may go up, or how the ladder ends."""

    tier: Code
    next: Code | None = None
    min_failed: Count = 0
    trigger: tuple[Code, ...] = ()
    attendance_required: tuple[Code, ...] = ()
    lead_kind: tuple[Code, ...] = ()
    escalate_within: str = ""
    sponsor_within: str = ""
    terminal: Code | None = None
    then: tuple[Code, ...] = ()
    notify: tuple[Code, ...] = ()
    team: str = ""
    via: Code | None = None
    agency_errand: bool = False
    basis: Basis


@dataclass(frozen=True, kw_only=True)
class FastTrack:
    """A reason to go up at once, and who must approve it."""

    reason: Code
    to: Code
    approver: Code
    basis: Basis


@dataclass(frozen=True, kw_only=True)
class Ladder:
    """How a case climbs."""

    mode: Literal["attempts", "outcome", "competence"]
    steps: tuple[Step, ...]
    fast_track: tuple[FastTrack, ...] = ()
    interested_tier_skipped: bool = True
    attempt_round: bool = True
    basis: Basis

    def step(self, tier: str) -> Step | None:
        """The step of a tier; None for a tier that is not on the ladder."""
        return next((step for step in self.steps if step.tier == tier), None)

    def track(self, reason: str) -> FastTrack | None:
        """The fast track for a reason; None when this county has none."""
        return next((track for track in self.fast_track if track.reason == reason), None)


@dataclass(frozen=True, kw_only=True)
class CrossRegion:
    """Who takes a case whose parties live in different places."""

    route: Code
    online_first: bool = False
    basis: Basis


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """What counts as one failed round of mediation."""

    min_gap_hours: Count
    notices: Positive
    attendance_required: tuple[Code, ...] = ()
    round_window_hours: Count
    basis: Basis


@dataclass(frozen=True, kw_only=True)
class Whistle:
    """Calling other units to the scene."""

    enabled: bool
    reasons: tuple[Code, ...] = ()
    approver: str = ""
    answer_within: str = ""
    report_within: str = ""
    released_by: Code = "caller"
    caller_rates: bool = True
    moves_ladder: bool = False
    basis: Basis


@dataclass(frozen=True, kw_only=True)
class Supervision:
    """What happens when a clock is breached."""

    kinds: tuple[Code, ...]
    on_breach: Code
    confirm_by: Code
    no_sponsor: Code = "appoint"
    meeting: str = ""
    plan_within: str = ""
    feedback_within: str = ""
    basis: Basis


@dataclass(frozen=True, kw_only=True)
class Sponsorship:
    """Leaders who take a hard case into their own hands."""

    tier: Code
    by: tuple[Code, ...]
    within: str = ""
    review_every: timedelta
    team: str = ""
    basis: Basis


@dataclass(frozen=True, kw_only=True)
class RiskNotice:
    """Notices about a case to those who must keep an eye on it; never about a person."""

    enabled: bool
    ack: str = ""
    bases: tuple[Code, ...] = ()
    signer: str = ""
    to: tuple[Code, ...] = ()
    about: Literal["case"] = "case"
    basis: Basis
