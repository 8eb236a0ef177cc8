"""Starts a simulated platform: python -m yizhan_simulators.platforms provincial_platform --bind HOST:PORT"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path
from threading import Thread

from yizhan_simulators.platforms.office import Office
from yizhan_simulators.platforms.server import Server
from yizhan_simulators.platforms.shapes import SHAPES
from yizhan_simulators.platforms.storage import Storage


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT; the exit status."""
    parser = argparse.ArgumentParser(prog="yizhan_simulators.platforms", description="Simulated platform")
    parser.add_argument("id", choices=sorted(SHAPES))
    parser.add_argument("--bind", required=True, help="host:port")
    parser.add_argument("--store", help="path of its own SQLite file; beside the shared clock if not given")
    options = parser.parse_args(arguments)
    host, _, port = options.bind.rpartition(":")
    storage = Storage(options.store or _store(options.id))
    with Server((host, int(port)), Office(SHAPES[options.id], storage)) as server:
        return _serve(server, storage)


def _store(id: str) -> Path:
    return Path(os.environ.get("YIZHAN_CLOCK", "var/clock")).parent / f"simulator_{id}.sqlite"


def _serve(server: Server, storage: Storage) -> int:
    def stop(*_: object) -> None:
        Thread(
            target=server.shutdown, daemon=True
        ).start()  # it waits for serve_forever, which is this thread

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    sys.stderr.write(f"{server.office.shape.title} {server.server_address!s}\n")
    server.serve_forever(poll_interval=0.2)
    storage.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
