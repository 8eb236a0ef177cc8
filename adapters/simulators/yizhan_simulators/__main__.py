"""Starts a simulator of an office; never to be taken for that office's real system.

    python -m yizhan_simulators court --bind 127.0.0.1:8801 --store var/simulator_court.sqlite

Several ids are served by one process, on ports counted up from the first.
SIMULATOR_STEP_S is the time between two steps of a case (0: everything at once).
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from contextlib import ExitStack
from pathlib import Path
from threading import Event, Thread

from yizhan_simulators.office import Office
from yizhan_simulators.server import Server
from yizhan_simulators.shape import SHAPES


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT; the exit status."""
    parser = argparse.ArgumentParser(prog="yizhan_simulators", description="Simulators of offices")
    parser.add_argument("ids", nargs="+", choices=sorted(SHAPES), metavar="ID")
    parser.add_argument("--bind", required=True, help="host:port of the first; the others' ports follow")
    parser.add_argument(
        "--store", help="path of the SQLite file of one; beside the shared clock if not given"
    )
    options = parser.parse_args(arguments)
    if options.store and len(options.ids) > 1:
        parser.error("--store is for one simulator")
    host, _, port = options.bind.rpartition(":")
    with ExitStack() as all:
        servers = [
            all.enter_context(_server(id, (host, int(port) + n), options.store))
            for n, id in enumerate(options.ids)
        ]
        return _serve(servers)


def _server(id: str, address: tuple[str, int], store: str | None) -> Server:
    step_s = float(os.environ.get("SIMULATOR_STEP_S", "0"))
    path = store or Path(os.environ.get("YIZHAN_CLOCK", "var/clock")).parent / f"simulator_{id}.sqlite"
    return Server(address, Office(SHAPES[id], path, step_s))


def _serve(servers: list[Server]) -> int:
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    for server in servers:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.2}, daemon=True).start()
        host, port = server.server_address[:2]
        sys.stderr.write(f"{server.office.shape.title} http://{host!s}:{port}\n")
    stop.wait()
    for server in servers:
        server.shutdown()
        server.office.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
