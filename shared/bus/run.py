"""The worker process: `python -m shared.bus.run services.routing.worker … [--health 127.0.0.1:9000]`.

For each named worker: its inbox, its relay, its loops, its gaps; and one small page for health and metrics.
"""

from __future__ import annotations

import eventlet

eventlet.monkey_patch()  # nameko leaves this to its host (BUS N20), before every other import

# ruff: noqa: E402

import logging
import signal
import sys
from collections.abc import Callable, Sequence
from typing import Any

import click
from eventlet.event import Event as Signal
from nameko.containers import ServiceContainer
from nameko.extensions import DependencyProvider

from shared import logs
from shared.aggregate.mongo import MongoStore
from shared.bus import health, topology
from shared.bus.api import Management
from shared.bus.channel import HEARTBEAT, tls, vhost_name
from shared.bus.consumer import Inbox
from shared.bus.inbox import LIMIT, Settler
from shared.bus.loops import tasks
from shared.bus.worker import Worker, load_workers
from shared.settings import settings

log = logging.getLogger("shared.bus.run")  # also when it is the main module

DRAIN = LIMIT + 15  # seconds for what is in hand, after which the process leaves without it
WORKERS = 10  # messages in hand per inbox; handlers wait for the database, not for the processor


class Settling(DependencyProvider):  # type: ignore[misc]
    """Gives the entrypoint its settler, and tells it when the end has come."""

    def __init__(self, settler: Settler) -> None:
        self.settler = settler

    def get_dependency(self, worker_ctx: Any) -> Settler:
        return self.settler


def container(worker: Worker) -> tuple[ServiceContainer, Settler]:
    """A nameko container that feeds one worker from its queue."""
    settler = Settler(worker)

    def handle(self: Any, body: bytes, message: Any) -> None:
        settler.handle(body, message)

    body = {
        "name": f"{worker.service}:{worker.queue}",
        "handle": Inbox.decorator(worker.queue, worker.vhost)(handle),
    }
    config = {
        "AMQP_URI": f"{settings().amqp_url}/{vhost_name(worker.vhost)}",
        "AMQP_SSL": tls(),
        "HEARTBEAT": HEARTBEAT,
        "max_workers": WORKERS,
    }
    return ServiceContainer(type(f"{worker.service.title()}Inbox", (), body), config), settler


class Process:
    """Everything that runs in one worker process."""

    def __init__(self, workers: Sequence[Worker]) -> None:
        self.workers = workers
        self.inboxes = [(w, *container(w)) for w in workers if w.queue]
        self.stopped = Signal()
        self.stop_tasks: list[Callable[[], None]] = []

    def start(self) -> None:
        """Prepare the databases, verify the topology, then consume."""
        for store in {id(s): s for w in self.workers for s in w.stores}.values():
            if isinstance(store, MongoStore):
                store.prepare()
        self._verify()
        for worker, _, settler in self.inboxes:
            self.stop_tasks.append(tasks(worker, settler.early))
        for _, found, _ in self.inboxes:
            eventlet.spawn(self._consume, found)
        log.info("listening", extra={"queues": [worker.queue for worker, _, _ in self.inboxes]})

    def _verify(self) -> None:
        if not settings().amqp_api:
            return
        api = Management(settings().amqp_api)
        for vhost in topology.wanted(self.workers, ()):
            mine = [w.queue for w in self.workers if vhost_name(w.vhost) == vhost.name]
            left = topology.wait_until_safe(api, vhost, mine) if mine else []
            if left:
                log.error("unsafe topology", extra={"faults": left})
                sys.exit(topology.UNSAFE)

    def _consume(self, found: ServiceContainer) -> None:
        """A container that cannot start or dies takes the process with it: the supervisor starts another."""
        try:
            found.start()
            found.wait()
        except Exception as error:
            if not self.stopped.ready():
                log.error("container died", extra={"error": type(error).__name__})
                self.stopped.send(1)

    def stop(self) -> None:
        """Finish what is in hand, then hang up; what is not finished in time the broker gives to another."""
        with eventlet.Timeout(DRAIN, False):
            for _, _, settler in self.inboxes:
                settler.stopping = True
            for thread in [eventlet.spawn(found.stop) for _, found, _ in self.inboxes]:
                thread.wait()
            for stop in self.stop_tasks:
                stop()

    def forever(self) -> int:
        """Run until a signal or a death; returns the exit code."""

        def end(*_: Any) -> None:
            if not self.stopped.ready():
                self.stopped.send(0)

        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, lambda *_: eventlet.spawn_n(end))
        self.start()
        code = int(self.stopped.wait())
        self.stop()
        return code


@click.command()
@click.argument("modules", nargs=-1, required=True)
@click.option("--health", "bind", default="", help="address of the page for health and metrics")
def main(modules: tuple[str, ...], bind: str) -> None:
    """Run the workers of the named modules."""
    logs.set_up(settings().log_level)
    process = Process(load_workers(modules))
    if bind:
        health.serve(bind, process.workers)
    sys.exit(process.forever())


if __name__ == "__main__":
    main()
