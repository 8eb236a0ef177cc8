"""The real processes on real servers: they become ready, answer, log nothing private, and end well."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from tests.servers import TestServers


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextmanager
def process(environment: dict[str, str], log: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of ours, ended at the end whatever happens."""
    with log.open("wb") as out:
        started = subprocess.Popen(
            [sys.executable, "-m", *arguments], env=os.environ | environment, stderr=out, stdout=out
        )
        try:
            yield started
        finally:
            started.kill()
            started.wait()


def ready(url: str, seconds: float = 60) -> dict[str, object]:
    """What the process says when it is ready."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            reply = requests.get(url, timeout=5)
            if reply.status_code == 200:
                return dict(reply.json())
        except (requests.ConnectionError, requests.Timeout):
            time.sleep(0.3)
    raise TimeoutError(url)


def test_the_web_process_serves_and_ends_within_its_grace(servers: TestServers, tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "log"
    base = f"http://127.0.0.1:{port}"
    environment = servers.fresh_environment(BASE_URL=base)
    password = (Path(environment["YIZHAN_SECRETS"]) / "first_admin").read_text().strip()

    with process(
        environment, log, "shared.web.run", "services.identity.api", "--bind", f"127.0.0.1:{port}"
    ) as web:
        state = ready(f"{base}/identity/readyz")
        home = requests.get(f"{base}/?phone=13800138000", allow_redirects=False, timeout=10)
        body = {"grant": "password", "username": "admin", "password": password}
        signed = requests.post(f"{base}/identity/tokens", json=body, timeout=30)
        headers = {"Authorization": f"Bearer {signed.json()['access_token']}"}
        asked = f"{base}/identity/units?region=990101101&phone=13800138000"
        units = requests.get(asked, headers=headers, timeout=10)
        web.send_signal(signal.SIGTERM)
        code = web.wait(timeout=25)

    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert state["ready"] is True
    assert (home.status_code, home.headers["Location"]) == (302, "/identity/sign-in")
    assert (signed.status_code, units.status_code) == (200, 200)
    assert len(units.json()["items"]) > 5
    assert code == 0
    assert "13800138000" not in str(lines)
    assert password not in str(lines)


def test_the_worker_process_shows_its_figures(servers: TestServers, tmp_path: Path) -> None:
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    environment = servers.fresh_environment() | {"AMQP_API": ""}
    arguments = ("shared.bus.run", "services.identity.worker", "--health", f"127.0.0.1:{port}")

    with process(environment, tmp_path / "log", *arguments):
        state = ready(f"{base}/readyz")
        metrics = requests.get(f"{base}/metrics", timeout=10).text
        absent = requests.get(f"{base}/other", timeout=10)

    assert state == {"ready": True, "silent": []}
    assert 'yizhan_outbox_age_seconds{service="identity"} 0.0' in metrics
    assert 'yizhan_messages_early{service="identity"} 0.0' in metrics
    assert absent.status_code == 404
