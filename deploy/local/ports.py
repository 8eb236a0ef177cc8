"""Which ports this checkout listens on: chosen once, remembered, and changed only where a stranger sits."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterable
from itertools import chain
from pathlib import Path
from zlib import crc32

LOWEST, HIGHEST = 20_000, 32_000  # below the range from which the kernel lends ports to outgoing connections
BLOCK = 20

Ports = dict[str, int]


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of the loopback address now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def answers(port: int, host: str = "127.0.0.1") -> bool:
    """Whether somebody accepts connections on this port."""
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def remembered(file: Path) -> Ports:
    """The ports chosen by an earlier start; none when the file is absent or half written."""
    try:
        return {str(name): int(port) for name, port in json.loads(file.read_text()).items()}
    except (OSError, ValueError, AttributeError):
        return {}


def choose(file: Path, names: Iterable[str], free: Callable[[int], bool] = is_free) -> Ports:
    """A free port for every name, the same as last time wherever that one is still free."""
    before = remembered(file)
    chosen = {name: before[name] for name in names if name in before and free(before[name])}
    taken = set(before.values())
    fresh = (port for port in _candidates(file) if port not in taken and free(port))
    for name in names:
        chosen.setdefault(name, -1)
        if chosen[name] < 0:
            chosen[name] = next(fresh)
    _remember(file, before | chosen)
    return chosen


def _candidates(file: Path) -> Iterable[int]:
    """All ports, from a block that the path of this checkout points to: two checkouts rarely meet."""
    blocks = (HIGHEST - LOWEST) // BLOCK
    first = LOWEST + crc32(str(file.resolve()).encode()) % blocks * BLOCK
    return chain(range(first, HIGHEST), range(LOWEST, first))


def _remember(file: Path, ports: Ports) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".new")
    draft.write_text(json.dumps(ports, indent=1) + "\n")
    draft.replace(file)
