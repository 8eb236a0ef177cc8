"""The mailbox over HTTPS: the same asks, leased for a minute, acknowledged, and answered (BUS b17)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Protocol

import orjson

from services.routing.handlers import NotGenuine, answering
from services.routing.handlers.desk import as_answer, outlet
from services.routing.model import Delivery, Stage
from services.routing.model.report import Report
from services.routing.model.request import Request
from services.routing.rules import deliveries
from services.routing.store import DeliveryFilter, Stores
from shared import ids
from shared.aggregate import Held, Store
from shared.aggregate.held import instant
from shared.bus.names import WINDOW
from shared.contracts import base, wire
from shared.contracts.edge import AnswerReceived, AskHandleCase, AskReportCase, AskRequestService
from shared.decision import Actor
from shared.errors import Forbidden, Malformed, NotFound, Poison, Refused
from shared.settings import settings

LEASE = timedelta(seconds=60)
SENTENCES = {
    "unknown_delivery": "没有这次交办",
    "foreign_outlet": "这次交办不是交给贵单位的",
    "foreign_source": "答复的来源不是贵单位",
    "foreign_subject": "答复的主题与交办不一致",
    "foreign_cause": "答复没有写明所答复的交办",
}


@dataclass(frozen=True, kw_only=True)
class Leased:
    """One ask that nobody else gets for a minute."""

    delivery_id: str
    leased_until: datetime
    ask: dict[str, Any]


def lease(all: Stores, department: str, most: int, now: datetime) -> list[Leased]:
    """The next asks of a department, the longest waiting first, none that is leased to another reader."""
    all.leases.polled(department, now)
    until = now + LEASE
    free = (held for held in _waiting(all, department) if all.leases.take(held.state.ask_id, until, now))
    return [
        Leased(delivery_id=held.id, leased_until=until, ask=dict(orjson.loads(asked(all, held))))
        for held in islice(free, most)
    ]


def _waiting(all: Stores, department: str) -> Iterator[Held[Any]]:
    """What lies in a mailbox: cases to handle, services to give, then copies to keep."""
    wanted = DeliveryFilter(department=department, stages=(Stage.SENT,))
    yield from all.deliveries.listed(wanted, limit=WINDOW)
    yield from all.requests.sent(department, WINDOW)
    yield from all.reports.sent(department, WINDOW)


def _find(all: Stores, id: str) -> Held[Any] | None:
    """What was put into a mailbox under this id."""
    return all.deliveries.find(id) or all.reports.find(id) or all.requests.find(id)


def waited(
    look: Callable[[], list[Leased]], seconds: int, sleep: Callable[[float], None] = time.sleep
) -> list[Leased]:
    """What there is to be found within so many seconds, looking once in each."""
    for _ in range(seconds):
        sleep(1)
        if found := look():
            return found
    return []


def asked(all: Stores, held: Held[Any]) -> bytes:
    """The ask exactly as it went into the mailbox, or as a unit without a mailbox is asked."""
    if isinstance(held.state, Report):
        return _told(all.reports, held.id, AskReportCase.TYPE)
    if isinstance(held.state, Request):
        return _told(all.requests, held.id, AskRequestService.TYPE)
    return _told(all.deliveries, held.id, AskHandleCase.TYPE) or _by_hand(held)


def _told(store: Store[Any], id: str, name: str) -> bytes:
    """The last event of a kind that was told of something; empty when none was."""
    bodies = [bytes(body) for entry in store.entries(id) for body in entry["events"]]
    return next((body for body in reversed(bodies) if wire.decode(body).name == name), b"")


def _by_hand(held: Held[Delivery]) -> bytes:
    """The ask to a unit that has a desk: nothing went over the bus, so it is written when it is fetched."""
    delivery, told = held.state, deliveries.asked(held.state)
    return wire.encode(
        wire.Envelope(
            id=delivery.ask_id, source=f"/svc/routing/{delivery.region[:6]}",
            type=f"{told.TYPE}.v{told.MAJOR}", subject=f"delivery/{held.id}",
            time=instant(delivery.sent_at or delivery.queued_at),
            sequence=f"{held.version:010d}.00", data=base.dump(told), regioncode=delivery.region,
            profileversion=delivery.profile_version,
            classification="protected" if delivery.protected else "normal",
            dataschema=f"urn:yizhan:schema:{told.TYPE}:{told.MAJOR}.{told.MINOR}",
        )
    )  # fmt: skip


def acknowledge(all: Stores, department: str, delivery_ids: Sequence[str], now: datetime) -> dict[str, Any]:
    """The department's system has stored these asks; what is not its own is refused and written down."""
    acked: list[str] = []
    refused: list[dict[str, str]] = []
    for id in delivery_ids:
        try:
            _received(all, department, id, now)
            acked.append(id)
        except (Forbidden, NotFound) as problem:
            refused.append({"delivery_id": id, "code": problem.code, "message": problem.message})
    return {"acked": acked, "refused": refused}


