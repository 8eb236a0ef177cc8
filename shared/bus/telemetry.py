"""What a worker process shows about itself: messages handled, how long, what waits."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

HANDLED = Counter(
    "yizhan_messages_handled_total", "Messages settled, by what became of them", ["service", "action"]
)
HANDLING = Histogram("yizhan_message_seconds", "From delivery to settled", ["service"])
TOLD = Counter("yizhan_events_told_total", "Outbox entries confirmed by the broker", ["service"])
OUTBOX_AGE = Gauge("yizhan_outbox_age_seconds", "Age of the oldest event not yet told", ["service"])
EARLY = Gauge("yizhan_messages_early", "Messages kept because they came before their turn", ["service"])
GAPS_LATE = Gauge("yizhan_gaps_late", "Gaps older than fifteen minutes", ["service"])
CLOCKS_LATE = Gauge("yizhan_clocks_late_seconds", "How late the earliest due clock is", ["service"])
PARKED = Gauge("yizhan_parked", "Messages in the park that wait for a person", ["vhost"])
