"""What the toys tell one another."""

from __future__ import annotations

from shared.contracts.base import Event, event
from shared.contracts.fields import Count, Id


@event("counter.opened", by="alpha", about="counter")
class CounterOpened(Event):
    """A counter exists."""

    counter_id: Id


@event("counter.raised", by="alpha", about="counter")
class CounterRaised(Event):
    """A counter went up."""

    counter_id: Id
    by: Count
    total: Count


@event("counter.noted", by="alpha", about="counter")
class CounterNoted(Event):
    """A second event of the same write."""

    counter_id: Id
