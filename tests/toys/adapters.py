"""What the adapter tests share: an ask as routing publishes it, a channel like pika's, obedient plug-ins."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import EntryPoint
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from pika import BasicProperties

from shared import ids
from shared.contracts import base, wire
from shared.contracts.edge import AskHandleCase
from yizhan_adapter import Answer, Ask, plugins
from yizhan_adapter.asks import CONTENT_TYPE, parse
from yizhan_adapter.store import Store

ADAPTERS = Path(__file__).parents[2] / "adapters"
DEPARTMENTS = (
    "court", "judicial_bureau", "police", "procuratorate", "labour_arbitration", "market_supervision",
    "natural_resources", "housing", "civil_affairs",
)  # fmt: skip
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def entry_point(id: str) -> EntryPoint:
    """A plug-in as the departments' own pyproject declares it."""
    project = tomllib.loads((ADAPTERS / "departments" / "pyproject.toml").read_text())["project"]
    return EntryPoint(id, project["entry-points"][plugins.GROUP][id], plugins.GROUP)


def ask_body(number: int = 1, *, department: str = "court", event_id: str = "", **changed: Any) -> bytes:
    """The `number`-th ask, exactly as routing's relay would send it."""
    told = AskHandleCase(
        delivery_id=ids.derived("delivery", str(number)),
        case_id=ids.derived("case", str(number)),
        case_no=f"990101-2026-{number:06d}",
        department=department,
        category="neighbour",
        complexity="general",
        matter_type="dispute",
        tier="county",
        region="990101101",
        persons_band="2-4",
    )
    envelope = wire.Envelope(
        id=event_id or ids.derived("ask", str(number)),
        source="/svc/routing/990101",
        type="ask.handle_case.v1",
        subject=f"delivery/{told.delivery_id}",
        time="2026-11-23T03:59:00.000Z",
        sequence="0000000002.01",
        correlationid=ids.derived("correlation", str(number)),
        regioncode="990101101",
        data=base.dump(told) | changed,
    )
    return wire.encode(envelope)


def an_ask(number: int = 1, **changed: Any) -> Ask:
    """The same, read."""
    return parse(ask_body(number, **changed))


def kept(store: Store, number: int = 1, **changed: Any) -> Ask:
    """The same, stored."""
    body = ask_body(number, **changed)
    store.keep(parse(body), body, NOON)
    return parse(body)


def delivery(tag: int = 1, *, redelivered: bool = False) -> Any:
    """What pika hands over beside a body."""
    return SimpleNamespace(delivery_tag=tag, redelivered=redelivered)


def properties(content_type: str = CONTENT_TYPE) -> BasicProperties:
    """Message properties as the relay sets them."""
    return BasicProperties(content_type=content_type, message_id="any")


@dataclass
class FakeChannel:
    """Notes what is done to it; `fail` is raised instead of the next acknowledgement or publish."""

    done: list[tuple[str, Any]] = field(default_factory=list)
    published: list[tuple[str, str, wire.Envelope]] = field(default_factory=list)
    fail: dict[str, Exception] = field(default_factory=dict)
    is_open: bool = True

    def basic_ack(self, tag: int) -> None:
        self._maybe_fail("ack")
        self.done.append(("ack", tag))

    def basic_reject(self, tag: int, requeue: bool) -> None:
        self.done.append(("requeue" if requeue else "reject", tag))

    def basic_publish(
        self, exchange: str, key: str, body: bytes, properties: BasicProperties, mandatory: bool
    ) -> None:
        self._maybe_fail("publish")
        assert properties.delivery_mode == 2 and properties.content_type == CONTENT_TYPE
        assert mandatory == (key == "reply")
        self.published.append((exchange, key, wire.decode(body)))

    def _maybe_fail(self, what: str) -> None:
        if what in self.fail:
            raise self.fail.pop(what)

    @property
    def answers(self) -> list[str]:
        """The types of the answers that went out, in order."""
        return [event.name.removeprefix("answer.") for _, key, event in self.published if key == "reply"]


class ToyAdapter:
    """Says what the test tells it to; an exception among the words is raised."""

    department, name = "court", "toy"

    def __init__(self, first: Answer | Exception | None = None, later: Iterable[Any] = ()) -> None:
        self.first, self.later = first, list(later)
        self.handled: list[str] = []

    def handle(self, ask: Ask) -> Answer | None:
        self.handled.append(ask.delivery_id)
        if isinstance(self.first, Exception):
            raise self.first
        return self.first

    def poll(self, ask: Ask) -> Iterable[Answer]:
        for word in self.later:
            if isinstance(word, Exception):
                raise word
            yield word


class QuickAdapter:
    """A back office that never says anything later."""

    department, name = "court", "quick"

    def handle(self, ask: Ask) -> Answer | None:
        return None


def open_store(folder: Path) -> Store:
    """A store in a test's own folder."""
    return Store(folder / "adapter.sqlite")
