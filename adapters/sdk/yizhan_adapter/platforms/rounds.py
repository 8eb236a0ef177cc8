"""A platform's own program beside its adapter: looks for what came in, sends lists, compares daily."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from threading import Event

from yizhan_adapter.clock import Clock, now
from yizhan_adapter.errors import NeverPossible, TryLater
from yizhan_adapter.platforms.centre import Centre
from yizhan_adapter.platforms.fields import CHINA
from yizhan_adapter.platforms.listing import Sent, send_lists
from yizhan_adapter.platforms.platform import Platform
from yizhan_adapter.platforms.reconcile import Difference, run
from yizhan_adapter.platforms.taking import Round, take
from yizhan_adapter.store import Store

log = logging.getLogger(__name__)


@dataclass(kw_only=True)
class Rounds:
    """Looks again and again; what fails is looked at again the next time."""

    platform: Platform
    centre: Centre
    store: Store | None
    hour: int = 2  # of the county's night, when the lists are compared
    clock: Clock = now
    compared: date | None = field(default=None)

    def serve(self, stop: Event, every_s: float) -> None:
        """One round after the other until told to stop."""
        while not stop.is_set():
            self.round()
            stop.wait(every_s)

    def round(self) -> None:
        """What came in, what is to be listed, and once a day the comparison."""
        self._tried("took", lambda: take(self.platform, self.centre))
        self._tried("listed", lambda: send_lists(self.platform, self.centre))
        if self._due(self.clock()):
            self._tried("compared", self._compare)

    def compare(self) -> Iterator[Difference]:
        """Every difference between their lists and ours; the healable ones are sent again."""
        for kind in self.platform.card.kinds.values():
            yield from run(self.platform, kind, self.store)

    def _compare(self) -> list[str]:
        found = [str(one) for one in self.compare()]
        self.compared = self.clock().astimezone(CHINA).date()
        return found

    def _due(self, at: datetime) -> bool:
        local = at.astimezone(CHINA)
        return local.hour >= self.hour and self.compared != local.date()

    def _tried(self, what: str, act: Callable[[], Round | Sent | list[str]]) -> None:
        about = {"platform": self.platform.department}
        try:
            log.info(what, extra=about | {"result": str(act())})
        except (TryLater, NeverPossible) as error:
            log.warning("later", extra=about | {"what": what, "error": str(error)})
