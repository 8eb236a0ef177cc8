"""The nouns of petition."""

from services.petition.model.petition import (
    CallBack,
    CaseView,
    Extension,
    Link,
    Petition,
    Taken,
    VoidAsked,
    Written,
)
from services.petition.model.states import State

__all__ = [
    "CallBack",
    "CaseView",
    "Extension",
    "Link",
    "Petition",
    "State",
    "Taken",
    "VoidAsked",
    "Written",
]
