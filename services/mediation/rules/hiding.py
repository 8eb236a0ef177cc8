"""Hiding a matter whose case was found to need protection after the matter began."""

from __future__ import annotations

from services.mediation.model import Matter
from services.mediation.rules.by import By
from services.mediation.rules.step import moved, noted
from shared.decision import Decision


def hide(matter: Matter, by: By) -> Decision[Matter] | None:
    """The matter, open or ended, hidden; None when it is hidden already."""
    if matter.protected:
        return None
    return moved(matter, by, noted(matter, "protected"), reason="列为保护事项", protected=True)
