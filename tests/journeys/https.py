"""Services as a department's system reaches them: over HTTP on a port of this machine, kept in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Thread
from typing import Any

from werkzeug.serving import make_server


@contextmanager
def served(apps: Mapping[str, Any]) -> Iterator[str]:
    """The address of these applications, each under its own name, as behind the front door."""

    def door(environ: dict[str, Any], start: Any) -> Any:
        return apps[environ["PATH_INFO"].split("/")[1]](environ, start)

    server = make_server("127.0.0.1", 0, door, threaded=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()
