"""A department behind a pretended gate, as one command: ferry, adapter, and files carried to and fro.

`python -m deploy.local.gated court` takes the variables of an adapter, so that it can be examined as one
(`make conformance NAME=court+bundles`). It ends when either of the two ends, and takes the other with it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from yizhan_adapter.bundles import keys, settings
from yizhan_adapter.bundles.settings import GateSettings

PACE = {"GATE_EVERY_S": "0.1", "GATE_AGAIN_S": "5", "GATE_SETTLED_S": "0"}
NO_WAY_OUT = (
    "AMQP_URL",
    "AMQP_API",
    "ADAPTER_AMQP_URL",
    "ADAPTER_SECRET",
    "MONGO_URL",
    "BASE_URL",
    "YIZHAN_URL",
)
LOOK = 0.05


def main(department: str) -> int:
    """Run both ends until one of them ends; its status."""
    folder = Path(os.environ["ADAPTER_STORE"]).parent / "gate"
    centre, there = _sides(department, folder)
    children = [
        _start(["yizhan_adapter.bundles", "--side", "centre", "run", department], _of(centre, os.environ)),
        _start(["yizhan_adapter", "run", department], _closed_in(there, os.environ)),
    ]
    try:
        while all(child.poll() is None for child in children):
            carry(centre.folder, there.folder)
            time.sleep(LOOK)
    finally:
        for child in children:
            child.kill()
    return max(abs(child.wait()) for child in children)


def carry(centre: Path, department: Path) -> None:
    """What a ferry does: each `out` into the other side's `in`."""
    for source, target in ((centre, department), (department, centre)):
        for path in sorted((source / "out").glob("*.yzb")):
            with suppress(FileNotFoundError):  # taken away in the same moment
                os.replace(path, target / "in" / path.name)


def _sides(department: str, folder: Path) -> tuple[GateSettings, GateSettings]:
    """Both ends with folders and keys; what is there already stays."""
    centre, there = (
        settings.read(department, side, {"YIZHAN_SECRETS": str(folder / side / "secrets")} | PACE)
        for side in ("centre", "department")
    )
    if not centre.keys.exists():
        ours, theirs = centre.ring().make(), there.ring().make()
        keys.save(centre.keys, ours.trust(theirs.own[0].card))
        keys.save(there.keys, theirs.trust(ours.own[0].card))
    for side in (centre, there):
        (side.folder / "in").mkdir(parents=True, exist_ok=True)
    return centre, there


def _of(side: GateSettings, given: Mapping[str, str]) -> dict[str, str]:
    return dict(given) | PACE | {"YIZHAN_SECRETS": str(side.keys.parent)}


def _closed_in(side: GateSettings, given: Mapping[str, str]) -> dict[str, str]:
    """The adapter's variables without any that leads out of its network."""
    rest = {name: value for name, value in given.items() if name not in NO_WAY_OUT}
    return _of(side, rest) | {"ADAPTER_TRANSPORT": "bundles"}


def _start(words: list[str], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-W", "ignore", "-m", *words], env=environment)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
