"""The store in memory, for unit tests and journeys; it passes the suite of the real one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, TypeVar

from shared.aggregate.held import Held, Kept, Regional, Teller, Write, following, stream
from shared.aggregate.store import Store, after
from shared.decision import Cause

S = TypeVar("S", bound=Regional)


class MemoryStore(Store[S]):
    """A dictionary of aggregates, a list of what is to be told, and a list of what came too early."""

    def __init__(self, teller: Teller, *, projection: bool = False) -> None:
        super().__init__(teller)
        self.projection = projection
        self.held: dict[str, Held[S]] = {}
        self.histories: dict[str, list[dict[str, Any]]] = {}
        self.outbox: list[dict[str, Any]] = []
        self.early: dict[str, Kept] = {}
        self.discarded: dict[tuple[str, str], str] = {}  # (stream, sequence) -> what comes after it

    def find(self, id: str) -> Held[S] | None:
        return self.held.get(id)

    def all(self) -> list[Held[S]]:
        """Every aggregate, in order of birth."""
        return list(self.held.values())

    def made_by(self, key: str) -> str:
        return next((held.id for held in self.all() if key in held.inbox), "")

    def insert(self, id: str, write: Write) -> bool:
        return id not in self.held and self._put(id, None, write)

    def update(self, held: Held[S], write: Write) -> bool:
        now, cause = self.held[held.id], write.cause
        unheard = not cause.key or cause.key not in now.inbox
        mark = stream(cause.heard) if ordered(cause) and cause.heard else ""
        unmoved = now.seen.get(mark) == held.seen.get(mark)
        return now.version == held.version and unheard and unmoved and self._put(held.id, now, write)

    def _put(self, id: str, held: Held[S] | None, write: Write) -> bool:
        self.held[id] = self.after(id, held, write)
        if write.history is not None:
            self.histories.setdefault(id, []).append(dict(write.history))
        self.outbox += [dict(entry) for entry in write.outbox]
        return True

    def after(self, id: str, held: Held[S] | None, write: Write) -> Held[S]:
        return succeed(id, held, write)

    def keep(self, id: str, cause: Cause) -> None:
        heard = cause.heard
        assert heard is not None
        expected = self.expected(id, stream(heard))
        self.early[f"{heard.id}|{id}"] = Kept(
            id=f"{heard.id}|{id}",
            aggregate=id, stream=stream(heard), sequence=heard.sequence, expected=expected,
            since=cause.at, body=cause.body,
        )  # fmt: skip

    def kept(self) -> Iterator[Kept]:
        last_first = sorted(self.early.values(), key=lambda k: k.sequence, reverse=True)
        yield from {(k.aggregate, k.stream): k for k in last_first}.values()

    def release(self, kept: Kept) -> None:
        self.early.pop(kept.id, None)

    def pass_over(self, stream: str, sequence: str, then: str) -> None:
        self.discarded[stream, sequence] = then

    def passed_over(self, stream: str, sequence: str) -> str | None:
        return self.discarded.get((stream, sequence))

    def all_passed_over(self) -> set[tuple[str, str]]:
        return set(self.discarded)

    def entries(self, id: str, since: int = 0) -> list[dict[str, Any]]:
        return list(self.histories.get(id, ()))

    def events_after(self, id: str, sequence: str) -> list[bytes]:
        return after((body for entry in self.entries(id) for body in entry["events"]), sequence)

    def retold(self, after: str, limit: int) -> list[tuple[str, list[bytes]]]:
        found = sorted(id for id in self.held if id > after)[:limit]
        return [(id, self.events_after(id, "")) for id in found]


def succeed(id: str, held: Held[S] | None, write: Write) -> Held[S]:
    """The aggregate after a write: version, state, and what it has now heard."""
    before: Held[S] = held or Held(id=id, version=0, state=write.state)
    cause = write.cause
    seen = {stream(cause.heard): following(cause.heard)} if ordered(cause) and cause.heard else {}
    inbox = {cause.key: cause.digest} if cause.key else {}
    return replace(
        before,
        version=write.version,
        state=before.state if write.state is None else write.state,
        seen={**before.seen, **seen},
        inbox={**before.inbox, **inbox},
    )


def ordered(cause: Cause) -> bool:
    """Whether this cause moves a mark in the listener's order."""
    return cause.heard is not None and cause.order != "none"
