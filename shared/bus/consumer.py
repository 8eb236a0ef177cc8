"""The consumer: nameko's, with its ways of losing messages closed (BUS b16, N1–N6, N23).

It hands on bytes as they came; what becomes of each delivery is `shared.bus.inbox`'s work.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from eventlet.event import Event as Signal
from kombu.entity import Exchange, Queue
from nameko.messaging import Consumer, QueueConsumer

from shared.bus import names
from shared.bus.raw import unopened

RECONNECT = 5.0  # seconds at most between tries to reach the broker


class ReliableQueueConsumer(QueueConsumer):  # type: ignore[misc]
    """Consumes raw bytes, and stops only when every message in hand is settled."""

    _consumers_ready: Any

    def __init__(self) -> None:
        super().__init__()
        self.in_hand = 0
        self.draining = False

    def get_consumers(self, consumer_cls: Any, channel: Any) -> Any:
        unopened(channel)
        self._consumers = {}
        for provider in self._providers:
            consumer = consumer_cls(queues=[provider.queue], on_message=partial(self.take, provider))
            consumer.qos(prefetch_count=self.prefetch_count)
            self._consumers[provider] = consumer
        return self._consumers.values()

    def take(self, provider: Inbox, message: Any) -> None:
        """Hand one delivery on; when stopping, leave it to the broker, which gives it to another."""
        if self.draining:
            return
        self.in_hand += 1
        self.handle_message(provider, message.body, message)

    def settled(self) -> None:
        """One message less in hand."""
        self.in_hand -= 1

    def on_iteration(self) -> None:
        self._cancel_consumers_if_requested()
        if not self._consumers:
            self.draining = True
            if not self.in_hand:
                self.should_stop = True

    @contextmanager
    def establish_connection(self) -> Iterator[Any]:
        """A connection, tried for every few seconds; left to itself kombu would wait up to half a minute."""
        with self.create_connection() as connection:
            connection.ensure_connection(self.on_connection_error, interval_step=1, interval_max=RECONNECT)
            yield connection

    def on_connection_error(self, exc: Any, interval: Any) -> None:
        """While the broker is away there is nothing to cancel: stop as nameko stops before its start."""
        super().on_connection_error(exc, interval)
        if self._consumers_ready.ready():
            self._consumers_ready = Signal()
        for removed in self._pending_remove_providers.values():
            removed.send()
        self._pending_remove_providers.clear()

    def on_decode_error(self, message: Any, exc: Any) -> None:
        """To the park; kombu would acknowledge it."""
        message.reject(requeue=False)


class Inbox(Consumer):  # type: ignore[misc]
    """The one entrypoint of a worker: its queue, and what becomes of each message."""

    queue_consumer = ReliableQueueConsumer()

    def __init__(self, name: str, vhost: str, **kwargs: Any) -> None:
        made: Any = {"durable": True, "no_declare": True}  # by the deploy job, never by us
        back = Exchange(names.RETURN, "direct", passive=True, **made)
        arguments = {"x-queue-type": "quorum"}
        queue = Queue(name, back, name, queue_arguments=arguments, **made)
        super().__init__(queue, **kwargs)
        self.name, self.vhost = name, vhost

    def handle_message(self, body: Any, message: Any) -> None:
        try:
            self.container.spawn_worker(
                self, (bytes(body) if not isinstance(body, str) else body.encode(), message), {},
                context_data={}, handle_result=partial(self.handle_result, message),
            )  # fmt: skip
        except BaseException:
            self.queue_consumer.settled()
            raise

    def handle_result(self, message: Any, worker_ctx: Any, result: Any = None, exc_info: Any = None) -> Any:
        self.queue_consumer.settled()
        return result, exc_info
