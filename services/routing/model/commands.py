"""What somebody may ask of a case: one value per command. Reasons are codes; texts have no place here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.routing.model.states import State
from shared.contracts.fields import (
    Complexity,
    MatterType,
    Outcome,
    PauseReason,
    Tier,
    Trigger,
    Willingness,
)


@dataclass(frozen=True, kw_only=True)
class Merge:
    """This case is the same matter as another one; a person confirms it."""

    into_case_id: str
    confirmed: bool
    into_state: State | None = None  # this and what follows is looked up by the handler
    into_protected: bool = False
    into_units: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Unmerge:
    """The two cases are not the same matter after all; a person confirms it."""

    confirmed: bool
    reason: str


@dataclass(frozen=True, kw_only=True)
class NotAccept:
    """The matter belongs elsewhere by law; the resident got a written notice."""

    reason: str
    notice: bool


@dataclass(frozen=True, kw_only=True)
class Triage:
    """What a person found the matter to be."""

    matter_type: MatterType
    category: str
    complexity: Complexity
    willingness: Willingness
    flags: tuple[str, ...] = ()
    tier: Tier | None = None
    protected: bool | None = None
    complained_units: tuple[str, ...] = ()
    harm_reported: bool = False
    suggestion_used: bool = False


@dataclass(frozen=True, kw_only=True)
class Assign:
    """Give the case to a unit; without one the competence table chooses."""

    lead_unit: str = ""
    co_units: tuple[str, ...] | None = None
    reason: str = "competence_table"


@dataclass(frozen=True, kw_only=True)
class Transfer:
    """Move the case from its unit to another."""

    to_unit: str
    reason: str
    co_units: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Return:
    """Give the case back to the dispatcher, or ask to."""

    reason: str = ""  # the dispatcher may leave it empty: then the reason asked for holds


@dataclass(frozen=True, kw_only=True)
class Escalate:
    """Ask the tier above to take over."""

    trigger: Trigger
    material_complete: bool
    approved_by: str = ""


@dataclass(frozen=True, kw_only=True)
class Reasoned:
    """A step that needs nothing but its reason: send back, rework."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class Blow:
    """Call units together to this case (吹哨)."""

    reasons: tuple[str, ...]
    units: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Suspend:
    """Let the case rest until a day, for an allowed reason."""

    reason: PauseReason
    until: datetime
    approved_by: str
    document: bool


@dataclass(frozen=True, kw_only=True)
class Resolve:
    """The unit says the matter is done, and how."""

    outcome: Outcome
    requests_answered: bool
    routes_notice: bool = False


@dataclass(frozen=True, kw_only=True)
class Call:
    """How a call-back went."""

    reached: bool
    performed: bool | None = None
    satisfied: int | None = None
    places_visited: int | None = None
    remaining_hardship: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Close:
    """End the case; the handler looks up what is still owed."""

    open_deliveries: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReferOut:
    """Hand the matter to another lawful route."""

    route: str
    material: bool
    receipt: bool


@dataclass(frozen=True, kw_only=True)
class Withdraw:
    """The applicant takes the matter back; the statement is on file."""

    reason: str
    statement: bool


@dataclass(frozen=True, kw_only=True)
class Relapse:
    """The same dispute broke out again; a person confirms it."""

    confirmed: bool


@dataclass(frozen=True, kw_only=True)
class Round:
    """A failed sitting, as mediation tells it."""

    tier: Tier
    counts: bool


@dataclass(frozen=True, kw_only=True)
class Nothing:
    """A command that is its own name: accept, start, arrive, resume, verify."""
