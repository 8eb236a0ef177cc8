"""Keeps the broker as the departments are wanted, again and again: made, tried, taken away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from services.routing.model.delivery import Stage as Way
from services.routing.model.department import WITH_QUEUES, Department, Stage
from services.routing.model.gate import Gate
from services.routing.rules import access, connection, gates
from services.routing.rules.by import By
from services.routing.rules.liveness import Liveness, is_lost, liveness, resent
from services.routing.store import DeliveryFilter, Sign, Stores
from shared.aggregate import Held
from shared.bus.mailboxes import DEPLOYED, BrokerAway, Mailboxes
from shared.contracts.department import OnboardingStep
from shared.contracts.edge import AdapterHeartbeat, GateHeartbeat
from shared.decision import Cause
from shared.each import each

RIPE = 10.0  # seconds a queue must have stood before anything is trusted to it (BUS b0)
LOOKS = 3  # looks in a row after which a silence is believed: a clock that jumped is none


def reconcile(stores: Stores, mailboxes: Mailboxes, now: datetime) -> None:
    """Bring every mailbox one step nearer to what is wanted."""
    mine = {held.id: held for held in stores.departments.everyone() if _has_mailbox(held.state)}
    each(
        mine,
        lambda id: _step(stores, mailboxes, mine[id], now),
        failed="departments whose mailboxes could not be brought into line",
    )


def _has_mailbox(department: Department) -> bool:
    link = department.connection
    ends = (Stage.LEAVING, Stage.OFFBOARDED)
    return (link.link == "mailbox" and link.stage in WITH_QUEUES) or link.stage in ends


def _step(stores: Stores, mailboxes: Mailboxes, held: Held[Department], now: datetime) -> None:
    """What is next for one department; a broker that is away is tried again in the next round."""
    stage = held.state.connection.stage
    try:
        if stage is Stage.LEAVING:
            _take_away(stores, mailboxes, held, now)
        elif stage is Stage.OFFBOARDED:
            mailboxes.shut_out(held.id)
        elif stage is Stage.APPROVED:
            _make(stores, mailboxes, held, now)
        else:
            mailboxes.ensure(held.id, users(held.state, now))
    except BrokerAway:
        if stage is Stage.APPROVED:
            _failed(stores, held, "queues", "broker_away", now)


def _make(stores: Stores, mailboxes: Mailboxes, held: Held[Department], now: datetime) -> None:
    """Queues that stand but are dead are taken away; the ledger sends again what was in them."""
    if mailboxes.look(held.id).dead:
        mailboxes.rebuild(held.id)
    mailboxes.ensure(held.id, users(held.state, now))
    _try_out(stores, mailboxes, held, now)


def users(department: Department, now: datetime) -> Mapping[str, str]:
    """The users that shall exist now: slot -> hash."""
    found = access.working_users(department, now)
    return {user.slot: DEPLOYED if user.deployed else user.password_hash for user in found}


def _try_out(stores: Stores, mailboxes: Mailboxes, held: Held[Department], now: datetime) -> None:
    if mailboxes.look(held.id).fault:
        return _failed(stores, held, "safe", "not_running", now)
    if mailboxes.age(held.id) < RIPE:
        return None
    if not mailboxes.probe(held.id):
        return _failed(stores, held, "probe", "not_returned", now)
    return _save(stores, held.id, connection.provisioned, now)


def _take_away(stores: Stores, mailboxes: Mailboxes, held: Held[Department], now: datetime) -> None:
    """Once it owes nothing: what nobody fetched is kept with us before its mailbox is taken away."""
    if stores.deliveries.listed(DeliveryFilter(department=held.id), limit=1):
        return
    if held.state.connection.link == "desk" or _emptied(stores, mailboxes, held.id, now):
        _save(stores, held.id, connection.gone, now)


def _emptied(stores: Stores, mailboxes: Mailboxes, id: str, now: datetime) -> bool:
    left = mailboxes.left_over(id)
    stores.exports.keep(id, left, now)
    if left:
        who = Cause(at=now).actor
        stores.audit.append(who, "inbox_exported", f"department/{id}", at=now, result=str(len(left)))
    return mailboxes.remove(id, {letter.digest for letter in left})


def _failed(stores: Stores, held: Held[Department], step: OnboardingStep, reason: str, now: datetime) -> None:
    _save(stores, held.id, lambda found, by: connection.failed(found, step, reason, by), now)


def _save(stores: Stores, id: str, rule: connection.Step, now: datetime) -> None:
    cause = Cause(at=now)
    by = By(actor=cause.actor, at=now, profile=stores.county)
    stores.departments.change(id, cause, lambda found: rule(found, by))


# ── signs of life ───────────────────────────────────────────────────────────────────────────────


def beaten(stores: Stores, event: AdapterHeartbeat, cause: Cause) -> None:
    """A heartbeat, believed only when it came through the department's own outlet."""
    if cause.origin == f"dept.{event.department}.out":
        stores.signs.note(
            event.department,
            at=cause.at, version=event.version, in_flight=event.in_flight, oldest_s=event.oldest_s,
        )  # fmt: skip


