"""Waits until nothing is on its way: every outbox empty, every inbox empty, nobody too early."""

from __future__ import annotations

import re
import time
from typing import Any

import requests

from deploy.local.demo.cast import Cast, nobody
from deploy.local.demo.web import Web
from deploy.local.plan import SERVICES
from shared.bus.api import Management
from shared.bus.parked import Parked, open_park
from shared.settings import settings

PATIENCE = 120.0
STEADY, PAUSE = 3, 1.0  # looks in a row that must find nothing; seconds between, as queue figures are two old


class Quiet:
    """Reads the services' own figures, as an operator would."""

    def __init__(self, web: Web, cast: Cast) -> None:
        self.web, self.cast = web, cast
        self.outbox, self.parked = 0, 0

    def wait(self) -> None:
        """Until quiet, or for as long as patience lasts."""
        until, steady = time.monotonic() + PATIENCE, 0
        while steady < STEADY and time.monotonic() < until:
            steady = steady + 1 if self.still() else 0
            time.sleep(PAUSE)
        self.parked = self._parked()

    def still(self) -> bool:
        """Whether nothing is on its way now; a broker that does not answer leaves that open, so: no."""
        self.outbox = sum(self._outbox(service) for service in SERVICES)
        try:
            return self.outbox == 0 and self._depth() == 0
        except requests.RequestException:
            return False

    def _outbox(self, service: str) -> int:
        page = self.web.get(f"/{service}/metrics", nobody)
        found = re.findall(r"^yizhan_outbox_age_seconds\S* (\S+)$", page, re.MULTILINE)
        return sum(float(age) > 0 for age in found)

    def _depth(self) -> int:
        """Messages on their way; what lies in the mailbox of a department that is not here is delivered.

        A queue without a figure, just after the broker came back, counts as one that has a message.
        """
        api = Management(settings().amqp_api)
        queues = [
            q for v in (settings().core_vhost, settings().edge_vhost) for q in api.get("queues", v) or ()
        ]
        return sum(int(q.get("messages", 1)) for q in queues if _on_its_way(q))

    def _parked(self) -> int:
        open_park()
        return int(Parked.objects(state="parked").count())


def _on_its_way(queue: dict[str, Any]) -> bool:
    name = str(queue["name"])
    return name != "q.beats" and (not name.startswith("dept.") or bool(queue.get("consumers")))
