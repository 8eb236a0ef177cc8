"""One replica of a worker against three, on the same backlog of events, told through real outboxes.

The replicas stand still while their queue is filled and go on at the same instant. What every case did is
then compared, event by event, with what was told of it; a run in which one is missing, done twice or out of
its order fails. Backlogs come in two shapes: case by case as in life, the next event of a case behind one of
every other case; and each case's events in a row, as after an outage of their teller. In a row is the worst
that strict order can meet: replicas then hold events of the same few cases and wait for one another's turn.

One replica is one Python process, hence one processor at most, and the database and the broker want theirs
beside it. Where processors are few, three replicas share what one leaves over; `waiting` shows what the bus
does when it is not the processors that are short.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from bench.__main__ import main
from bench.measure import Faults, Speeds, limit, ratio
from bench.processor import Meter, Use, processors
from bench.surroundings import Surroundings, depth, halted, prepare_queues, purge, say, there
from bench.written import WriteLog
from deploy.local.child import Child
from shared.aggregate import MongoStore
from shared.bus.relay import Relay

MODULES = {
    "waiting": "bench.waiting",
    "routing": "services.routing.worker",
    "reporting": "services.reporting.worker",
}
REPLICAS = (1, 3, 3, 1)  # in this order: what drifts meanwhile hurts both alike


@dataclass(frozen=True, kw_only=True)
class Backlog:
    """Events that lie in outboxes: how many, whose, and how one sees afterwards what became of them."""

    events: int
    publishers: Mapping[str, MongoStore[Any]]
    check: Callable[[], Faults]
    relay: type[Relay] = Relay


Prepare = Callable[[Surroundings], Backlog]


@dataclass(frozen=True, kw_only=True)
class Follower:
    """A service that is measured: where it writes, and what it is fed with, one backlog after the other."""

    service: str
    collection: str
    backlogs: Mapping[str, Prepare]

    @property
    def queue(self) -> str:
        """Where it listens."""
        return f"{self.service}.inbox"


@dataclass(frozen=True, kw_only=True)
class Drained:
    """How one backlog was worked off."""

    events: int
    seconds: float
    use: Use
    faults: Faults


def run(around: Surroundings) -> dict[str, Any]:
    """Every service that is there."""
    return {name: measured(around, name, module) for name, module in MODULES.items()}


def measured(
    around: Surroundings, service: str, module: str, order: Sequence[int] = REPLICAS
) -> dict[str, Any]:
    """One service with so many replicas, one number after the other."""
    if not there(module):
        return {"absent": f"{module} is not there"}
    from bench.followers import follower

    prepare_queues(module)
    drained: dict[str, dict[int, list[Drained]]] = {}
    found = follower(service)
    for replicas in order:
        purge(found.queue)
        with around.replicas(replicas, module, found.queue) as processes:
            for name, prepare in found.backlogs.items():
                result = _drain(around, found, processes, prepare(around))
                say(f"scaling: {service} {name} × {replicas}: {result.events / result.seconds:.0f} a second")
                drained.setdefault(name, {}).setdefault(replicas, []).append(result)
    return {name: _shown(by_replicas) for name, by_replicas in drained.items()}


def _drain(around: Surroundings, found: Follower, processes: Sequence[Child], backlog: Backlog) -> Drained:
    around.until(lambda: depth(found.queue)[0] == 0, f"{found.queue} empty")
    log = WriteLog(found.service, found.collection)
    with halted(processes):
        for service, store in backlog.publishers.items():
            _tell(backlog.relay(service, [store]))
        meter = Meter(groups=around.groups(processes))
        started = datetime.now(UTC)
    around.until(lambda: len(log.read()) >= backlog.events, f"{backlog.events} events handled", every=0.25)
    use, seconds = meter.read(), (log.writes[-1].at - started).total_seconds()
    log.close()
    return Drained(events=backlog.events, seconds=seconds, use=use, faults=backlog.check())


def _tell(relay: Relay) -> None:
    while relay.cycle():
        pass
    relay.close()


def _shown(by_replicas: Mapping[int, Sequence[Drained]]) -> dict[str, Any]:
    speeds = {
        n: Speeds(rounds=tuple(d.events / d.seconds for d in found)) for n, found in by_replicas.items()
    }
    faults = sum((d.faults for found in by_replicas.values() for d in found), Faults())
    return {
        **{f"replicas_{n}": speeds[n].shown() | _cost(found) for n, found in by_replicas.items()},
        "ratio": ratio(speeds[max(speeds)].middle, speeds[min(speeds)].middle),
        "events": by_replicas[min(speeds)][0].events,
        **asdict(faults),
        "limit": _limit(by_replicas[max(speeds)][-1].use),
    }


def _cost(found: Sequence[Drained]) -> dict[str, float]:
    """Processor milliseconds for one event: of the workers, and of the database and the broker for them."""
    events = sum(d.events for d in found)
    names = found[0].use.of
    return {f"{name}_cpu_ms": round(sum(d.use.of[name] for d in found) / events * 1000, 2) for name in names}


def _limit(use: Use) -> str:
    return limit(processors(), use.shares(), use.idle / use.seconds)


if __name__ == "__main__":
    raise SystemExit(main(["scaling", *sys.argv[1:]]))
