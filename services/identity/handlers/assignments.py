"""Tasks and guidance: given to lower units, acknowledged, reported done."""

from __future__ import annotations

import secrets
from datetime import date

from services.identity.handlers.units import unit_id
from services.identity.model.assignment import Assignment, Kind
from services.identity.rules import assignments as rules
from services.identity.store import Stores
from shared import ids
from shared.aggregate import Held
from shared.calendar import day_of
from shared.decision import Cause
from shared.errors import Refused


def give(
    stores: Stores,
    unit: str,
    cause: Cause,
    *,
    kind: Kind,
    text: str,
    due_on: date | None,
    owner: str,
    tag: str = "",
) -> Held[Assignment]:
    """Give a unit something to do or to know. Raises Refused for an owner of another unit."""
    region = stores.units.load(unit_id(unit)).state.region
    _of_the_unit(stores, owner, unit)
    id = ids.derived("assignment", cause.key or secrets.token_hex(16))
    asked = Assignment(
        kind=kind, from_unit=cause.actor.unit, unit=unit, region=region, given_at=cause.at,
        text=stores.sealer().seal(text, owner=id, field="text"), owner=owner,
        due_on=str(due_on) if due_on else "", tag=tag,
    )  # fmt: skip
    today = str(day_of(cause.at))
    return stores.assignments.open(id, cause, lambda state: rules.give(state, id, asked, today))


def acknowledge(stores: Stores, id: str, cause: Cause) -> Held[Assignment]:
    """The unit has read it."""
    return stores.assignments.change(
        id, cause, lambda state: rules.acknowledge(state, id, cause.actor, cause.at)
    )


def done(stores: Stores, id: str, cause: Cause) -> Held[Assignment]:
    """The unit reports it done."""
    return stores.assignments.change(id, cause, lambda state: rules.done(state, id, cause.actor, cause.at))


def text(stores: Stores, held: Held[Assignment]) -> str:
    """What was given, in words."""
    return stores.sealer().open(held.state.text, owner=held.id, field="text")


def _of_the_unit(stores: Stores, owner: str, unit: str) -> None:
    who = stores.accounts.find(owner) if owner else None
    if owner and (who is None or not who.state.active or who.state.unit != unit):
        said = "责任人应是承办单位的在用账户"
        raise Refused(said, code="owner_elsewhere", fields={"owner": [said]})
