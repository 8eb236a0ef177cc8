"""The nouns of mediation."""

from services.mediation.model.agreement import Agreement, Filing, Item, Signature
from services.mediation.model.matter import Complaint, Matter, Mediator, Party
from services.mediation.model.session import Minutes, Notice, OfficialPresence, Presence, Session
from services.mediation.model.states import AgreementState, FilingState, State
from services.mediation.model.view import CaseView

__all__ = [
    "Agreement",
    "AgreementState",
    "CaseView",
    "Complaint",
    "Filing",
    "FilingState",
    "Item",
    "Matter",
    "Mediator",
    "Minutes",
    "Notice",
    "OfficialPresence",
    "Party",
    "Presence",
    "Session",
    "Signature",
    "State",
]
