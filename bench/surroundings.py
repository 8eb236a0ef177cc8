"""The broker, the database and the processes of one run of measurements: private, and gone afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec

from deploy.local import child, secrets
from deploy.local.child import Child, Command
from deploy.local.environment import PROFILE, departments
from deploy.local.home import CHECKOUT, Home
from deploy.local.plan import SERVICES
from deploy.local.servers import Servers, servers_in
from shared.bus import topology
from shared.bus.api import Management
from shared.bus.channel import connect
from shared.bus.worker import load_workers
from shared.settings import settings

GRACE = 30.0
PATIENCE = 180.0


def say(words: str) -> None:
    """Progress, for whoever waits; the result alone goes to stdout."""
    print(words, file=sys.stderr, flush=True)


@dataclass
class Surroundings:
    """Everything a measurement works with. `share` of the usual amount is measured."""

    home: Home
    servers: Mapping[str, int]  # process ids, for counting what they use of the processors
    share: float = 1.0
    running: list[Child] = field(default_factory=list)

    def some(self, usual: int) -> int:
        """How many, by the share that was asked for."""
        return max(10, int(usual * self.share))

    def groups(self, processes: Sequence[Child]) -> dict[str, list[int]]:
        """Whose use of the processors is counted: these workers and the servers behind them."""
        return {"workers": [made.pid for made in processes]} | {n: [pid] for n, pid in self.servers.items()}

    def start(self, *modules: str) -> Child:
        """A worker process of these modules."""
        name = f"worker-{len(self.running)}"
        argv = (sys.executable, "-W", "ignore", "-m", "shared.bus.run", *modules)
        log = self.home.logs / f"{name}.log"
        command = Command(name=name, argv=argv, folder=self.home.root, log=log, environment=dict(os.environ))
        self.running.append(child.start(command))
        return self.running[-1]

    @contextmanager
    def replicas(self, number: int, module: str, queue: str) -> Iterator[list[Child]]:
        """So many processes of one worker, listening; ended in good order."""
        made = [self.start(module) for _ in range(number)]
        self.until(lambda: depth(queue)[1] == number, f"{number} × {module} listening")
        yield made
        for process in made:
            process.ask_to_stop()
        for process in made:
            process.stop(GRACE)

    def until(
        self, done: Callable[[], bool], what: str, seconds: float = PATIENCE, every: float = 0.1
    ) -> None:
        """Wait for a thing; raises TimeoutError, also when one of the processes has died."""
        deadline = time.monotonic() + seconds
        while not done():
            dead = [made for made in self.running if made.process.returncode is None and made.ended]
            if dead or time.monotonic() > deadline:
                why = f"{dead[0].command.name} died" if dead else f"{seconds:.0f} s are over"
                raise TimeoutError(f"not {what}: {why}\n{self.last_words()}")
            time.sleep(every)

    def last_words(self) -> str:
        """The end of what the processes wrote."""
        lines = [line for made in self.running for line in made.command.log.read_text().splitlines()[-3:]]
        return "\n".join(line[:1_000] for line in lines[-12:])


@contextmanager
def surroundings(share: float = 1.0) -> Iterator[Surroundings]:
    """A broker and a database under var/ for this process and its children; removed afterwards."""
    home = Home(root=CHECKOUT, var=CHECKOUT / "var" / f"bench-{os.getpid()}")
    secrets.ensure(home.secrets, SERVICES, departments(CHECKOUT, {}))
    private = servers_in(home)
    made: Surroundings | None = None
    try:
        say("starting a broker and a database …")
        private.start()
        made = _made(home, private, share)
        yield made
    finally:
        for process in made.running if made else ():
            process.kill()
        private.kill()
        shutil.rmtree(home.var, ignore_errors=True)


def _made(home: Home, private: Servers, share: float) -> Surroundings:
    broker, mongod = private.broker, private.mongod
    assert broker is not None and mongod is not None
    for name in [name for name in os.environ if name.startswith(("YIZHAN_", "URL_"))]:
        del os.environ[name]
    os.environ |= {
        "MONGO_URL": mongod.url,
        "AMQP_URL": broker.url,
        "AMQP_API": broker.api,
        "YIZHAN_DB_PREFIX": "bench_",
        "YIZHAN_PROFILE": str(CHECKOUT / PROFILE),
        "YIZHAN_SECRETS": str(home.secrets),
        "LOG_LEVEL": "WARNING",
    }
    settings.cache_clear()
    return Surroundings(home=home, servers={"database": mongod.pid, "broker": broker.pid}, share=share)


def there(module: str) -> bool:
    """Whether there is such a worker to measure."""
    return find_spec(module.rpartition(".")[0]) is not None and find_spec(module) is not None


def prepare_queues(*more: str) -> None:
    """Everything that the suite's workers listen to, as in production: nothing that is told goes astray."""
    modules = [module for service in SERVICES if there(module := f"services.{service}.worker")]
    api = Management(settings().amqp_api)
    for vhost in topology.wanted(load_workers(dict.fromkeys([*modules, *more]))):
        topology.apply(api, vhost)
        if left := topology.wait_until_safe(api, vhost):
            raise RuntimeError(f"unsafe topology: {left}")


def depth(queue: str) -> tuple[int, int]:
    """Messages that wait in a queue of the core, and its listeners."""
    with connect("core") as connection, connection.channel() as channel:
        found = channel.queue_declare(queue, passive=True)
        return found.message_count, found.consumer_count


def purge(*queues: str) -> None:
    """Empty queues of the core."""
    with connect("core") as connection, connection.channel() as channel:
        for queue in queues:
            channel.queue_purge(queue)


@contextmanager
def halted(processes: Sequence[Child]) -> Iterator[None]:
    """Processes that stand still while their queue is filled, and all go on at the same instant."""
    for process in processes:
        os.kill(process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            os.kill(process.pid, signal.SIGCONT)