def ferried(stores: Stores, event: GateHeartbeat, cause: Cause) -> None:
    """A gate's heartbeat, believed only when it came through the department's own outlet."""
    if cause.origin == f"dept.{event.department}.out":
        found = {name: value for name, value in vars(event).items() if name != "department"}
        stores.signs.note(event.department, gate=Gate(at=cause.at, **found))


def look(stores: Stores, mailboxes: Mailboxes, now: datetime) -> None:
    """Ask the broker about every mailbox, join it with the heartbeats, and tell who went or came."""
    mine = {held.id: held for held in stores.departments.everyone() if _is_live(held.state)}
    each(mine, lambda id: _look(stores, mailboxes, mine[id], now), failed="departments not looked at")


def _is_live(department: Department) -> bool:
    link = department.connection
    return link.link == "mailbox" and link.stage in (Stage.ONBOARDED, Stage.SUSPENDED)


def _look(stores: Stores, mailboxes: Mailboxes, held: Held[Department], now: datetime) -> None:
    try:
        found = mailboxes.look(held.id)
    except BrokerAway:
        return
    sign, link = stores.signs.all().get(held.id), held.state.connection
    state = _liveness(sign or Sign(department=held.id), found.consumers, now, link.heartbeat_s)
    misses = 0 if state in ("online", "stuck", "unknown") else (sign.misses if sign else 0) + 1
    stores.signs.note(
        held.id, liveness=state, misses=misses, looked_at=now,
        consumers=found.consumers, messages=found.messages, fault=found.fault,
    )  # fmt: skip
    if state in ("online", "stuck") or misses >= LOOKS:
        _tell(stores, held, state, now)


def _liveness(sign: Sign, consumers: int, now: datetime, heartbeat_s: int) -> Liveness:
    if gate := gates.standing(sign.gate, sign.at):
        return gates.liveness(gate, sign.oldest_s, consumers, now)
    return liveness(sign.at, sign.oldest_s, consumers, now, heartbeat_s)


def _tell(stores: Stores, held: Held[Department], state: str, now: datetime) -> None:
    owed = len(stores.deliveries.listed(DeliveryFilter(department=held.id), limit=1_000))
    sign = stores.signs.all()[held.id]
    away = "online" if state == "stuck" else state
    about = {"version": sign.version or None, "last_beat": sign.at}
    _save(stores, held.id, lambda found, by: connection.seen(found, away, owed, by, **about), now)


# ── the ledger ──────────────────────────────────────────────────────────────────────────────────


def send_again(stores: Stores, now: datetime) -> int:
    """What an online department should have had long ago is sent again under the same id (BUS b11)."""
    signs, done = stores.signs.all(), 0
    for held in stores.departments.everyone():
        sign = signs.get(held.id)
        if sign and held.state.connection.stage is Stage.ONBOARDED and _should_have_it(sign, now):
            done += _send_again(stores, held.id, sign, now)
    return done


def _should_have_it(sign: Sign, now: datetime) -> bool:
    return sign.liveness == "online" and not sign.messages and not sign.fault


def _send_again(stores: Stores, department: str, sign: Sign, now: datetime) -> int:
    cause = Cause(at=now)
    by = By(actor=cause.actor, at=now, profile=stores.county)
    sent = stores.deliveries.listed(DeliveryFilter(department=department, stages=(Way.SENT,)), limit=1_000)
    gate = gates.standing(sign.gate, sign.at)
    lost = [h.id for h in sent if is_lost(h.state, now) and not gates.waits_there(h.state, gate)]
    return each(
        lost,
        lambda id: stores.deliveries.change(id, cause, partial(resent, by=by)),
        failed="hand-overs that could not be sent again",
    )
