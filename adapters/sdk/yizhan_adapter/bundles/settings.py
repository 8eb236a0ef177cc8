"""Where a gate's folders, memory and keys are, and its pace; the same variables on both sides."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from yizhan_adapter.bundles.database import Database
from yizhan_adapter.bundles.folders import Folders
from yizhan_adapter.bundles.gate import Gate
from yizhan_adapter.bundles.keys import Ring, Side, load
from yizhan_adapter.bundles.sending import Limits
from yizhan_adapter.bundles.traffic import Traffic
from yizhan_adapter.errors import Misconfigured


@dataclass(frozen=True, kw_only=True)
class GateSettings:
    """Read once per process."""

    department: str
    side: Side
    folder: Path
    memory: Path
    keys: Path
    every_s: float
    expect_s: float
    settled_s: float
    limits: Limits

    def gate(self) -> Gate:
        """The gate with a memory of its own thread."""
        return Gate(Database(self.memory), self.ring, self.limits)

    @property
    def ring(self) -> partial[Ring]:
        """Reads the keys anew each time: a person may change them while the gate works."""
        return partial(load, self.keys, self.department, self.side)

    def traffic(self) -> Traffic:
        """A gate with its folders."""
        return Traffic(self.gate(), Folders(self.folder, self.settled_s), self.every_s)


def read(department: str, side: Side, environment: Mapping[str, str] = os.environ) -> GateSettings:
    """The settings of one gate; raises Misconfigured naming what is wrong."""
    secrets = Path(environment.get("YIZHAN_SECRETS", "var/secrets"))
    name = f"gate_{side}_{department}"
    root = Path(environment.get("GATE_FOLDER") or secrets.parent / "gate" / side)
    number = partial(_number, environment)
    return GateSettings(
        department=department,
        side=side,
        folder=Path(environment.get(f"GATE_FOLDER_{department.upper()}") or root / department),
        memory=Path(environment.get("GATE_MEMORY") or secrets.parent / f"{name}.sqlite"),
        keys=secrets / name,
        every_s=number("GATE_EVERY_S", 30.0, 0.05, 86_400.0),
        expect_s=number("GATE_EXPECT_S", 1_800.0, 1.0, 604_800.0),
        settled_s=number("GATE_SETTLED_S", 2.0, 0.0, 3_600.0),
        limits=Limits(
            size=int(1024 * number("GATE_SIZE_KB", 4_096.0, 1.0, 32_768.0)),
            again_s=number("GATE_AGAIN_S", 900.0, 0.1, 86_400.0),
        ),
    )


def _number(environment: Mapping[str, str], name: str, default: float, least: float, most: float) -> float:
    text = environment.get(name, "")
    try:
        found = float(text) if text else default
    except ValueError as error:
        raise Misconfigured(f"{name} is not a number: {text!r}") from error
    if not least <= found <= most:
        raise Misconfigured(f"{name} must be between {least:g} and {most:g}")
    return found
