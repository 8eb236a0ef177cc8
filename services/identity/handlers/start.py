"""What identity makes sure of before it answers: its indexes, its units, and one account to begin with."""

from __future__ import annotations

from services.identity.handlers.accounts import first_administrator
from services.identity.handlers.units import import_units
from services.identity.store import Stores, stores
from shared.clock import now
from shared.profile import Profile, profile
from shared.settings import settings


def prepared() -> Stores:
    """The real stores, ready: repeating it changes nothing."""
    kept = stores()
    kept.prepare()
    begin(kept, profile(), settings().secret("first_admin"))
    return kept


def begin(kept: Stores, county: Profile, password: str) -> None:
    """The units of the county's profile, and the first administrator if nobody has an account."""
    import_units(kept, county.all_units.values(), now())
    first_administrator(kept, password, county.county6, now())
