"""What others may know of a case: of a protected one neither its category nor why it is protected (§3.6)."""

from __future__ import annotations

from typing import cast

from services.routing.model import PUBLIC_FLAGS, Case
from shared.contracts.fields import PublicFlag


def shown_category(case: Case) -> str | None:
    """The category, unless the case is protected."""
    return None if case.protected else case.category


def public_flags(case: Case) -> tuple[PublicFlag, ...]:
    """The flags that leave routing."""
    return tuple(cast(PublicFlag, flag) for flag in case.flags if flag in PUBLIC_FLAGS)
