"""Petitions for the tests, each one step further; every reference is made up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from services.petition.model import Petition
from services.petition.model import commands as asks
from services.petition.rules import ending, going, registering
from services.petition.rules.by import By
from shared import ids
from shared.clock import CHINA
from shared.crypto import passing
from shared.decision import Actor, Decision
from shared.profile import Profile
from tests.unit.mediation.given import county

OFFICE, HOUSING, COUNTY = "petition_office", "housing", "990101"
VILLAGE = "990101101201"
PET, CASE = ids.derived("tests", "petition"), ids.derived("tests", "case")
OFFICER, COLLEAGUE = ids.derived("tests", "officer"), ids.derived("tests", "colleague")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SEALER = passing()
PARTS = {
    "request": "请求修复道路", "facts": "路面塌陷", "reasons": "雨季冲刷", "opinion": "月底前修好",
    "legal_basis": "公路法",
}  # fmt: skip


def day(text: str, hour: int = 9) -> datetime:
    """An hour of a day in the county."""
    return datetime.fromisoformat(f"{text}T{hour:02d}:00:00").replace(tzinfo=CHINA).astimezone(UTC)


RECEIVED = day("2026-02-20")
ACCEPTED = day("2026-03-01")


def by(
    at: datetime = RECEIVED, *, role: str = "petition_officer", unit: str = OFFICE, ref: str = OFFICER,
    profile: Profile | None = None,
) -> By:  # fmt: skip
    """Somebody acts."""
    actor = Actor(ref=ref, role=role, unit=unit, region=COUNTY)
    return By(actor=actor, at=at, profile=profile or county(), sealer=SEALER)


def staff(at: datetime, role: str = "unit_staff") -> By:
    """Somebody of the housing bureau acts."""
    return by(at, role=role, unit=HOUSING, ref=ids.derived("tests", role))


def ask(**changes: Any) -> asks.Register:
    """A visit to the petition office."""
    said: dict[str, Any] = {
        "region": VILLAGE,
        "channel": "visit",
        "received_at": RECEIVED,
        "summary": "路塌了没人管",
    }
    return asks.Register(**said | changes)


def register(at: datetime = RECEIVED, **changes: Any) -> Decision[Petition]:
    """A petition comes in."""
    return registering.register(PET, ask(**changes), by(at))


def registered(**changes: Any) -> Petition:
    """A petition that came in."""
    return register(**changes).state


def transferred(**changes: Any) -> Petition:
    """A petition that the housing bureau must answer."""
    return going.transfer(registered(**changes), asks.Transfer(to_unit=HOUSING), by(RECEIVED + DAY)).state


def notified(**changes: Any) -> Petition:
    """A petition whose petitioner was told that it is accepted."""
    told = asks.Notify(accepted=True, how="written")
    return going.notify(transferred(**changes), told, staff(RECEIVED + 2 * DAY)).state


def accepted(at: datetime = ACCEPTED, *, simple: bool = False, **changes: Any) -> Petition:
    """A petition that the bureau accepted."""
    return going.accept(notified(**changes), asks.Accept(simple=simple), staff(at)).state


def handling(**changes: Any) -> Petition:
    """A petition that the bureau works on."""
    return going.start(accepted(**changes), staff(ACCEPTED + HOUR)).state


def serve(
    petition: Petition | None = None, at: datetime = ACCEPTED + 20 * DAY, **changes: Any
) -> Decision[Petition]:
    """The written opinion is served."""
    said: dict[str, Any] = {"result": "support", "how": "in_person", "parts": PARTS}
    return ending.serve(petition or handling(), asks.Serve(**said | changes), staff(at))


def served() -> Petition:
    """An answered petition."""
    return serve().state


def concluded() -> Petition:
    """A petition at its end."""
    done = asks.Conclude(basis="accepted_by_petitioner", satisfied=5, remaining_hardship=False)
    return ending.conclude(served(), done, by(ACCEPTED + 21 * DAY)).state


def not_accepted() -> Petition:
    """A petition that goes another road."""
    told = asks.Notify(accepted=False, how="written", reason="court_accepted", route="court")
    return going.notify(registered(), told, by(RECEIVED + DAY)).state


def voided() -> Petition:
    """An entry made in error."""
    once = ending.void(registered(), asks.Void(reason="typed_twice"), by(RECEIVED + DAY)).state
    return ending.void(once, asks.Void(reason="typed_twice"), by(RECEIVED + DAY, ref=COLLEAGUE)).state


def told(decision: Decision[Any] | None) -> list[str]:
    """The names of what was told."""
    return [event.TYPE for event in decision.events] if decision else []


def fact(decision: Decision[Any], name: str) -> Any:
    """The one event of this name."""
    (found,) = (event for event in decision.events if name == event.TYPE)
    return found