def _received(all: Stores, department: str, id: str, now: datetime) -> None:
    held = _find(all, id)
    if held is None or held.state.department != department:
        _refuse(all, department, id, "foreign_outlet" if held else "unknown_delivery", now)
        return
    if isinstance(held.state, Report) and not all.leases.lent(held.state.ask_id):
        raise NotFound("这份报送已有新的内容，请重新领取", code="superseded")
    told = AnswerReceived(delivery_id=id)
    heard = as_answer(held.state, told, ids.derived("ack", held.state.ask_id), now)
    answering.answered(all, told, outlet(department, heard, now))
    all.leases.drop(held.state.ask_id)


def _refuse(all: Stores, department: str, id: str, fault: str, now: datetime) -> None:
    who = Actor(ref=department, role="department", unit=department)
    all.audit.append(who, "answer_refused", f"delivery/{id}", at=now, result=fault)
    raise _problem(fault)


def answer(all: Stores, department: str, body: bytes, now: datetime) -> dict[str, Any]:
    """One answer, as it would have come through the department's exchange.

    Raises Malformed for what is no event, Refused for a type or content that is no answer, NotFound and
    Forbidden when it is not the department's own, which is written down.
    """
    try:
        heard = wire.decode(body)
    except Poison as error:
        raise Malformed("请求内容不是有效的 CloudEvents 事件") from error
    try:
        told = wire.read(heard)
    except Poison as error:
        raise Refused("答复的内容不符合约定", code="not_an_answer") from error
    if told is None or not heard.name.startswith("answer."):
        raise Refused("不认识这种答复", code="unknown_type")
    try:
        answering.answered(all, told, outlet(department, heard, now, body))
    except NotGenuine as fault:
        raise _problem(str(fault)) from fault
    id = str(heard.data["delivery_id"])
    held = _find(all, id)
    assert held is not None  # it was just answered
    return {"delivery_id": id, "stage": held.state.stage, "late": getattr(held.state, "late", 0)}


def _problem(fault: str) -> Forbidden | NotFound:
    kind = NotFound if fault == "unknown_delivery" else Forbidden
    return kind(SENTENCES[fault], code=fault)


class Broker(Protocol):
    """What is asked of the broker's management."""

    def get(self, *path: str) -> Any:
        """What is there, or None."""

    def delete(self, *path: str) -> None:
        """Take it away."""


def tidy(all: Stores, broker: Broker, now: datetime) -> list[str]:
    """Empty the broker's mailboxes of units that work over HTTPS or by hand; names those that were emptied.

    Nobody reads them there, and the ledger keeps every ask: without this a mailbox would be full one day.
    One that a system reads is left alone.
    """
    emptied = []
    for department in all.leases.polling(now - timedelta(days=1)):
        queue = "queues", settings().edge_vhost, f"dept.{department}.inbox"
        found = broker.get(*queue) or {}
        if found.get("messages") and not found.get("consumers"):
            broker.delete(*queue, "contents")
            emptied.append(department)
    return emptied
