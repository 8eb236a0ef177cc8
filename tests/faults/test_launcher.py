"""The launcher on real servers with one small page to serve: nothing lost, nothing left over."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import pytest
from pymongo import MongoClient

from deploy.local import state
from deploy.local.home import CHECKOUT, Home

LAUNCH = """
from deploy.local.home import here
from deploy.local.plan import Process
from deploy.local.up import run
words = ("-m", "http.server", "{page}", "--bind", "127.0.0.1", "--directory", "profiles")
run(here(), print, "compact", [Process(name="page", kind="http", argv=words, port="page", ready=("/",))])
"""
PATIENCE = 90.0


@contextmanager
def launched(var: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A launcher in a process of its own, ready; ended by force when the test leaves it running."""
    given = {name: value for name, value in os.environ.items() if name not in ("MONGO_URL", "AMQP_URL")}
    with (var.parent / "launcher.log").open("wb") as log:
        launcher = subprocess.Popen(
            [sys.executable, "-u", "-c", LAUNCH],
            cwd=CHECKOUT,
            env=given | {"YIZHAN_VAR": str(var)},
            stdout=log,
            stderr=log,
        )
    try:
        wait_until_ready(var, launcher)
        yield launcher
    finally:
        launcher.kill()
        launcher.wait()


def home(var: Path) -> Home:
    return Home(root=CHECKOUT, var=var)


def wait_until_ready(var: Path, launcher: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while (now := state.running(home(var).state)) is None or now.ready_after is None:
        assert launcher.poll() is None, (var.parent / "launcher.log").read_text()
        assert time.monotonic() < deadline, (var.parent / "launcher.log").read_text()
        time.sleep(0.1)


def tree(launcher: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """Everything the launcher started, and what that started in turn."""
    found: list[psutil.Process] = psutil.Process(launcher.pid).children(recursive=True)
    return found


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those that still live after a while."""
    left: list[psutil.Process] = psutil.wait_procs(processes, timeout=20)[1]
    return left


def database(var: Path) -> MongoClient[dict[str, object]]:
    return MongoClient(json.loads((var / "run" / "environment.json").read_text())["MONGO_URL"])


@pytest.fixture
def var(tmp_path: Path) -> Path:
    tmp_path.chmod(0o755)
    return tmp_path / "var"


def test_a_killed_launcher_leaves_no_process_and_the_next_one_finds_the_data(var: Path) -> None:
    with launched(var) as launcher:
        with database(var) as client:
            client.kept.things.insert_one({"_id": 1})
        started = tree(launcher)
        names = {process.name() for process in started}

        launcher.kill()

        assert names >= {"beam.smp", "mongod", "epmd"}
        assert alive(started) == []

    with launched(var), database(var) as client:
        assert client.kept.things.count_documents({}) == 1


def test_ctrl_c_ends_everything_in_good_order(var: Path) -> None:
    with launched(var) as launcher:
        started = tree(launcher)

        launcher.send_signal(signal.SIGINT)

        assert launcher.wait(60) == 0
        assert alive(started) == []
        assert state.read(home(var).state) is None


def test_what_is_killed_comes_back_with_its_data_while_the_launcher_lives(var: Path) -> None:
    with launched(var), database(var) as client:
        client.kept.things.insert_one({"_id": 1})
        before = state.read(home(var).state)
        assert before is not None

        for name in ("broker", "mongod", "page"):
            os.kill(before.pid(name), signal.SIGKILL)

        assert client.kept.things.count_documents({}) == 1
        wait_for_answer(before.probes[0])
        after = state.running(home(var).state)
        assert after is not None
        assert {p.name: p.restarts for p in after.processes} == {
            "epmd": 0,
            "broker": 1,
            "mongod": 1,
            "page": 1,
        }


def test_two_copies_run_side_by_side(var: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir(mode=0o755)
    other = tmp_path / "other" / "var"

    with launched(var), launched(other):
        one, two = (json.loads((folder / "ports.json").read_text()) for folder in (var, other))
        pages = [
            httpx.get(f"http://127.0.0.1:{ports['page']}/", trust_env=False).status_code
            for ports in (one, two)
        ]

    assert set(one.values()).isdisjoint(two.values())
    assert pages == [200, 200]


def wait_for_answer(address: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            httpx.get(address, trust_env=False).raise_for_status()
            return
        except httpx.HTTPError:
            assert time.monotonic() < deadline
            time.sleep(0.1)
