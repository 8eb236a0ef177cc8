"""What intake takes and gives over HTTP."""

from services.intake.schemas.given import (
    RegisteredAnswer,
    RegistrationAnswer,
    RegistrationList,
    RevealAnswer,
    StandingAnswer,
    WaitingReveal,
    WaitingReveals,
)
from services.intake.schemas.imports import ImportAnswer, ImportList, MappingList
from services.intake.schemas.taken import (
    BroughtRegistration,
    ListQuery,
    NewRegistration,
    QueryBody,
    RegisterQuery,
    RevealBody,
)

__all__ = [
    "BroughtRegistration",
    "ImportAnswer",
    "ImportList",
    "ListQuery",
    "MappingList",
    "NewRegistration",
    "QueryBody",
    "RegisterQuery",
    "RegisteredAnswer",
    "RegistrationAnswer",
    "RegistrationList",
    "RevealAnswer",
    "RevealBody",
    "StandingAnswer",
    "WaitingReveal",
    "WaitingReveals",
]
