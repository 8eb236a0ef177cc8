"""What every case works with: the candidate, the sandbox, the wire between them, and common steps."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from yizhan_conformance import answers
from yizhan_conformance.asks import SandboxAsk, encoded
from yizhan_conformance.files import Files
from yizhan_conformance.process import Candidate
from yizhan_conformance.proxy import Wire
from yizhan_conformance.sandbox import Sandbox

SETTLE = 1.0  # seconds in which a second effect would show
Gate = Callable[[bytes, SandboxAsk], str]  # why the centre refuses an answer; empty when it takes it


class Failed(AssertionError):
    """The candidate did something else than it must; the words say what."""


@dataclass
class Examination:
    """One candidate and everything around it."""

    department: str
    candidate: Candidate
    sandbox: Sandbox
    wire: Wire
    files: Files
    gate: Gate
    outlet: Callable[[bytes], None]  # publishes as the department itself
    asked: list[SandboxAsk] = field(default_factory=list)

    def an_ask(self) -> SandboxAsk:
        """A new ask; its answers are looked at again at the end."""
        ask = SandboxAsk(department=self.department)
        self.asked.append(ask)
        return ask

    def restart(self) -> None:
        """Kill it, give the broker a moment to notice, start it again."""
        self.candidate.kill()
        self.wire.heal()
        self.sandbox.until(lambda: self.sandbox.readers() == 0, 10.0)
        self.candidate.start()

    def ready(self) -> None:
        """It reads its mailbox; raises Failed."""
        if not self.sandbox.until(self.sandbox.readers):
            raise Failed("it does not read its mailbox")

    def received(self, *asks: SandboxAsk, seconds: float = 0.0) -> None:
        """Every ask is answered by `received`, once; raises Failed."""
        if not self.sandbox.until(lambda: all(map(self.heard, asks)), seconds):
            missing = sum(not self.heard(ask) for ask in asks)
            raise Failed(f"{missing} of {len(asks)} asks were not answered in time")
        self.sandbox.listen(SETTLE)
        for ask in asks:
            self._whole(ask)

    def heard(self, ask: SandboxAsk) -> list[dict[str, Any]]:
        """What was said about an ask."""
        return self.sandbox.about(ask.delivery_id)

    def rejected(self, *bodies: bytes) -> None:
        """Each of these came to the centre's parking, byte for byte, and was not answered; raises Failed."""
        if not self.sandbox.until(lambda: all(body in self.sandbox.rejected for body in bodies)):
            raise Failed("it was not rejected without requeue: the centre's parking did not get it")

    def unanswered(self, ask: SandboxAsk) -> None:
        """Nothing was said about it; raises Failed."""
        self.sandbox.listen(SETTLE)
        if self.heard(ask):
            raise Failed("it was answered although it cannot be understood")

    def given(self, seconds: float = 10.0) -> None:
        """Wait until the candidate's connection has been handed the asks that wait; raises Failed."""
        if not self.sandbox.until(lambda: self.sandbox.waiting() == 0, seconds):
            raise Failed("the asks were not taken from the mailbox")

    def _whole(self, ask: SandboxAsk) -> None:
        row = self.heard(ask)
        wrong = [*answers.row_faults(row), *(fault for event in row for fault in answers.faults(event, ask))]
        if wrong:
            raise Failed("; ".join(dict.fromkeys(wrong)))


def strict_gate(body: bytes, ask: SandboxAsk) -> str:
    """The centre's rule about answers, as the contract words it."""
    return next(answers.faults(json.loads(body), ask), "")


def without(event: Mapping[str, Any], name: str) -> bytes:
    """The same answer without an attribute, under a new id."""
    return encoded({key: value for key, value in event.items() if key != name} | {"id": _other(event["id"])})


def _other(id: str) -> str:
    return id[:-12] + f"{int(time.time() * 1000):012x}"[-12:]
