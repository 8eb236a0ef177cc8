"""Routing on a bus in memory, with departments that answer, for journeys."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from services.routing import handlers
from services.routing.model import Case, Delivery
from services.routing.model.delivery import ask_id
from services.routing.rules.invariants import assert_owned
from services.routing.store import Stores, memory_stores
from services.routing.store.cases import MemoryCases
from services.routing.store.deliveries import MemoryDeliveries
from services.routing.worker import Gateway, RoutingWorker
from shared import ids
from shared.aggregate.held import instant
from shared.aggregate.store import Early
from shared.bus.memory import MemoryBus
from shared.contracts import base, wire
from shared.contracts.base import Event
from shared.decision import Cause
from tests import routing_given as given


@dataclass(kw_only=True)
class Town:
    """Routing, a clock that the test moves, and a bus that may repeat and shuffle."""

    copies: int = 1
    shuffle: int | None = None
    now: datetime = given.MONDAY
    stores: Stores = field(default_factory=lambda: memory_stores(given.connected()))
    counts: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        workers = [RoutingWorker(self.stores, self.clock), Gateway(self.stores, self.clock)]
        self.bus = MemoryBus(workers, copies=self.copies, shuffle=self.shuffle)

    def clock(self) -> datetime:
        """The present instant of this town."""
        return self.now

    def pass_(self, **length: float) -> None:
        """Let time pass, and let it do what it does; twice, which must be the same as once."""
        self.now += timedelta(**length)
        for _ in range(2):
            handlers.tick(self.stores, self.now)
            handlers.dispatch(self.stores, self.now)
            self.settle()

    def settle(self) -> None:
        """Carry everything that is to be told; nothing may be left without owner and clock."""
        self.bus.settle()
        for held in self.cases.all():
            assert_owned(held.state)

    @property
    def cases(self) -> MemoryCases:
        """The cases."""
        assert isinstance(self.stores.cases, MemoryCases)
        return self.stores.cases

    @property
    def deliveries(self) -> MemoryDeliveries:
        """The hand-overs."""
        assert isinstance(self.stores.deliveries, MemoryDeliveries)
        return self.stores.deliveries

    def tell(self, source: str, subject: str, *events: Event) -> None:
        """Another service tells something, as often and in the order this bus does."""
        bodies = [self.body(f"/svc/{source}/990101", subject, event) for event in events]
        every = [body for body in bodies for _ in range(self.copies)]
        if self.bus.random:
            self.bus.random.shuffle(every)
        for body in every:
            self._hear(body)
        self.settle()

    def _hear(self, body: bytes) -> None:
        try:
            self.bus.workers[0].hear(body)
        except Early as early:
            early.keep()

    def body(self, source: str, subject: str, event: Event, cause: str = "") -> bytes:
        """An event as it travels, numbered within its subject."""
        stream = f"{source}|{subject}"
        self.counts[stream] = self.counts.get(stream, 0) + 1
        return wire.encode(
            wire.Envelope(
                id=ids.new(), source=source, type=f"{event.TYPE}.v{event.MAJOR}", subject=subject,
                time=instant(self.now), sequence=f"{self.counts[stream]:010d}.00", data=base.dump(event),
                causationid=cause, regioncode=given.VILLAGE,
            )
        )  # fmt: skip

    def register(self, **changes: Any) -> str:
        """A resident comes to the window."""
        event = given.registration(registered_at=self.now, received_at=self.now, **changes)
        self.tell("intake", f"registration/{event.reg_id}", event)
        return event.case_id

    def order(self, case_id: str, command: str, who: str, ask: Any = None, **actor: Any) -> Case:
        """Somebody gives a command."""
        act = given.by(who, **actor).actor
        held = handlers.order(self.stores, case_id, command, Cause(at=self.now, actor=act), ask)
        self.settle()
        return held.state

    def case(self, case_id: str) -> Case:
        """The case as it is."""
        return self.stores.cases.load(case_id).state

    def asks(self, department: str) -> list[wire.Envelope]:
        """What lies in a department's mailbox."""
        return [wire.decode(body) for body in self.bus.mailboxes.get(department, ())]

    def answer(self, department: str, *answers: Event, cause: str = "") -> None:
        """The department's system answers through its own outlet."""
        bodies = [self.answer_body(department, answer, cause) for answer in answers]
        every = [body for body in bodies for _ in range(self.copies)]
        if self.bus.random:
            self.bus.random.shuffle(every)
        for body in every:
            self.bus.reply(department, body)
        self.settle()

    def answer_body(self, department: str, answer: Any, cause: str = "") -> bytes:
        """One answer on the wire."""
        id = answer.delivery_id
        return self.body(f"/dept/{department}", f"delivery/{id}", answer, cause or ask_id(id))

    def delivery(self) -> Delivery:
        """The only hand-over there is."""
        (held,) = self.deliveries.all()
        return held.state
