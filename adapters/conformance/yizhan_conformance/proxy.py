"""A wire between adapter and broker that can be told to lose what the adapter says, and to be cut."""

from __future__ import annotations

import socket
from contextlib import suppress
from threading import Thread

CHUNK = 65_536


class Wire:
    """Listens on a port of its own and passes everything to the broker and back."""

    def __init__(self, host: str, port: int) -> None:
        self.target = (host, port)
        self.deaf = False  # what the adapter says is lost; it still hears everything
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """End every connection; the broker takes back what was not acknowledged."""
        taken, self._open = self._open, []
        for end in taken:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def heal(self) -> None:
        """Cut, then pass everything again."""
        self.cut()
        self.deaf = False

    def close(self) -> None:
        """Pass nothing any more."""
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                self._join(near)

    def _join(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(self.target, timeout=5)
        except OSError:
            near.close()
            return
        far.settimeout(None)
        self._open += [near, far]
        Thread(target=self._pump, args=(near, far, True), daemon=True).start()
        Thread(target=self._pump, args=(far, near, False), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, spoken: bool) -> None:
        with suppress(OSError):
            while found := source.recv(CHUNK):
                if not (spoken and self.deaf):
                    sink.sendall(found)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
