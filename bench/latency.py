"""How long a fact takes from its commit to its effect elsewhere, at a steady rate: an open loop.

Registrations come at fixed instants whether or not the suite keeps up, and each counts from the instant at
which it was to come, so that every stall is felt by all that wait behind it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from bench import publishers
from bench.__main__ import main
from bench.measure import faults, latencies
from bench.processor import Meter
from bench.surroundings import Surroundings, depth, prepare_queues, purge, say
from bench.written import WriteLog, Written
from shared.contracts.intake import RegistrationAccepted

RATE = 50  # a second; a province of ten million events a year has one every three seconds
WARM_UP = 5  # seconds that are not counted
SECONDS = 20


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """A registration and the instant at which it was to come."""

    event: RegistrationAccepted
    at: datetime


def run(around: Surroundings) -> dict[str, Any]:
    """Registrations at a steady rate; routing opens a case for each."""
    prepare_queues("bench.publishers")
    purge("routing.inbox")
    intake = publishers.intake()
    with (
        around.replicas(1, "bench.publishers", "bench.inbox") as tellers,
        around.replicas(1, "services.routing.worker", "routing.inbox") as workers,
    ):
        committed, opened = WriteLog("intake", "told_registrations"), WriteLog("routing", "cases")
        meter = Meter(groups=around.groups([*tellers, *workers]))
        arrivals = _arrive(intake, WARM_UP + around.some(SECONDS))
        around.until(lambda: len(opened.read()) >= len(arrivals), "every case open", every=0.25)
        around.until(lambda: depth("routing.inbox")[0] == 0, "routing.inbox empty")
        use = meter.read()
    return {
        **_shown(arrivals, committed.read(), opened.read()),
        "per_second": RATE,
        "seconds": around.some(SECONDS),
        "cpu_s_per_1000": {name: round(used / len(arrivals) * 1000, 2) for name, used in use.of.items()},
        "limit": "two journal writes, one before and one after the broker; then whoever has the processors",
    }


def _arrive(intake: publishers.Publisher, seconds: int) -> list[Arrival]:
    arrivals, began = [], time.time() + 0.1
    for number in range(seconds * RATE):
        at = began + number / RATE
        time.sleep(max(0.0, at - time.time()))
        event = publishers.registration(number)
        publishers.tell(intake, event.reg_id, event)
        arrivals.append(Arrival(event=event, at=datetime.fromtimestamp(at, UTC)))
        if number % (10 * RATE) == 0:
            say(f"latency: {number} of {seconds * RATE}")
    return arrivals


def _shown(
    arrivals: Sequence[Arrival], committed: Sequence[Written], opened: Sequence[Written]
) -> dict[str, Any]:
    told, done = {write.id: write.at for write in committed}, {write.id: write.at for write in opened}
    counted = arrivals[WARM_UP * RATE :]
    ids = {arrival.event.case_id: (arrival.event.case_id,) for arrival in arrivals}
    return {
        "due_to_effect": latencies([(done[a.event.case_id] - a.at).total_seconds() for a in counted]),
        "commit_to_effect": latencies(
            [(done[a.event.case_id] - told[a.event.reg_id]).total_seconds() for a in counted]
        ),
        "events": len(counted),
        **asdict(faults(ids, _by_case(opened))),
    }


def _by_case(opened: Sequence[Written]) -> dict[str, list[str]]:
    """Each case once for every time that it was opened; it moves on later, which is not counted."""
    found: dict[str, list[str]] = {}
    for write in opened:
        if write.version == 1:
            found.setdefault(write.id, []).append(write.id)
    return found


if __name__ == "__main__":
    raise SystemExit(main(["latency", *sys.argv[1:]]))
