"""The front door of the profile apart: one address, each path handed to the process of its service.

On Kubernetes the ingress does this. Run as ``python -m deploy.local.front PORT service=PORT …``; a service
named more than once is served in turn.
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from itertools import cycle

HEAD = re.compile(rb"^\S+ /([^/?\s]*)")
CONNECTION = re.compile(rb"\r\n(?:connection|keep-alive):[^\r]*", re.IGNORECASE)
NOBODY = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Front:
    """Knows which ports serve which service."""

    def __init__(self, routes: Iterable[str]) -> None:
        ports: dict[str, list[int]] = defaultdict(list)
        for route in routes:
            service, _, port = route.partition("=")
            ports[service].append(int(port))
        self._count = {service: len(known) for service, known in ports.items()}
        self._next = {service: cycle(known) for service, known in ports.items()}
        self._default = next(iter(ports))

    async def serve(self, visitor: asyncio.StreamReader, answer: asyncio.StreamWriter) -> None:
        """One request: its head decides who answers, all else is passed on unread."""
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            head = await visitor.readuntil(b"\r\n\r\n")
            server = await self._connect(self.service(head))
            if server is None:
                answer.write(NOBODY)
            else:
                await _pass_on(head, visitor, answer, *server)
        with suppress(OSError):
            answer.close()
            await answer.wait_closed()

    def service(self, head: bytes) -> str:
        """The first part of the path, where a service has that name."""
        match = HEAD.match(head)
        name = match[1].decode("ascii", "replace") if match else ""
        return name if name in self._next else self._default

    async def _connect(self, service: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        for _ in range(self._count[service]):
            with suppress(OSError):
                return await asyncio.open_connection("127.0.0.1", next(self._next[service]))
        return None


async def _pass_on(
    head: bytes,
    visitor: asyncio.StreamReader,
    answer: asyncio.StreamWriter,
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
) -> None:
    lines = CONNECTION.sub(b"", head.removesuffix(b"\r\n\r\n"))
    asker = str(answer.get_extra_info("peername")[0]).encode()
    writer.write(lines + b"\r\nX-Forwarded-For: " + asker + b"\r\nConnection: close\r\n\r\n")
    body = asyncio.create_task(_pump(visitor, writer))
    try:
        await _pump(reader, answer)
    finally:
        body.cancel()
        writer.close()


async def _pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    while chunk := await source.read(65_536):
        target.write(chunk)
        await target.drain()


async def _main(port: int, routes: list[str]) -> None:
    server = await asyncio.start_server(Front(routes).serve, "127.0.0.1", port, limit=65_536)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]), sys.argv[2:]))
