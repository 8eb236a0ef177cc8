"""The nouns of routing: the case, its table, and the deliveries to departments."""

from services.routing.model.case import Case
from services.routing.model.delivery import Delivery, Stage
from services.routing.model.open_guards import OPEN_GUARDS, OpenGuard
from services.routing.model.parts import (
    Agreement,
    Assignment,
    CallBack,
    Escalation,
    Joined,
    Mediation,
    Owner,
    Proposal,
    Reason,
    ReturnRequest,
    Suggestion,
    Suspension,
    Whistle,
)
from services.routing.model.states import ENDED, OPEN, PUBLIC_FLAGS, SAFETY_FLAGS, State
from services.routing.model.table import (
    BESIDE,
    TABLE,
    Step,
    Transition,
    allowed,
    knows,
    must_allow,
    roles,
    row,
)

__all__ = [
    "BESIDE", "ENDED", "OPEN", "OPEN_GUARDS", "PUBLIC_FLAGS", "SAFETY_FLAGS", "TABLE", "Agreement",
    "Assignment", "CallBack", "Case", "Delivery", "Escalation", "Joined", "Mediation", "OpenGuard", "Owner",
    "Proposal", "Reason", "ReturnRequest", "Stage", "State", "Step", "Suggestion", "Suspension",
    "Transition", "Whistle", "allowed", "knows", "must_allow", "roles", "row",
]  # fmt: skip
