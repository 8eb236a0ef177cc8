"""Starts a simulator of a department's back office; never to be taken for the department's real system.

    python -m yizhan_simulators court --bind 127.0.0.1:8801 --store var/simulator_court.sqlite

SIMULATOR_STEP_S is the time between two steps of a case (0: everything at once).
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path
from threading import Thread

from yizhan_simulators.court import COURT
from yizhan_simulators.judicial_bureau import JUDICIAL_BUREAU
from yizhan_simulators.ledger import Ledger
from yizhan_simulators.plain import PLAIN
from yizhan_simulators.police import POLICE
from yizhan_simulators.server import Server

SIMULATORS = {simulator.id: simulator for simulator in (COURT, POLICE, JUDICIAL_BUREAU, PLAIN)}


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT; the exit status."""
    parser = argparse.ArgumentParser(prog="yizhan_simulators", description="Simulator of a back office")
    parser.add_argument("id", choices=sorted(SIMULATORS))
    parser.add_argument("--bind", required=True, help="host:port")
    parser.add_argument("--store", help="path of its own SQLite file; beside the shared clock if not given")
    options = parser.parse_args(arguments)
    host, _, port = options.bind.rpartition(":")
    ledger = Ledger(
        options.store or _store(options.id), step_s=float(os.environ.get("SIMULATOR_STEP_S", "0"))
    )
    with Server((host, int(port)), SIMULATORS[options.id], ledger) as server:
        return _serve(server)


def _store(id: str) -> Path:
    return Path(os.environ.get("YIZHAN_CLOCK", "var/clock")).parent / f"simulator_{id}.sqlite"


def _serve(server: Server) -> int:
    def stop(*_: object) -> None:
        Thread(
            target=server.shutdown, daemon=True
        ).start()  # it waits for serve_forever, which is this thread

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    host, port = server.server_address[:2]
    sys.stderr.write(f"{server.simulator.title} http://{host!s}:{port}\n")
    server.serve_forever(poll_interval=0.2)
    server.ledger.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
