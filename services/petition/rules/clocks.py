"""The legal limits of a petition: begun and ended by what is told about it, as the profile says (§3.5).

The first two run from the day of receipt, not of typing it in; the main one from acceptance. None of them can
be paused. What is added here to the profile: by what a limit loses its object.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from services.petition.model import Petition
from services.petition.rules.by import By
from shared import deadlines, ids
from shared.contracts.base import Event
from shared.contracts.petition import PetitionClockThreshold
from shared.deadlines import Deadline

TRANSFER, NOTIFY, MAIN, SIMPLE = "petition_transfer", "petition_notify", "petition_main", "petition_simple"
EXTENSION, WINDOW = "petition_extension", "petition_review_window"
MINE = (TRANSFER, NOTIFY, MAIN, SIMPLE)
LOST = {  # what was told → limits that have nothing left to limit
    "petition.accepted": (TRANSFER,),  # it was never sent on: the receiving office answers itself
    "petition.voided": MINE,
}


def follow(petition: Petition, told: str, by: By) -> Petition:
    """The petition with its limits after an event."""
    clocks = [_after(clock, petition, told, by) for clock in petition.clocks]
    clocks += [begun(petition, kind, by) for kind in MINE if _begins(petition, kind, told, by)]
    return replace(petition, clocks=tuple(clocks))


def begun(petition: Petition, kind: str, by: By) -> Deadline:
    """A limit that begins with its legal day."""
    limit = by.profile.limits[kind]
    id = ids.derived("clock", petition.pet_id, kind)
    return deadlines.start(limit, _first_day(petition, kind, by), by.profile.calendar, id)


def due(kind: str, at: datetime, by: By) -> datetime:
    """When a limit of this kind that begins now would be over."""
    return deadlines.due(by.profile.limits[kind], at, by.profile.calendar)


def fired(petition: Petition, by: By) -> tuple[Petition, tuple[Event, ...]]:
    """The petition with every mark fired that is due, and what is told about each, once."""
    told: list[Event] = []
    clocks = []
    for clock in petition.clocks:
        for pct in deadlines.reached(clock, by.at):
            clock = deadlines.fire(clock, pct)
            told.append(_threshold(petition, clock, pct))
        clocks.append(clock)
    return replace(petition, clocks=tuple(clocks)), tuple(told)


def _first_day(petition: Petition, kind: str, by: By) -> datetime:
    if kind in (MAIN, SIMPLE):
        return petition.accepted_at or by.at
    return petition.received_at


def _begins(petition: Petition, kind: str, told: str, by: By) -> bool:
    wanted = kind != SIMPLE or petition.simple
    return wanted and told in by.profile.limits[kind].starts and petition.clock(kind) is None


def _after(clock: Deadline, petition: Petition, told: str, by: By) -> Deadline:
    if told in by.profile.limits[clock.kind].stops:
        return deadlines.stop(clock, _stopped_at(petition, told, by))
    lost = clock.kind in LOST.get(told, ()) or (petition.state == "not_accepted" and clock.kind == TRANSFER)
    return deadlines.cancel(clock, by.at) if lost else clock


def _stopped_at(petition: Petition, told: str, by: By) -> datetime:
    """The legal day of what stops a limit, which may be entered later than it happened."""
    if told == "petition.opinion_served" and petition.opinion:
        return petition.opinion.served_at
    if told == "petition.notified" and petition.notified_at:
        return petition.notified_at
    return by.at


def _threshold(petition: Petition, clock: Deadline, pct: int) -> Event:
    return PetitionClockThreshold(
        pet_id=petition.pet_id, case_id=petition.case_id, clock_id=clock.id, kind=clock.kind, pct=pct,
        due_at=clock.due_at,
    )  # fmt: skip
