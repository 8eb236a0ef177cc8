"""Departments: seats and connections as people order them, and the county as it is with them."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.routing.model.department import Department, Residency, Seat, Stage
from services.routing.model.department_asks import AskLink, AskSeat
from services.routing.rules import access, connection, residency
from services.routing.rules.by import By
from services.routing.rules.known import with_departments
from services.routing.store import Stores
from shared import passwords
from shared.aggregate import Held
from shared.bus.mailboxes import hashed
from shared.contracts.department import DepartmentResidencyApproved
from shared.decision import Actor, Cause, Decision
from shared.each import each
from shared.errors import NotFound
from shared.profile import Profile
from shared.profile.organisation import Residency as Planned

Rule = Callable[[Department, By], Decision[Department] | None]
CLAIMER = Actor(ref="claim_link", role="department")


def county(stores: Stores) -> Profile:
    """The county with the departments that were connected or ended since its file was written."""
    return with_departments(stores.county, (held.state for held in stores.departments.everyone()))


def act(stores: Stores, cause: Cause) -> By:
    """Somebody acts."""
    return By(actor=cause.actor, at=cause.at, profile=county(stores))


def change(stores: Stores, id: str, cause: Cause, rule: Rule) -> Held[Department]:
    """One order about a department that is known."""
    by = act(stores, cause)
    return stores.departments.change(id, cause, lambda department: rule(department, by))


def ask_link(stores: Stores, id: str, cause: Cause, ask: AskLink) -> Held[Department]:
    """A unit is to be connected; one that the county's file does not have begins here."""
    by = act(stores, cause)

    def rule(department: Department | None) -> Decision[Department]:
        return connection.request(department or _new(stores, id, ask.region, ask.name, ask.kind), ask, by)

    return stores.departments.open(id, cause, rule)


def ask_seat(stores: Stores, id: str, cause: Cause, ask: AskSeat) -> Held[Department]:
    """A unit is to take seats at a centre."""
    by = act(stores, cause)

    def rule(department: Department | None) -> Decision[Department]:
        return residency.request(department or _new(stores, id, "", "", ""), ask, by)

    return stores.departments.open(id, cause, rule)


def _new(stores: Stores, id: str, region: str, name: str, kind: str) -> Department:
    """Raises NotFound for a unit of which nothing is known and nothing was said."""
    unit = stores.county.all_units.get(id)
    if unit is None and not (region and name):
        raise NotFound("没有这个单位；新单位须写明名称和地区", code="unit_unknown")
    return Department(
        department=id,
        region=unit.region if unit else region,
        name=unit.name if unit else name,
        kind=unit.kind if unit else kind,
        profile_version=stores.county.version_id,
    )


# ── the link that gives a password once ─────────────────────────────────────────────────────────


def offer(stores: Stores, id: str, cause: Cause) -> tuple[Held[Department], str]:
    """A claim link's token; nobody can read it again."""
    token = secrets.token_urlsafe(32)
    digest = _digest(token)
    held = change(stores, id, cause, lambda department, by: access.offer(department, digest, by))
    made = held.state.connection.claim
    return held, token if made and made.token_hash == digest else ""


def claim(stores: Stores, id: str, token: str, at: datetime) -> dict[str, Any]:
    """The password, once: it is made here, and only the broker's hash of it is kept."""
    password, digest, cause = secrets.token_urlsafe(32), _digest(token), Cause(at=at, actor=CLAIMER)
    kept, verifier = hashed(password), passwords.verifier(id, password)
    by = By(actor=CLAIMER, at=at, profile=stores.county)
    try:
        held = stores.departments.change(
            id, cause, lambda department: access.claimed(department, digest, kept, verifier, by)
        )
    except Exception as error:
        result = getattr(error, "code", "failed")
        stores.audit.append(CLAIMER, "claim_refused", f"department/{id}", at=at, result=result)
        raise
    stores.audit.append(CLAIMER, "password_claimed", f"department/{id}", at=at)
    user = held.state.connection.users[-1]
    return {"user": f"dept.{id}.{user.slot}", "password": password, "generation": user.generation}


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


# ── the county's file ───────────────────────────────────────────────────────────────────────────


def declare(stores: Stores, now: datetime) -> None:
    """Departments and seats of the county's file, each once; what became of them since stays."""
    by = By(actor=Cause(at=now).actor, at=now, profile=stores.county)
    seats: dict[str, list[Planned]] = {}
    for planned in stores.county.residency:
        seats.setdefault(planned.unit, []).append(planned)
    for id in {**{unit.id: None for unit in stores.county.departments}, **dict.fromkeys(seats)}:
        if stores.departments.find(id) is None:
            _declare(stores, id, seats.get(id, []), by)


def _declare(stores: Stores, id: str, planned: list[Planned], by: By) -> None:
    declared = {unit.id: unit for unit in stores.county.departments}.get(id)
    made = connection.declared(declared, by) if declared else None
    department = made.state if made else _new(stores, id, "", "", "")
    told = made.events if made else ()
    residencies = tuple(_seat(each, by) for each in planned)
    approved = tuple(_approved(id, each) for each in residencies)
    after = replace(department, residencies=residencies)
    decision = Decision(state=after, events=(*told, *approved), reason="县情文件")
    stores.departments.open(id, Cause(at=by.at), lambda found: None if found else decision)


def _seat(planned: Planned, by: By) -> Residency:
    return Residency(
        centre=planned.centre, mode=planned.mode, seat=Seat.APPROVED,
        windows=tuple(f"window_{n:02d}" for n in planned.windows), categories=planned.categories,
        days=planned.schedule.days if planned.schedule else (), since=by.at,
        requested_by="profile", approved_by="profile",
    )  # fmt: skip


def _approved(id: str, seat: Residency) -> DepartmentResidencyApproved:
    return DepartmentResidencyApproved(
        department=id, centre=seat.centre, mode=seat.mode, windows=seat.windows,
        categories=seat.categories, since=seat.since,
    )  # fmt: skip


def awaken(stores: Stores, now: datetime) -> None:
    """End what was to rest until now: connections, and seats at centres."""
    by = By(actor=Cause(at=now).actor, at=now, profile=stores.county)
    resting = {held.id: held.state for held in stores.departments.everyone() if _is_over(held.state, by)}
    each(resting, lambda id: _awaken(stores, id, by), failed="departments whose rest could not be ended")


def _is_over(department: Department, by: By) -> bool:
    return bool(connection.rested(department, by) or residency.rested(department, by))


def _awaken(stores: Stores, id: str, by: By) -> None:
    held = stores.departments.change(id, Cause(at=by.at), lambda found: connection.rested(found, by))
    while residency.rested(held.state, by):
        held = stores.departments.change(id, Cause(at=by.at), lambda found: residency.rest_over(found, by))


def is_live(stores: Stores, id: str) -> bool:
    """Whether cases are sent to a department just now; one of the county's file is from the first day."""
    held = stores.departments.find(id)
    return held is None or held.state.connection.stage is Stage.ONBOARDED


def is_shut_out(stores: Stores, id: str) -> bool:
    """Whether nothing of a department opens anything: it was suspended for security and not resumed."""
    held = stores.departments.find(id)
    return held is not None and held.state.connection.secure
