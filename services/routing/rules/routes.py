"""The lawful ways out of the centre, in the words of the contracts."""

from __future__ import annotations

from typing import cast, get_args

from shared.contracts.fields import LegalRoute

SAME: dict[str, LegalRoute] = {  # a county's own code -> the contracts' word
    "land_arbitration": "arbitration",
    "reconsideration": "administrative_reconsideration",
    "special_body": "administrative_handling",
    "in_progress_unit": "administrative_handling",
    "concluded_note": "petition",
}


def legal_route(code: str) -> LegalRoute:
    """The route as others understand it; one they have no word for is `other`."""
    return cast(LegalRoute, code) if code in get_args(LegalRoute) else SAME.get(code, "other")
