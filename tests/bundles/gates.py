"""A gate with folders on both sides: the centre's ferry at a channel like pika's, a department's crossing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from threading import Event

from tests.bundles.sides import rings
from tests.toys.adapters import FakeChannel, ask_body, delivery, properties
from yizhan_adapter.bundles import keys, settings
from yizhan_adapter.bundles.crossing import Crossing
from yizhan_adapter.bundles.ferry import AtTheGate, Ferry
from yizhan_adapter.bundles.questions import Answering, GateVault
from yizhan_adapter.bundles.settings import GateSettings
from yizhan_adapter.bundles.traffic import Traffic
from yizhan_adapter.desk import Desk
from yizhan_adapter.plugins import Adapter
from yizhan_adapter.store import Store


def environment(folder: Path, side: str, **more: str) -> dict[str, str]:
    """The variables of one side, which sees nothing of the other but what the ferry carries."""
    return {
        "YIZHAN_SECRETS": str(folder / side / "secrets"),
        "GATE_EVERY_S": "0.05",
        "GATE_AGAIN_S": "0.2",
        "GATE_SETTLED_S": "0",
    } | more


def trusting(folder: Path, department: str = "court") -> tuple[GateSettings, GateSettings]:
    """Both sides' settings, with keys already exchanged."""
    made = []
    for ring in rings(department):
        found = settings.read(department, ring.side, environment(folder, ring.side))
        keys.save(found.keys, ring)
        made.append(found)
    return made[0], made[1]


def carry(centre: Path, department: Path) -> int:
    """What a faithful ferry does: each `out` into the other side's `in`; how many files that were."""
    files = 0
    for source, target in ((centre, department), (department, centre)):
        (target / "in").mkdir(parents=True, exist_ok=True)
        for path in sorted((source / "out").glob("*.yzb")):
            os.replace(path, target / "in" / path.name)
            files += 1
    return files


class Gated:
    """The centre's ferry and one department behind the gate, in this process."""

    def __init__(
        self, folder: Path, adapter: Adapter, department: str = "court", store: Store | None = None
    ) -> None:
        self.centre, self.there = trusting(folder, department)
        self.channel = FakeChannel()
        self.ferry = Ferry(department, AtTheGate(self.centre.gate()), 30.0)
        self.ferry_traffic: Traffic = self.centre.traffic()
        self.store = store or Store(folder / "department" / "adapter.sqlite")
        self.crossing = Crossing(department, "1.2.3", self.store, self.there.traffic(), Event())
        self.vault = GateVault(self.there.gate(), department)
        self.desk = Desk(adapter, self.store, vault=self.vault)
        self.answering = Answering(self.centre.gate(), None)

    def ask(self, *bodies: bytes, redelivered: bool = False) -> None:
        """The broker delivers to the ferry."""
        for tag, body in enumerate(bodies, 1):
            self.ferry.take(self.channel, delivery(tag, redelivered=redelivered), properties(), body)

    def turn(self) -> None:
        """Both ends look once, and the ferry goes once."""
        self.ferry_traffic.take_in()
        self.ferry_traffic.send_out()
        carry(self.centre.folder, self.there.folder)
        self.crossing.traffic.take_in()
        self.crossing.hand_over()
        self.crossing.collect()
        self.crossing.traffic.send_out()
        carry(self.centre.folder, self.there.folder)
        self.ferry_traffic.take_in()
        self.ferry.post(self.channel)
        self.answering.round()

    def close(self) -> None:
        """Give the files back."""
        for gate in (self.ferry.at_the_gate.gate, self.ferry_traffic.gate, self.crossing.gate):
            gate.db.close()
        for asking in (self.vault.gate, self.answering.gate):
            asking.db.close()
        self.store.close()


def asks(count: int) -> Iterator[bytes]:
    """So many asks, each as routing sends it."""
    return (ask_body(number) for number in range(count))
