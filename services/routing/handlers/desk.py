"""What a unit without a system does by hand: its acts travel the way of an answer through its own outlet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from services.routing.handlers import answered, by
from services.routing.handlers.departments import is_shut_out
from services.routing.model import Delivery
from services.routing.rules import links
from services.routing.store import Stores
from shared import ids
from shared.aggregate import Held
from shared.aggregate.held import instant
from shared.bus.worker import message_key
from shared.contracts import base, wire
from shared.contracts.base import Event
from shared.contracts.edge import AnswerAccepted, AnswerConcluded, AnswerProgressed, AnswerReturned
from shared.decision import Actor, Cause
from shared.errors import Problem
from shared.links import Forged, Signer, signer
from shared.settings import settings

FAULTS = {
    "foreign": (404, "这个链接不对，可能没有复制完整，或不是发给贵单位的"),
    "expired": (410, "这个链接已过有效期，请向中心要一个新的"),
    "renewed": (410, "中心已换发新的链接，请用最近收到的那一个"),
    "suspended": (403, "贵单位的接入已因安全原因暂停，请与中心联系"),
    "used": (410, "这件事项贵单位已经办完或退回，链接不能再用"),
}


class LinkClosed(Problem):
    """A link that opens nothing: not ours, run out, renewed, or used up."""

    def __init__(self, fault: str) -> None:
        self.status, message = FAULTS[fault]
        super().__init__(message, code=f"link_{fault}")


@dataclass(frozen=True, kw_only=True)
class Link:
    """A link as it is sent to the unit: its token goes at the end of the desk's address."""

    held: Held[Delivery]
    token: str
    valid_until: datetime


def signing() -> Signer:
    """What signs the links of routing."""
    return signer("routing", "desk")


def link(all: Stores, held: Held[Delivery]) -> Link:
    """The present link of a delivery. Raises LinkClosed when it opens nothing any more."""
    delivery = held.state
    until = delivery.link_until
    if until is None:
        raise LinkClosed("foreign")
    claims = {"sub": delivery.delivery_id, "unit": delivery.department, "n": delivery.links}
    return Link(held=held, token=signing().sign(claims, until), valid_until=until)


def renew(all: Stores, delivery_id: str, cause: Cause) -> Link:
    """A new link; the one before opens nothing any more."""
    valid, act = timedelta(hours=settings().link_hours), by(all, cause)
    held = all.deliveries.change(delivery_id, cause, lambda delivery: links.issued(delivery, valid, act))
    return link(all, held)


def opened(all: Stores, token: str, now: datetime) -> Held[Delivery]:
    """The delivery behind a link. Raises LinkClosed."""
    try:
        claims, until = signing().read(token)
        id, unit, number = str(claims["sub"]), str(claims["unit"]), int(claims["n"])
    except (Forged, KeyError, ValueError) as error:
        raise LinkClosed("foreign") from error
    held = all.deliveries.find(id)
    if is_shut_out(all, unit):
        raise LinkClosed("suspended")
    fault = links.fault(held.state if held else None, unit, number, now)
    if fault or held is None or now >= until:
        raise LinkClosed(fault or ("expired" if held else "foreign"))
    return held


def act(all: Stores, delivery: Delivery, kind: str, asked: Mapping[str, str], now: datetime) -> Delivery:
    """One act of the unit on the page; the same act sent twice acts once.

    Raises Refused when the form holds another code than the page offers.
    """
    told = _answer(delivery, kind, asked, now)
    nth = len(delivery.steps) if kind == "progress" else 0
    id = ids.derived("desk", delivery.delivery_id, kind, str(nth))
    cause = outlet(delivery.department, as_answer(delivery, told, id, now), now)
    answered(all, told, cause)
    all.leases.polled(delivery.department, now)
    all.audit.append(
        cause.actor, f"desk.{kind}", f"delivery/{delivery.delivery_id}", at=now, purpose="handling"
    )
    return all.deliveries.load(delivery.delivery_id).state


def _answer(delivery: Delivery, kind: str, form: Mapping[str, str], now: datetime) -> Event:
    id = delivery.delivery_id
    if kind == "accept":
        return AnswerAccepted(delivery_id=id, accepted_at=now)
    code: Any = links.chosen(kind, form)
    if kind == "progress":
        return AnswerProgressed(delivery_id=id, step=code)
    if kind == "return":
        return AnswerReturned(delivery_id=id, reason=code)
    return AnswerConcluded(delivery_id=id, outcome=code, concluded_at=now)


class Asked(Protocol):
    """What a department was asked: to handle a case, or to keep a copy of it."""

    @property
    def department(self) -> str: ...
    @property
    def region(self) -> str: ...
    @property
    def delivery_id(self) -> str: ...
    @property
    def ask_id(self) -> str: ...


def as_answer(asked: Asked, told: Event, id: str, now: datetime) -> wire.Envelope:
    """An answer as the unit's own system would have sent it."""
    return wire.Envelope(
        id=id,
        source=f"/dept/{asked.department}",
        type=f"{told.TYPE}.v{told.MAJOR}",
        subject=f"delivery/{asked.delivery_id}",
        time=instant(now),
        sequence="0000000001.00",
        data=base.dump(told),
        causationid=asked.ask_id,
        regioncode=asked.region,
        actorrole="department",
    )


def outlet(department: str, heard: wire.Envelope, now: datetime, body: bytes = b"") -> Cause:
    """The cause of an answer that came over HTTPS: as if through the department's own exchange."""
    return Cause(
        at=now,
        actor=Actor(ref=department, role="department", unit=department, region=heard.regioncode),
        key=message_key(heard),
        heard=heard,
        body=body,
        origin=f"dept.{department}.out",
        correlation=heard.correlationid,
        traceparent=heard.traceparent,
    )
