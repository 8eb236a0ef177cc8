"""From nothing to a running suite: servers, topology, services; minded until somebody says stop."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from importlib.util import find_spec

import httpx

from deploy.local import environment, ports, secrets, state
from deploy.local.child import Command
from deploy.local.home import Home
from deploy.local.management import Management
from deploy.local.plan import SERVICES, Process, Profile, plan, ports_of, topology, with_own
from deploy.local.servers import servers_in
from deploy.local.state import Running, State
from deploy.local.supervise import NotReady, Stopped, Supervisor

Say = Callable[[str], None]
SERVER_WAIT, TOPOLOGY_WAIT, SERVICE_WAIT = 90.0, 120.0, 90.0
SERVICE_KINDS = ("front", "http", "worker", "adapter", "simulator")
OUTSIDERS = ("adapter", "simulator")  # departments: they reach the broker as themselves, and nothing else
LEFTOVER_WAIT = 10.0


def up(home: Home, say: Say, profile: Profile = "compact", replicas: Mapping[str, int] | None = None) -> None:
    """The suite in one of its profiles; see ``run``. Raises ValueError for replicas that make no sense."""
    given = {name: value for name, value in os.environ.items() if value}
    planned = plan(profile, replicas, environment.connected(home.root, given))
    run(home, say, profile, with_own(planned, environment.own_adapters(home)))


def run(home: Home, say: Say, profile: str, processes: list[Process]) -> None:
    """Returns when asked to stop and all is ended; raises AlreadyRunning, NotReady or ServerFailed."""
    _keep_to_ourselves(home)
    with state.alone(home.lock):
        launch = Launch(home, say, profile, processes)
        launch.supervisor.listen()
        try:
            launch.bring_up()
            launch.supervisor.run()
        except Stopped:
            say("正在停止……")
        finally:
            launch.bring_down()


class Launch:
    """One start of the suite: what was chosen for it, and the steps in their order."""

    def __init__(self, home: Home, say: Say, profile: str, processes: list[Process]) -> None:
        self.home = home
        self.say = say
        self.profile = profile
        self.began = time.monotonic()
        self.ready_after: float | None = None
        self.supervisor = Supervisor(changed=self._write_state, say=say)
        self.processes = self._startable(processes)
        _clear_away(home)
        given = {name: value for name, value in os.environ.items() if value}
        machines = (*SERVICES, *environment.platforms(home.root, given))
        secrets.ensure(home.secrets, machines, environment.departments(home.root, given))
        self.servers = servers_in(
            home, own_broker="AMQP_URL" not in given, own_mongod="MONGO_URL" not in given
        )
        self.ports = ports.choose(home.ports, ["http", *ports_of(self.processes)])
        self.environment = environment.environment(home, self.servers, self.ports, given)
        environment.record(home, self.environment)

    @property
    def url(self) -> str:
        return self.environment["BASE_URL"]

    def bring_up(self) -> None:
        """Starts everything as early as it can be started; returns when all of it works."""
        self._start_servers()
        self._start("simulator", "http", "front")  # they need the database only, which comes first
        self._wait_for_servers()
        self._start("worker", "adapter")  # they look at the topology until it is as it should be
        self._apply_topology()
        self._wait_for_services()
        self.ready_after = time.monotonic() - self.began
        self._write_state()
        self.say(f"已就绪，用时 {self.ready_after:.1f} 秒：{self.url}")
        self.say(f"首次登录：用户名 {secrets.FIRST_ADMIN}，密码见 {self.home.secrets / 'first_admin'}")

    def bring_down(self) -> None:
        """Services first, while there is still something they can finish their work with."""
        self.supervisor.stop(*SERVICE_KINDS)
        self.supervisor.stop()
        self.home.state.unlink(missing_ok=True)
        self.say("已全部停止，数据保留在 " + str(self.home.var))

    def _start_servers(self) -> None:
        """All of them side by side, the broker after its port mapper; waits for the database only."""
        for server in self.servers.all():
            self.supervisor.start(server.command(), "server")
            if server is self.servers.mapper:
                self.supervisor.until(server.answers, SERVER_WAIT, server.name)
        if self.servers.mongod is not None:
            self.supervisor.until(self.servers.mongod.answers, SERVER_WAIT, "mongod")

    def _wait_for_servers(self) -> None:
        if self.servers.broker is not None:
            self.supervisor.until(self.servers.broker.answers, SERVER_WAIT, "broker")
        else:
            _ensure_vhosts(self.environment)
        self.say(f"服务器就绪（{time.monotonic() - self.began:.1f} 秒）")

    def _apply_topology(self) -> None:
        if not any(process.kind == "worker" for process in self.processes):
            return
        job = self._command("topology", topology("apply"), self.environment)
        code = self.supervisor.run_once(job, TOPOLOGY_WAIT)
        if code != 0:
            raise NotReady(f"topology（退出码 {code}），日志：{self.home.logs / 'topology.log'}")

    def _start(self, *kinds: str) -> None:
        for process in self.processes:
            if process.kind in kinds:
                command = self._command(process.name, process.argv, self._surroundings(process))
                self.supervisor.start(command, process.kind)

    def _wait_for_services(self) -> None:
        for address in self._probes():
            self.supervisor.until(partial(answers, address), SERVICE_WAIT, address)
        queues = {queue for process in self.processes for queue in process.hears}
        self.supervisor.until(lambda: not queues - self._heard(), SERVICE_WAIT, "、".join(sorted(queues)))

    def _heard(self) -> set[str]:
        """The queues that somebody consumes now."""
        core = self.environment.get("YIZHAN_CORE_VHOST", "core")
        with suppress(httpx.HTTPError):
            consumers = Management(self.environment["AMQP_API"]).get(f"/consumers/{core}")
            return {consumer["queue"]["name"] for consumer in consumers}
        return set()

    def _command(self, name: str, words: tuple[str, ...], given: Mapping[str, str]) -> Command:
        """The plan's words with ports in their places."""
        return Command(
            name=name,
            argv=(sys.executable, *(word.format_map(self.ports) for word in words)),
            folder=self.home.root,
            log=self.home.logs / f"{name}.log",
            environment=given,
        )

    def _surroundings(self, process: Process) -> dict[str, str]:
        """What every process is given, less what is none of its business, and what the plan adds for it."""
        outsider = process.kind in OUTSIDERS
        common = environment.for_outsiders(self.environment) if outsider else self.environment
        own = {name: value.format_map(self.ports) for name, value in process.environment.items()}
        return common | own

    def _probes(self) -> list[str]:
        """The addresses by which the processes say that they work."""
        return [
            f"http://127.0.0.1:{self.ports[process.port]}{path}"
            for process in self.processes
            if process.port is not None
            for path in process.ready
        ]

    def _startable(self, processes: list[Process]) -> list[Process]:
        """Leaves out processes of packages that are not installed, and says so."""
        absent = {p.name: [module for module in p.needs if not _importable(module)] for p in processes}
        skipped = [f"{name}（没有 {'、'.join(modules)}）" for name, modules in absent.items() if modules]
        if skipped:
            self.say(f"跳过 {'，'.join(skipped)}")
        return [process for process in processes if not absent[process.name]]

    def _write_state(self) -> None:
        pid = os.getpid()
        me = Running(name="launcher", kind="launcher", pid=pid, born=state.born(pid), restarts=0, since="")
        running = tuple(kept.running() for kept in self.supervisor.kept.values())
        now = State(
            launcher=me,
            profile=self.profile,
            url=self.url,
            ready_after=self.ready_after,
            probes=tuple(self._probes()),
            processes=running,
        )
        state.write(self.home.state, now)


