"""Starts a simulator of an office; never to be taken for that office's real system.

    python -m yizhan_simulators court --bind 127.0.0.1:8801 --store var/simulator_court.sqlite

Several ids are served under one address, each below its own id: http://127.0.0.1:8801/court/…
SIMULATOR_STEP_S is the time between two steps of a case (0: everything at once).
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path
from threading import Event, Thread

from yizhan_simulators.office import Office
from yizhan_simulators.server import Building, Server
from yizhan_simulators.shape import SHAPES


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT; the exit status."""
    parser = argparse.ArgumentParser(prog="yizhan_simulators", description="Simulators of offices")
    parser.add_argument("ids", nargs="+", choices=sorted(SHAPES), metavar="ID")
    parser.add_argument("--bind", required=True, help="host:port")
    parser.add_argument(
        "--store",
        help="SQLite file of one, or folder for several; beside the shared clock if not given",
    )
    options = parser.parse_args(arguments)
    host, _, port = options.bind.rpartition(":")
    offices = [_office(id, options.store, alone=len(options.ids) == 1) for id in options.ids]
    address = host, int(port)
    with Server(address, offices[0]) if len(offices) == 1 else Building(address, offices) as server:
        return _serve(server)


def _office(id: str, store: str | None, *, alone: bool) -> Office:
    beside = Path(os.environ.get("YIZHAN_CLOCK", "var/clock")).parent
    folder = Path(store) if store and not alone else beside
    path = store if store and alone else folder / f"simulator_{id}.sqlite"
    return Office(SHAPES[id], path, float(os.environ.get("SIMULATOR_STEP_S", "0")))


def _serve(server: Server) -> int:
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.2}, daemon=True).start()
    host, port = server.server_address[:2]
    for office in server.offices:
        sys.stderr.write(f"{office.shape.title} http://{host!s}:{port}\n")
    stop.wait()
    server.shutdown()
    server.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
