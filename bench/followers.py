"""What routing and reporting are fed with, and how one sees that they took every event once and in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import Any

from bench import cases, publishers, waiting
from bench.measure import Faults, faults
from bench.scaling import Backlog, Follower, Prepare
from bench.surroundings import Surroundings, depth
from services.routing import store as routing
from shared.aggregate import MongoStore
from shared.aggregate.held import Held, following, stream
from shared.bus.relay import Relay, Ticket
from shared.contracts import wire

Told = Mapping[str, Sequence[wire.Envelope]]
"""By case: the events of each subject, one subject after the other."""


class ByTurns(Relay):
    """Tells the first event of every aggregate, then every second one: as many cases at once tell in life."""

    def _read(self, store: MongoStore[Any]) -> list[Ticket]:
        return sorted(super()._read(store), key=lambda ticket: wire.decode(ticket.entry["body"]).sequence)


def follower(service: str) -> Follower:
    """The service that is measured."""
    return {"waiting": _waiting, "routing": _routing, "reporting": _reporting}[service]()


def _waiting() -> Follower:
    return Follower(service="waiting", collection="heard", backlogs={"registrations": _noted})


def _routing() -> Follower:
    backlogs = {"registrations": _registrations, "mediations": _mediations}
    return Follower(service="routing", collection="cases", backlogs=backlogs)


def _reporting() -> Follower:
    return Follower(service="reporting", collection="rows", backlogs=_both("histories", _histories))


def _both(name: str, prepare: Callable[[Surroundings, type[Relay]], Backlog]) -> Mapping[str, Prepare]:
    """Both shapes of one backlog: case by case, and each case's events in a row."""
    return {
        name: lambda around: prepare(around, ByTurns),
        f"{name}_in_a_row": lambda around: prepare(around, Relay),
    }


def _noted(around: Surroundings) -> Backlog:
    """Registrations, each of which is noted after a while."""
    intake, heard = publishers.intake(), waiting.store()
    told = {e.case_id: _told(intake, e.reg_id) for e in cases.registered(intake, around.some(400))}

    def check() -> Faults:
        done = {held.id: held.state.ids for held in heard.where({"_id": {"$in": list(told)}})}
        return faults(_ids(told), done)

    return Backlog(events=len(told), publishers={"intake": intake}, check=check)


def _registrations(around: Surroundings) -> Backlog:
    """Registrations, each of which opens a case."""
    intake = publishers.intake()
    made = cases.registered(intake, around.some(400))
    told = {event.case_id: _told(intake, event.reg_id) for event in made}
    return Backlog(events=len(made), publishers={"intake": intake}, check=lambda: _in_histories(told))


def _mediations(around: Surroundings) -> Backlog:
    """Five events of one mediation for each of many cases that are being handled: strictly in turn."""
    cases_, mediation = _cases(), publishers.mediation()
    waiting = cases_.where({"state.state": "registered"}, limit=around.some(100))
    case_ids = [held.id for held in waiting]
    cases.handled(routing.stores(), case_ids)
    quiet = {"ob_at": {"$exists": True}}
    around.until(lambda: not cases_.collection.count_documents(quiet), "routing has told everything")
    around.until(lambda: depth("routing.inbox")[0] == 0, "routing has heard everything")
    told = {case: _told(mediation, id) for id, case in cases.mediated(mediation, case_ids).items()}
    return Backlog(
        events=sum(map(len, told.values())),
        publishers={"mediation": mediation},
        check=lambda: _in_histories(told),
        relay=ByTurns,
    )


def _in_histories(told: Told) -> Faults:
    """Every event heard is the cause of one entry of its case's history, in its place."""
    heard = {event.id for events in told.values() for event in events}
    done = {}
    for id in told:
        entries = [wire.decode(bodies[0]) for bodies in _entries(id)]
        done[id] = [entry.causationid for entry in entries if entry.causationid in heard]
    return faults(_ids(told), done)


def _ids(told: Told) -> dict[str, list[str]]:
    return {case: [event.id for event in events] for case, events in told.items()}


def _entries(case_id: str) -> list[list[bytes]]:
    found = _cases().collection.find_one({"_id": case_id}, {"history.events": 1})
    return [entry["events"] for entry in found["history"] if entry["events"]] if found else []


def _histories(around: Surroundings, relay: type[Relay]) -> Backlog:
    """Whole lives of cases: what intake, routing and mediation told of each."""
    intake, mediation, stores = publishers.intake(), publishers.mediation(), routing.stores()
    case_ids = cases.lived(stores, intake, mediation, around.some(60))
    wanted = set(case_ids)
    told: dict[str, list[wire.Envelope]] = {id: [] for id in case_ids}
    for publisher in (intake, _cases(), mediation):
        for body in _untold(publisher):
            event = wire.decode(body)
            if event.data["case_id"] in wanted:
                told[event.data["case_id"]].append(event)
    return Backlog(
        events=sum(map(len, told.values())),
        publishers={"intake": intake, "routing": _cases(), "mediation": mediation},
        check=lambda: _in_rows(told),
        relay=relay,
    )


def _untold(publisher: MongoStore[Any]) -> list[bytes]:
    found = publisher.collection.find({"ob_at": {"$exists": True}}, {"outbox.body": 1})
    return [entry["body"] for entry in chain.from_iterable(doc["outbox"] for doc in found)]


def _in_rows(told: Told) -> Faults:
    """Every event made one version of its case's row, and every stream is expected to go on after its end.

    A stream moves on by one event at a time, so that its end proves its order.
    """
    from services.reporting.store import stores

    rows = stores().rows
    return sum((_in_row(rows.find(id), events) for id, events in told.items()), Faults())


def _in_row(row: Held[Any] | None, events: Sequence[wire.Envelope]) -> Faults:
    version, seen = (row.version, row.seen) if row else (0, {})
    strict = [event for event in events if "registration/" not in event.subject]
    ends = {stream(event): following(event) for event in strict}
    return Faults(
        missing=max(0, len(events) - version),
        twice=max(0, version - len(events)),
        out_of_order=sum(seen.get(name) != end for name, end in ends.items()),
    )


def _told(publisher: MongoStore[Any], id: str) -> list[wire.Envelope]:
    return [wire.decode(body) for body in publisher.events_after(id, "")]


def _cases() -> MongoStore[Any]:
    found = routing.stores().cases
    assert isinstance(found, MongoStore)
    return found
