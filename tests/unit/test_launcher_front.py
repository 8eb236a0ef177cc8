"""The front door hands each path to the process of its service, in turn where there are several."""

from __future__ import annotations

import asyncio

from deploy.local.front import Front


async def server(name: str) -> tuple[asyncio.Server, int]:
    """Answers every request with its own name and the body it got."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next((int(x[16:]) for x in head.split(b"\r\n") if x.startswith(b"Content-Length: ")), 0)
        body = await reader.readexactly(length)
        said = f"{name} {head.split()[1].decode()} {body.decode()}".encode()
        if head.split()[1].endswith(b"/head"):
            said = head
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(said), said)
        )
        await writer.drain()
        writer.close()

    started = await asyncio.start_server(answer, "127.0.0.1", 0)
    return started, started.sockets[0].getsockname()[1]


async def ask(port: int, path: str, body: bytes = b"") -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    answer = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    await writer.wait_closed()
    return answer


async def conversation(*paths: str, body: bytes = b"", stop_grid: bool = False) -> list[bytes]:
    """Two replicas of intake and one grid behind a front door; what each path was answered."""
    servers = [await server("intake"), await server("grid"), await server("intake-2")]
    (_, intake), (grid_server, grid), (_, intake_2) = servers
    if stop_grid:
        grid_server.close()
        await grid_server.wait_closed()
    front = Front([f"intake={intake}", f"grid={grid}", f"intake={intake_2}"])
    door = await asyncio.start_server(front.serve, "127.0.0.1", 0)
    try:
        return [await ask(door.sockets[0].getsockname()[1], path, body) for path in paths]
    finally:
        for running in (door, *(found for found, _ in servers)):
            running.close()
            await running.wait_closed()


def test_the_first_part_of_the_path_chooses_the_service() -> None:
    answers = asyncio.run(conversation("/grid/readyz", "/intake/x?y=/grid"))

    assert answers[0].endswith(b"grid /grid/readyz ")
    assert answers[1].endswith(b"intake /intake/x?y=/grid ")


def test_replicas_are_asked_in_turn() -> None:
    answers = asyncio.run(conversation(*["/intake/"] * 3))

    assert [answer.rpartition(b"\r\n")[2].split()[0] for answer in answers] == [
        b"intake",
        b"intake-2",
        b"intake",
    ]


def test_a_large_body_passes_unread() -> None:
    body = "卷".encode() * 200_000

    (answer,) = asyncio.run(conversation("/grid/files", body=body))

    assert answer.endswith(body)


def test_a_path_of_no_service_goes_to_the_first_one() -> None:
    (answer,) = asyncio.run(conversation("/"))

    assert answer.endswith(b"intake / ")


def test_nobody_there_is_a_502() -> None:
    (answer,) = asyncio.run(conversation("/grid/readyz", stop_grid=True))

    assert answer.startswith(b"HTTP/1.1 502 ")


def test_the_server_is_told_who_asked() -> None:
    (answer,) = asyncio.run(conversation("/intake/head"))

    assert answer.endswith(b"X-Forwarded-For: 127.0.0.1\r\nConnection: close\r\n\r\n")
