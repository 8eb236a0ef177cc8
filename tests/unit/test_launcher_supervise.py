"""What dies is started again, what is asked to stop stops, and nothing is left over: real signals."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from deploy.local.child import Child, Command, start
from deploy.local.supervise import NotReady, Stopped, Supervisor

CHECKOUT = Path(__file__).resolve().parents[2]
SLEEP = "import time; time.sleep(600)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); {SLEEP}"
PARENT = f"""
import subprocess, sys
print(subprocess.Popen([sys.executable, "-c", "{SLEEP}"]).pid, flush=True)
{SLEEP}
"""
STARTER = f"""
import sys, time
from pathlib import Path
from deploy.local.child import Command, start
argv = (sys.executable, "-c", "{SLEEP}")
print(start(Command(name="c", argv=argv, folder=Path("."), log=Path(sys.argv[1]))).pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def command(tmp_path: Path) -> Callable[..., Command]:
    def make(program: str, name: str = "one") -> Command:
        return Command(
            name=name,
            argv=(sys.executable, "-c", program),
            folder=tmp_path,
            log=tmp_path / f"{name}.log",
            environment={"PATH": os.environ["PATH"]},
        )

    return make


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(said: list[str]) -> Iterator[Supervisor]:
    supervisor = Supervisor(changed=lambda: None, say=said.append)
    yield supervisor
    supervisor.asked_to_stop = 2
    supervisor.stop()


def gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def wait_for(condition: Callable[[], object], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.02)


def test_a_killed_process_is_started_again_and_the_death_is_told(
    supervisor: Supervisor, command: Callable[..., Command], said: list[str]
) -> None:
    supervisor.start(command(SLEEP), "worker")
    first = supervisor.kept["one"].child.pid

    os.kill(first, signal.SIGKILL)
    supervisor.until(lambda: supervisor.kept["one"].restarts == 1, 10, "restart")

    assert supervisor.kept["one"].child.pid != first
    assert len(said) == 1 and "one" in said[0] and "-9" in said[0]


def test_a_process_that_keeps_dying_is_tried_ever_more_slowly(
    supervisor: Supervisor, command: Callable[..., Command]
) -> None:
    supervisor.start(command("raise SystemExit(3)"), "worker")

    supervisor.until(lambda: supervisor.kept["one"].restarts >= 2, 20, "restarts")
    supervisor.until(lambda: supervisor.kept["one"].due is not None, 20, "death")

    assert supervisor.kept["one"].delay == 2.0


def test_what_a_dead_process_left_in_its_group_is_ended_too(
    supervisor: Supervisor, command: Callable[..., Command], tmp_path: Path
) -> None:
    supervisor.start(command(PARENT), "http")
    wait_for(lambda: (tmp_path / "one.log").read_text().strip())
    grandchild = int((tmp_path / "one.log").read_text())

    os.kill(supervisor.kept["one"].child.pid, signal.SIGKILL)
    supervisor.until(lambda: supervisor.kept["one"].due is not None, 10, "death")

    wait_for(lambda: gone(grandchild))


def test_asked_to_stop_it_stops_waiting(supervisor: Supervisor, command: Callable[..., Command]) -> None:
    supervisor.start(command(SLEEP), "worker")
    supervisor.asked_to_stop = 1

    with pytest.raises(Stopped):
        supervisor.until(lambda: False, 60, "nothing")


def test_what_does_not_happen_in_time_is_named(supervisor: Supervisor) -> None:
    with pytest.raises(NotReady, match="the moon"):
        supervisor.until(lambda: False, 0.2, "the moon")


def test_stopping_a_kind_leaves_the_others_running(
    supervisor: Supervisor, command: Callable[..., Command]
) -> None:
    supervisor.start(command(SLEEP, "broker"), "server")
    supervisor.start(command(SLEEP, "http"), "http")

    supervisor.stop("http")

    assert supervisor.kept["http"].child.ended
    assert not supervisor.kept["broker"].child.ended


def test_who_does_not_listen_is_killed_when_asked_twice(
    supervisor: Supervisor, command: Callable[..., Command], tmp_path: Path
) -> None:
    supervisor.start(command(STUBBORN), "worker")
    wait_for(lambda: (tmp_path / "one.log").read_text())
    began = time.monotonic()

    supervisor.asked_to_stop = 2
    supervisor.stop()

    assert supervisor.kept["one"].child.ended
    assert time.monotonic() - began < 5


def test_a_job_gives_its_exit_code_while_others_are_minded(
    supervisor: Supervisor, command: Callable[..., Command]
) -> None:
    supervisor.start(command(SLEEP, "minded"), "worker")

    code = supervisor.run_once(command("raise SystemExit(78)", "job"), 30)

    assert code == 78
    assert "job" not in supervisor.kept


def test_a_child_dies_with_the_one_who_started_it_even_by_kill_9(tmp_path: Path) -> None:
    words = [sys.executable, "-c", STARTER, str(tmp_path / "c.log")]
    parent = subprocess.Popen(words, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())

    parent.kill()
    parent.wait()
    parent.stdout.close()

    wait_for(lambda: gone(child))


def test_a_child_outlives_the_thread_that_asked_for_it(command: Callable[..., Command]) -> None:
    started: list[Child] = []
    thread = threading.Thread(target=lambda: started.append(start(command(SLEEP))))
    thread.start()
    thread.join()

    time.sleep(0.2)  # the kernel would have killed it by now

    assert not started[0].ended
    started[0].kill()


def test_a_log_grown_too_large_is_put_aside_at_the_next_start(command: Callable[..., Command]) -> None:
    large = command("print('new')")
    large.log.write_bytes(b"old\n" * 3_000_000)

    child = start(large)
    wait_for(lambda: child.ended)
    child.kill()

    assert large.log.read_text() == "new\n"
    assert large.log.with_suffix(".log.1").stat().st_size == 12_000_000
