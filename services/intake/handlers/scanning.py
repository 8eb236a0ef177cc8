"""Asks a virus scanner about the bytes of a file, if this installation has one.

`YIZHAN_SCAN` names it: `clamd:/run/clamav/clamd.sock` or `clamd:host:3310` (it speaks INSTREAM);
`command:/usr/bin/clamdscan --no-summary -` runs a program with the file on its standard input (0 clean,
1 infected). Empty: nothing is scanned. When a scanner does not answer, files wait; none passes unseen.
"""

from __future__ import annotations

import shlex
import socket
import struct
import subprocess
from collections.abc import Callable
from contextlib import closing
from functools import partial
from typing import Literal

from shared.settings import settings

Verdict = Literal["clean", "infected"]
Scanner = Callable[[bytes], Verdict]
PATIENCE = 60.0  # seconds
_PIECE = 64 * 1024


class NoVerdict(Exception):
    """The scanner did not answer; the file goes on waiting."""


def scanner() -> Scanner | None:
    """What this installation scans with; None for nothing. Raises ValueError for a setting nobody knows."""
    return chosen(settings().scan)


def chosen(setting: str) -> Scanner | None:
    """The scanner that a setting names."""
    kind, _, how = setting.strip().partition(":")
    if not kind:
        return None
    if kind == "clamd" and how:
        return partial(_by_clamd, how)
    if kind == "command" and how:
        return partial(_by_command, shlex.split(how))
    raise ValueError(f"YIZHAN_SCAN is clamd:… or command:…, not {setting!r}")


def _by_command(command: list[str], data: bytes) -> Verdict:
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoVerdict(type(error).__name__) from error
    if done.returncode not in (0, 1):
        raise NoVerdict(f"ended with {done.returncode}")
    return "infected" if done.returncode else "clean"


def _by_clamd(where: str, data: bytes) -> Verdict:
    try:
        with closing(_connected(where)) as line:
            line.sendall(b"zINSTREAM\0")
            for at in range(0, len(data), _PIECE):
                piece = data[at : at + _PIECE]
                line.sendall(struct.pack(">I", len(piece)) + piece)
            line.sendall(struct.pack(">I", 0))
            said = _reply(line)
    except OSError as error:
        raise NoVerdict(type(error).__name__) from error
    if said.endswith(b"FOUND"):
        return "infected"
    if said.endswith(b"OK"):
        return "clean"
    raise NoVerdict("an answer nobody understands")


def _connected(where: str) -> socket.socket:
    host, _, port = where.rpartition(":")
    if host and port.isdigit():
        return socket.create_connection((host, int(port)), timeout=PATIENCE)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    line.settimeout(PATIENCE)
    line.connect(where)
    return line


def _reply(line: socket.socket) -> bytes:
    said = b""
    while not said.endswith(b"\0") and len(said) < 4096 and (some := line.recv(1024)):
        said += some
    return said.rstrip(b"\0\n ")