def _keep_to_ourselves(home: Home) -> None:
    """Whatever is written from now on is for our eyes only; the broker's user may walk through var/."""
    os.umask(0o077)
    for folder, mode in ((home.var, 0o711), (home.logs, 0o700)):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(mode)


def _clear_away(home: Home) -> None:
    """After a kill -9 of the launcher its children are dying: waits until their ports are free again."""
    state.end_leftovers(home.state)
    deadline = time.monotonic() + LEFTOVER_WAIT
    old = state.read(home.state)
    while old is not None and any(process.alive for process in old.processes):
        if time.monotonic() > deadline:
            raise NotReady("上次启动遗留的进程无法结束")
        time.sleep(0.1)


def _ensure_vhosts(complete: Mapping[str, str]) -> None:
    management = Management(complete["AMQP_API"])
    for variable, name in (("YIZHAN_CORE_VHOST", "core"), ("YIZHAN_EDGE_VHOST", "edge")):
        management.ensure_vhost(complete.get(variable, name))


def answers(address: str) -> bool:
    """Whether the address says 200 now."""
    with suppress(httpx.HTTPError):
        return httpx.get(address, timeout=2, trust_env=False).status_code == httpx.codes.OK
    return False


def _importable(module: str) -> bool:
    """Whether the module is there, without running it (only the packages above it)."""
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False
