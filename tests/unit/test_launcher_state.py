"""What the launcher writes about itself lets others find it, and never mistakes a stranger for it."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from deploy.local.state import (
    AlreadyRunning,
    Running,
    State,
    alone,
    born,
    end_leftovers,
    read,
    running,
    write,
)

ME = Running(name="launcher", kind="launcher", pid=os.getpid(), born=born(os.getpid()), restarts=0, since="")


def state_with(*processes: Running, launcher: Running = ME) -> State:
    return State(
        launcher=launcher,
        profile="compact",
        url="http://127.0.0.1:1",
        ready_after=None,
        probes=("http://127.0.0.1:1/grid/readyz",),
        processes=processes,
    )


def test_a_written_state_is_read_back(tmp_path: Path) -> None:
    state = state_with(replace(ME, name="http"))

    write(tmp_path / "run" / "state.json", state)

    assert read(tmp_path / "run" / "state.json") == state
    assert state.pid("http") == os.getpid()


def test_no_state_and_a_broken_one_mean_nothing_runs(tmp_path: Path) -> None:
    (tmp_path / "broken").write_text("{")

    assert running(tmp_path / "absent") is None
    assert running(tmp_path / "broken") is None


def test_a_reused_process_number_is_not_the_launcher(tmp_path: Path) -> None:
    write(tmp_path / "state.json", state_with(launcher=replace(ME, born=ME.born - 60)))

    assert running(tmp_path / "state.json") is None


def test_leftovers_are_killed_and_strangers_with_their_number_spared(tmp_path: Path) -> None:
    sleeper = [sys.executable, "-c", "import time; time.sleep(600)"]
    left = subprocess.Popen(sleeper, process_group=0)
    stranger = subprocess.Popen(sleeper, process_group=0)
    entries = [replace(ME, pid=left.pid, born=born(left.pid)), replace(ME, pid=stranger.pid, born=1.0)]
    write(tmp_path / "state.json", state_with(*entries))

    end_leftovers(tmp_path / "state.json")

    assert left.wait(10) == -9
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_only_one_launcher_works_in_a_home(tmp_path: Path) -> None:
    with alone(tmp_path / "lock"), pytest.raises(AlreadyRunning), alone(tmp_path / "lock"):
        pass

    with alone(tmp_path / "lock"):
        pass
