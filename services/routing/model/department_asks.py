"""What is asked about departments: seats, connections, and the codes they are asked with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.routing.model.department import Checked, Seconded, Weekday
from shared.contracts.department import Link, ResidencyMode


@dataclass(frozen=True, kw_only=True)
class AskSeat:
    """A unit is to take seats at a centre."""

    centre: str
    mode: ResidencyMode
    windows: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    staff: tuple[Seconded, ...] = ()
    days: tuple[Weekday, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ChangeSeat:
    """Something about the seats is to be different; what is not said stays."""

    mode: ResidencyMode | None = None
    windows: tuple[str, ...] | None = None
    categories: tuple[str, ...] | None = None
    staff: tuple[Seconded, ...] | None = None
    days: tuple[Weekday, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class AskLeave:
    """Somebody seconded is away for a while."""

    ref: str
    since: datetime
    until: datetime
    stand_in: str = ""


@dataclass(frozen=True, kw_only=True)
class AskLink:
    """A unit is to be connected."""

    link: Link
    region: str = ""
    name: str = ""
    kind: str = "department"
    types: tuple[str, ...] = ("ask.handle_case.v1",)
    window: int = 500
    heartbeat_s: int = 30
    contact: str = ""


@dataclass(frozen=True, kw_only=True)
class Conformance:
    """The machine report of the conformance kit."""

    kit: str
    schema_versions: tuple[str, ...]
    cases: tuple[Checked, ...]
    department: str = ""  # whom it says it examined


@dataclass(frozen=True, kw_only=True)
class Pause:
    """A reason, perhaps until an instant; `security` takes the users away too."""

    reason: str
    until: datetime | None = None
    security: bool = False
