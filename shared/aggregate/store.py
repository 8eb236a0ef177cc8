"""Load, decide, save: the one way an aggregate changes, whatever keeps it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any, Generic, TypeVar

from shared.aggregate.held import FIRST, Held, Kept, Position, Regional, Teller, Write, history, stream
from shared.contracts import wire
from shared.decision import Cause, Decision
from shared.errors import NotFound, Refused, Retry, Stale

S = TypeVar("S", bound=Regional)


class Early(Exception):
    """A message came before its turn; the listener waits a moment, then has the store keep it."""

    def __init__(self, store: Store[Any], id: str, cause: Cause) -> None:
        super().__init__(f"{id}: {cause.heard.sequence if cause.heard else ''} before its turn")
        self.keep: Callable[[], None] = lambda: store.keep(id, cause)
        self.in_turn: Callable[[], bool] = lambda: store.in_turn(id, cause)


Rule = Callable[[S], "Decision[S] | None"]
Opening = Callable[["S | None"], "Decision[S] | None"]

ATTEMPTS = 5  # competing writers of one aggregate before the message goes down the ladder (BUS b5)


class Store(ABC, Generic[S]):
    """Keeps aggregates of one kind. `MongoStore` and `MemoryStore` pass the same suite.

    change(id, cause, rule) applies a pure rule to the stored state in one conditional write and returns the
    result. A message or request handled before changes nothing and returns the present state; one that is
    too early is kept and answered with the present state.

    Raises NotFound, Stale (If-Match is old), Refused (`idempotency_key_reused`), whatever the rule raises,
    and Retry when five competing writers won.
    """

    projection = False  # a projection only listens: it tells nobody anything, and its owners keep the history

    def __init__(self, teller: Teller) -> None:
        self.teller = teller
        self.wrote: Callable[[str], None] = lambda id: None  # the relay's wake-up call

    def load(self, id: str) -> Held[S]:
        """The aggregate, or NotFound."""
        held = self.find(id)
        if held is None:
            raise NotFound("没有找到这条记录", code=f"{self.teller.aggregate}_not_found")
        return held

    def change(self, id: str, cause: Cause, rule: Rule[S]) -> Held[S]:
        """Apply a rule to an aggregate that exists."""

        def existing(state: S | None) -> Decision[S] | None:
            return rule(state) if state is not None else self._absent()

        return self.open(id, cause, existing)

    def open(self, id: str, cause: Cause, rule: Opening[S]) -> Held[S]:
        """Apply a rule to an aggregate that may not exist yet; the rule then gets None and makes it.

        What is remembered of it may be old. That harms nothing: the write asks for the version that was used,
        and whatever is not a write (a refusal, an early message, no change) is decided by what is stored.
        """
        written = self._by_memory(id, cause, rule)
        for _ in range(ATTEMPTS):
            if written is not None:
                return written
            found = self.find(id)
            written = self._tried(id, self.recalled(found, cause.key) if found else None, cause, rule)
        if written is None:
            raise Retry(f"{self.teller.aggregate} {id} is busy")
        return written

    def _by_memory(self, id: str, cause: Cause, rule: Opening[S]) -> Held[S] | None:
        found = self.remembered(id)
        if found is None:
            return None
        held = self.recalled(found, cause.key)
        with suppress(Exception):
            written = self._tried(id, held, cause, rule)
            return written if written is not held else None
        return None

    def remembered(self, id: str) -> Held[S] | None:
        """The aggregate as it was not long ago, to be used once; None leaves it to `find`."""
        return None

    def _tried(self, id: str, held: Held[S] | None, cause: Cause, rule: Opening[S]) -> Held[S] | None:
        position = Position.of(held, cause)
        if position == Position.DONE and held is not None:
            return _same(held, cause)
        if position == Position.EARLY and not self._freed(held, cause):
            raise Early(self, id, cause)
        return self._attempt(id, held, cause, rule)

    def check_key(self, id: str, cause: Cause) -> None:
        """For an aggregate whose id comes from its content: its key must not have made another one.

        Raises Refused (`idempotency_key_reused`) when it has.
        """
        if cause.key and self.made_by(cause.key) not in ("", id):
            raise _reused()

    def _attempt(self, id: str, held: Held[S] | None, cause: Cause, rule: Opening[S]) -> Held[S] | None:
        _check_expected(held, cause)
        decision = rule(held.state if held else None)
        if decision is None:
            return self._remember(id, held, cause)
        if not decision.events and not self.projection:
            raise ValueError(f"a change of {self.teller.aggregate} must tell something (COR-30)")
        version = (held.version if held else 0) + 1
        outbox = self.teller.outbox(id, version, decision, cause)
        entry = None if self.projection else history(version, outbox, decision, cause)
        write = Write(version=version, state=decision.state, history=entry, outbox=outbox, cause=cause)
        done = self.insert(id, write) if held is None else self.update(held, write)
        if not done:
            return None
        self.wrote(id)
        return self.after(id, held, write)

    def _remember(self, id: str, held: Held[S] | None, cause: Cause) -> Held[S] | None:
        if held is None:
            raise NotFound("没有找到这条记录")
        if not cause.key and not cause.heard:
            return held
        write = Write(version=held.version, state=None, history=None, outbox=(), cause=cause)
        return self.after(id, held, write) if self.update(held, write) else None

    def _absent(self) -> Decision[S] | None:
        raise NotFound("没有找到这条记录", code=f"{self.teller.aggregate}_not_found")

    @abstractmethod
    def find(self, id: str) -> Held[S] | None:
        """The aggregate, or None."""

    def recalled(self, held: Held[S], key: str) -> Held[S]:
        """The aggregate as it was read, with this key among those handled when that was long ago."""
        return held

    def _freed(self, held: Held[S] | None, cause: Cause) -> bool:
        """Whether all that is missing before this message is what people discarded."""
        assert cause.heard is not None
        followed = stream(cause.heard)
        mark = held.seen.get(followed, FIRST) if held else FIRST
        return self.beyond(followed, mark) >= cause.heard.sequence

    def beyond(self, stream: str, sequence: str) -> str:
        """Where a stream goes on from a sequence, when people discarded what has that sequence."""
        while then := self.passed_over(stream, sequence):
            sequence = then
        return sequence

    def expected(self, id: str, stream: str) -> str:
        """The sequence with which a stream goes on for an aggregate."""
        return self.beyond(stream, self.mark(id, stream))

    def mark(self, id: str, stream: str) -> str:
        """The sequence after the last one of a stream that an aggregate heard."""
        held = self.find(id)
        return held.seen.get(stream, FIRST) if held else FIRST

    def in_turn(self, id: str, cause: Cause) -> bool:
        """Whether what was too early has its turn now, or had it."""
        assert cause.heard is not None
        return cause.heard.sequence <= self.expected(id, stream(cause.heard))

    @abstractmethod
    def made_by(self, key: str) -> str:
        """The id of the aggregate that handled this key, or nothing; its documents index `inbox.k`."""

    @abstractmethod
    def insert(self, id: str, write: Write) -> bool:
        """Create it; False when it exists already."""

    @abstractmethod
    def update(self, held: Held[S], write: Write) -> bool:
        """The one conditional write; False when somebody else wrote first."""

    @abstractmethod
    def after(self, id: str, held: Held[S] | None, write: Write) -> Held[S]:
        """The aggregate as it is after a write that was done."""

    @abstractmethod
    def keep(self, id: str, cause: Cause) -> None:
        """Keep a message that came too early, until its turn comes."""

    @abstractmethod
    def kept(self) -> Iterator[Kept]:
        """For each stream with messages that came too early, the one that is first in turn."""

    @abstractmethod
    def release(self, kept: Kept) -> None:
        """Forget a kept message: it was handled."""

    @abstractmethod
    def pass_over(self, stream: str, sequence: str, then: str) -> None:
        """Let a stream go on with `then` after this sequence, for whoever follows it: it was discarded."""

    @abstractmethod
    def passed_over(self, stream: str, sequence: str) -> str | None:
        """The sequence after a discarded one; None when it was not discarded."""

    @abstractmethod
    def all_passed_over(self) -> set[tuple[str, str]]:
        """The (stream, sequence) of everything that people discarded."""

    @abstractmethod
    def entries(self, id: str, since: int = 0) -> list[dict[str, Any]]:
        """The history of an aggregate, at least from a version on: who, when, why, and the exact events."""

    @abstractmethod
    def events_after(self, id: str, sequence: str) -> list[bytes]:
        """The exact events of an aggregate after a sequence, for a listener that missed some."""

    @abstractmethod
    def retold(self, after: str, limit: int) -> list[tuple[str, list[bytes]]]:
        """(id, exact events) of the next aggregates after an id, for a listener that counts again."""


def _same(held: Held[Any], cause: Cause) -> Held[Any]:
    if cause.digest and held.inbox.get(cause.key, cause.digest) not in ("", cause.digest):
        raise _reused()
    return held


def _reused() -> Refused:
    return Refused("同一个 Idempotency-Key 已用于另一份内容", code="idempotency_key_reused")


def _check_expected(held: Held[Any] | None, cause: Cause) -> None:
    if cause.expected is not None and held is not None and held.version != cause.expected:
        raise Stale("内容已被他人修改，请刷新后再试", version=held.version)


def after(bodies: Iterable[bytes], sequence: str) -> list[bytes]:
    """The events that come after a sequence, in order."""
    return [body for body in bodies if wire.decode(body).sequence > sequence]
