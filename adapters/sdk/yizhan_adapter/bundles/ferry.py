"""The centre's end of a gate: reads a department's mailbox at the broker, and speaks through its outlet.

To the broker it is the department: its user, its inbox, its exchange. An ask is acknowledged when it is in
the gate's memory, an answer leaves that memory when the broker has confirmed it. So routing, ledger and
gateway work as for every other department.
"""

from __future__ import annotations

import json
import logging
import os
import sqlite3
import time
from collections.abc import Sequence
from datetime import datetime
from threading import Event, Thread
from typing import Any

from yizhan_adapter import envelope
from yizhan_adapter.asks import Ask
from yizhan_adapter.bundles.gate import Gate
from yizhan_adapter.bundles.manifest import Entry
from yizhan_adapter.bundles.questions import QUESTION, Answering, keep_question
from yizhan_adapter.bundles.refusals import HARMLESS
from yizhan_adapter.bundles.settings import GateSettings
from yizhan_adapter.bundles.traffic import Traffic
from yizhan_adapter.clock import Clock, now
from yizhan_adapter.errors import Misconfigured
from yizhan_adapter.link import Link
from yizhan_adapter.mailbox import Mailbox
from yizhan_adapter.run import HUNG, watch
from yizhan_adapter.store import Letter

log = logging.getLogger(__name__)

DAY = 86_400.0
LOOK = 0.5
MOST = 1_000_000  # bytes of an answer: the broker hangs up on more, again and again
PAUSE = 5.0


class AtTheGate:
    """Stands where an adapter has its store: asks go across instead of to a desk."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.heartbeat = b""  # the department's last one, until it was passed on

    def check(self) -> None:
        """Prove that the disk takes writes."""
        self.gate.db.set("pulse", time.time())

    def keep(self, ask: Ask, body: bytes, at: datetime, *, again: bool = False) -> bool:
        """Store an ask for the other side; false when it waits or is on its way."""
        entry = Entry(id=ask.event_id, type=str(json.loads(body)["type"]), body=body)
        return self.gate.put(ask.key, entry, time.time())

    def outgoing(self, limit: int = 50) -> list[Letter]:
        """Answers that came across, in their order."""
        letters = []
        for came in self.gate.coming.here(limit):
            name = came.type.rpartition(".")[0]
            if name.startswith("answer.") and len(came.body) <= MOST:
                letters.append(Letter(n=came.n, id=came.id, name=name, body=came.body))
            elif name == "adapter.heartbeat":
                self.heartbeat = came.body
                self.gate.coming.handed([came.n])
            elif came.type == QUESTION:
                keep_question(self.gate, came)
            else:
                about = {"type": came.type, "event_id": came.id, "bytes": len(came.body)}
                log.error("set aside", extra=about)
                self.gate.coming.set_aside(came.n)
        return letters

    def sent(self, letters: Sequence[Letter]) -> None:
        """The broker has these."""
        self.gate.coming.handed([letter.n for letter in letters])

    def burden(self, at: float) -> tuple[int, int]:
        """What waits for the other side."""
        waiting, oldest = self.gate.going.waiting()
        return waiting, max(0, int(at - oldest)) if oldest else 0

    def figures(self, expect_s: float) -> dict[str, Any]:
        """What the gate's own heartbeat says."""
        at, db = time.time(), self.gate.db
        waiting, oldest_s = self.burden(at)
        last = float(db.fact("last_in") or 0)
        grave = [code for _, _, code, _ in db.refusals(at - DAY) if code not in HARMLESS]
        return {
            "waiting": waiting,
            "oldest_s": oldest_s,
            "silent_s": max(0, int(at - last)) if last else None,
            "expect_s": max(1, int(expect_s)),
            "missing": len(self.gate.missing()),
            "refused": len(grave),
        }


class Ferry(Mailbox):
    """The mailbox of a department behind a gate; it beats for the gate, and passes on the department's."""

    def __init__(
        self,
        department: str,
        at_the_gate: AtTheGate,
        expect_s: float,
        clock: Clock = now,
        queue: str = "inbox",
    ) -> None:
        super().__init__(department, "gate", at_the_gate, clock=clock, queue=queue)
        self.at_the_gate, self.expect_s = at_the_gate, expect_s

    def beat(self, channel: Any) -> None:
        """What waits at the gate, and the department's own sign of life if one has come."""
        figures = self.at_the_gate.figures(self.expect_s)
        body = envelope.gate_heartbeat(self.department, figures, self.clock())
        channel.basic_publish(
            self.outlet, "beat", body, self._properties("gate.heartbeat.v1"), mandatory=False
        )

    def post(self, channel: Any) -> int:
        """Pass on what came: answers with a confirm each, a sign of life without."""
        posted = super().post(channel)
        if beat := self.at_the_gate.heartbeat:
            self.at_the_gate.heartbeat = b""
            channel.basic_publish(
                self.outlet, "beat", beat, self._properties("adapter.heartbeat.v1"), mandatory=False
            )
        return posted


def serve(link: Link, traffic: Traffic, answering: Answering, stop: Event) -> None:
    """The folders in a thread of their own, the broker in this one."""

    def look() -> None:
        while not stop.wait(LOOK):
            try:
                if traffic.take_in()["taken"]:
                    link.wake()
                answering.round()
                traffic.send_in_time()
            except (OSError, sqlite3.Error, Misconfigured) as error:
                log.warning("the gate cannot be used", extra={"error": f"{type(error).__name__}: {error}"})
                stop.wait(PAUSE)
            except BaseException:  # nothing else would notice that nobody looks any more
                log.exception("the folders are not looked into any more")
                os._exit(HUNG)

    looker = Thread(target=look, name="folders", daemon=True)
    looker.start()
    Thread(target=watch, args=(link, stop), name="watch", daemon=True).start()
    link.run(lambda: looker.join(PAUSE))


def mailbox(settings: GateSettings, queue: str = "inbox") -> Ferry:
    """The ferry's mailbox, with a memory of its own thread."""
    return Ferry(settings.department, AtTheGate(settings.gate()), settings.expect_s, queue=queue)
