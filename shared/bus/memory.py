"""The bus in memory: the same workers, stores and rules of order without a broker, for journeys and tests."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from shared.aggregate.memory import MemoryStore
from shared.aggregate.store import Early
from shared.bus.gaps import Healer
from shared.bus.worker import Worker
from shared.contracts import wire


class MemoryBus:
    """Carries every outbox entry to every worker bound for it.

    `copies` delivers each message that often, `shuffle` in any order: the effects must be the same.
    Entries for a department's mailbox are kept in `mailboxes[department]`.
    """

    def __init__(self, workers: Sequence[Worker], *, copies: int = 1, shuffle: int | None = None) -> None:
        self.workers, self.copies = list(workers), copies
        self.random = random.Random(shuffle) if shuffle is not None else None  # noqa: S311  # tests repeat by seed
        self.mailboxes: dict[str, list[bytes]] = {}
        self.told: list[wire.Envelope] = []

    def settle(self) -> None:
        """Carry messages until nobody has anything left to tell."""
        while batch := self._collect():
            for body, worker in self._deliveries(batch):
                _hear(worker, body)
            for worker in self.workers:
                Healer(worker, lambda stream, sequence: []).round()

    def reply(self, department: str, body: bytes) -> None:
        """What a department sends through its own outlet."""
        for worker in self.workers:
            if worker.vhost == "edge":
                worker.hear(body, f"dept.{department}.out")

    def _collect(self) -> list[dict[str, Any]]:
        batch: list[dict[str, Any]] = []
        for store in {id(s): s for w in self.workers for s in w.stores}.values():
            if isinstance(store, MemoryStore):
                batch += store.outbox
                store.outbox.clear()
        return batch

    def _deliveries(self, batch: list[dict[str, Any]]) -> list[tuple[bytes, Worker]]:
        found: list[tuple[bytes, Worker]] = []
        for entry in batch:
            self.told.append(wire.decode(entry["body"]))
            if entry["dest"].startswith("edge:"):
                self.mailboxes.setdefault(entry["key"], []).append(entry["body"])
                continue
            name = self.told[-1].name
            hearing = [
                w for w in self.workers if w.vhost == "core" and any(h.takes(name) for h in w.hearings())
            ]
            found += [(entry["body"], w) for w in hearing for _ in range(self.copies)]
        if self.random:
            self.random.shuffle(found)
        return found


def _hear(worker: Worker, body: bytes) -> None:
    try:
        worker.hear(body)
    except Early as early:
        early.keep()
