"""The parker: carries what no handler could settle out of the broker into a database, where it never expires.

One per vhost. While its database is down the messages simply stay in `q.park`.
"""

from __future__ import annotations

import logging
from typing import Any

from shared import clock
from shared.bus import names, parked
from shared.bus.telemetry import PARKED
from shared.bus.worker import RawWorker, Worker, every

log = logging.getLogger(__name__)


class Parker(RawWorker):
    """Stores dead messages whatever they are; undecodable ones too."""

    service = "parker"

    def __init__(self, vhost: str) -> None:
        super().__init__()
        self.side = vhost

    @property
    def vhost(self) -> str:  # type: ignore[override]
        """The side whose park this is."""
        return self.side

    @property
    def queue(self) -> str:
        return names.PARKED

    def take(self, body: bytes, content_type: str, headers: dict[str, Any]) -> None:
        """Keep one message."""
        id = parked.store(self.side, body, content_type, headers, clock.now())
        log.error("message parked", extra={"parked_id": id, "vhost": self.side})

    @every(15)
    def count(self) -> None:
        """Show how many wait for a person."""
        PARKED.labels(self.side).set(parked.waiting(self.side))


def workers() -> list[Worker]:
    """For the worker process."""
    parked.open_park()
    parked.Parked.ensure_indexes()
    return [Parker("core"), Parker("edge")]
