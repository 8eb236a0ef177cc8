"""A gate for the fault tests: the ferry's and the adapter's processes, a carrier between their folders."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

from tests.bundles.gates import environment
from tests.bundles.sides import rings
from tests.faults.departments import Edge, _start, adapter
from yizhan_adapter.bundles import keys, settings

PACE = {"GATE_EVERY_S": "0.1", "GATE_AGAIN_S": "1.5", "GATE_SETTLED_S": "0"}
NOWHERE = {"AMQP_URL": "", "AMQP_API": "", "MONGO_URL": "", "ADAPTER_AMQP_URL": "", "BASE_URL": ""}


class Closed:
    """A court on a closed network: nothing reaches it but files."""

    def __init__(self, side: Edge) -> None:
        self.side = side
        self.centre = side.environment | PACE | {"GATE_FOLDER": str(side.folder / "centre" / "gate")}
        self.there = environment(side.folder, "department") | PACE | NOWHERE
        for ring, given in zip(rings(), (self.centre, self.there), strict=True):
            keys.save(settings.read("court", ring.side, given).keys, ring)
        self.ends = tuple(
            settings.read("court", ring.side, given).folder
            for ring, given in zip(rings(), (self.centre, self.there), strict=True)
        )

    def ferry(self, **more: str) -> subprocess.Popen[bytes]:
        """The centre's end, as its own process."""
        words = ["yizhan_adapter.bundles", "--side", "centre", "run", "court"]
        return _start(words, self.centre | more, self.side.folder / "ferry.log")

    def adapter(self, office: str, **more: str) -> subprocess.Popen[bytes]:
        """The court's adapter, as ever, but told that its asks come by files."""
        return adapter(self.side, office, **self.there, ADAPTER_TRANSPORT="bundles", **more)

    def log(self) -> str:
        """What both said last."""
        return "".join(
            (self.side.folder / name).read_text()[-1_500:]
            for name in ("ferry.log", "adapter.log")
            if (self.side.folder / name).exists()
        )

    @contextmanager
    def carrier(self, seed: int | None = None) -> Iterator[None]:
        """Files go to and fro; with a seed some are lost, damaged, brought twice, or brought late."""
        stop = Event()
        thread = Thread(target=self._carry, args=(stop, random.Random(seed) if seed else None))
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def _carry(self, stop: Event, fate: random.Random | None) -> None:
        while not stop.wait(0.05):
            for source, target in (self.ends, self.ends[::-1]):
                for path in sorted((source / "out").glob("*.yzb")):
                    with suppress(FileNotFoundError):  # it was taken away, or written anew
                        self._one(path, target / "in" / path.name, fate.random() if fate else 1.0)

    def _one(self, path: Path, target: Path, luck: float) -> None:
        (target.parent).mkdir(parents=True, exist_ok=True)
        if luck < 0.15:
            path.unlink()
        elif luck < 0.3:
            data = path.read_bytes()
            path.unlink()
            target.write_bytes(data[:-70] + bytes([data[-70] ^ 4]) + data[-69:])
        elif luck < 0.45:
            shutil.copy(path, target)
        elif luck > 0.6:
            os.replace(path, target)
