"""Says whether the container's process works, by asking the page that its own command line names.

The image's HEALTHCHECK runs it: one image, many commands, one check. A process without a page, such as a job,
is healthy as long as it runs.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import httpx

COMMAND = Path("/proc/1/cmdline")
WAIT = 4.0


def addresses(command: Sequence[str]) -> tuple[str, ...]:
    """The pages that answer 200 when a process with this command line works."""
    if "--health" in command:
        return (f"{_here(command, '--health')}/readyz",)
    if "yizhan_simulators" in command:
        return (f"{_here(command, '--bind')}/healthz",)
    if "--bind" in command:
        here = _here(command, "--bind")
        return tuple(f"{here}/{word.split('.')[1]}/readyz" for word in command if word.endswith(".api"))
    return ()


def _here(command: Sequence[str], option: str) -> str:
    port = command[command.index(option) + 1].rpartition(":")[2]
    return f"http://127.0.0.1:{port}"


def main() -> int:
    """The exit status Docker wants: 0 healthy, 1 not."""
    command = COMMAND.read_bytes().decode().split("\0")
    try:
        answers = [httpx.get(url, timeout=WAIT, trust_env=False) for url in addresses(command)]
    except httpx.HTTPError:
        return 1
    return 0 if all(answer.status_code == httpx.codes.OK for answer in answers) else 1


if __name__ == "__main__":
    sys.exit(main())
