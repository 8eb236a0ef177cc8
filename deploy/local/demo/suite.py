"""A running suite of the demo's own: fresh data under var/demo, started and stopped by the launcher."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import urllib3

from deploy.local import environment, state
from deploy.local.home import CHECKOUT, Home
from deploy.local.offices import DEPARTMENTS
from shared.settings import settings

START_WAIT = 240.0
OURS = {"http", "worker", "adapter", "front"}  # kinds of processes that are the suite's own
HOME = Home(root=CHECKOUT, var=CHECKOUT / "var" / "demo")


@contextmanager
def running(profile: str) -> Iterator[state.State]:
    """The suite with nothing in it; it ends with the demo, its data stay until the next one."""
    shutil.rmtree(HOME.var, ignore_errors=True)
    with resumed(profile) as now:
        yield now


@contextmanager
def resumed(profile: str) -> Iterator[state.State]:
    """The suite with whatever an earlier demo left behind."""
    HOME.logs.mkdir(parents=True, exist_ok=True)
    with (HOME.logs / "launcher.log").open("ab") as log:
        launcher = subprocess.Popen(
            [sys.executable, "-m", "deploy.local.cli", "up", "--profile", profile],
            cwd=HOME.root,
            env=os.environ | {"YIZHAN_VAR": str(HOME.var)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield _ready(launcher)
    finally:
        launcher.terminate()
        launcher.wait()


def _ready(launcher: subprocess.Popen[bytes]) -> state.State:
    until = time.monotonic() + START_WAIT
    while time.monotonic() < until and launcher.poll() is None:
        now = state.running(HOME.state)
        if now is not None and now.ready_after is not None:
            os.environ.update(environment.recorded(HOME))
            settings.cache_clear()
            return now
        time.sleep(0.1)
    raise SystemExit(f"没有就绪，日志：{HOME.logs / 'launcher.log'}")


def offices() -> dict[str, list[str]]:
    """The references of every record that a department's own system keeps, asked of that system."""
    ports = json.loads((HOME.var / "ports.json").read_text())
    return {name: _records(ports[f"simulator_{name}"]) for name in DEPARTMENTS}


def _records(port: int) -> list[str]:
    found = urllib3.request("GET", f"http://127.0.0.1:{port}/records").json()
    return [record["reference"] for record in found["records"]]


def memory_mb() -> int:
    """What our own Python processes hold together, adapters included, simulators not: RSS in MiB."""
    ours = [one for one in processes() if one.alive and one.kind in OURS]
    heads = [psutil.Process(one.pid) for one in ours]
    family = {p.pid: p for head in heads for p in (head, *head.children(recursive=True))}
    rss: list[int] = [p.memory_info().rss for p in family.values()]
    return round(sum(rss) / 2**20)


def processes() -> list[state.Running]:
    """What runs at this moment."""
    now = state.running(HOME.state)
    return list(now.processes) if now else []
