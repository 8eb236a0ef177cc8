"""The oracle: what was accepted, written down outside the services, against what everybody made of it.

The list is a file of its own, flushed to the disk line by line the moment the suite has said yes. Afterwards
each line must have had its effect once: at the services that tell of it, in the report that hears them all,
and at every department it was handed to.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from deploy.local.demo import told
from deploy.local.demo.cast import Cast
from deploy.local.demo.told import Event
from deploy.local.demo.web import Refusal, Web

HANDS = 6

Offices = Callable[[], Mapping[str, Sequence[str]]]
"""For each department with a system of its own, the references of its records."""


class Accepted:
    """The ids the suite has accepted."""

    def __init__(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        self.path, self.file = path, path.open("a")

    def note(self, **ids: str) -> None:
        """One accepted matter; on the disk before anything else happens."""
        self.file.write(json.dumps(ids) + "\n")
        self.file.flush()
        os.fsync(self.file.fileno())

    def all(self) -> list[dict[str, str]]:
        """What was noted."""
        return [json.loads(line) for line in self.path.read_text().splitlines()]


@dataclass
class Verdict:
    """What is missing and what is there twice, in words a person can follow up."""

    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    events: int = 0

    def add(self, other: Verdict) -> Verdict:
        """Both together."""
        return Verdict(self.lost + other.lost, self.twice + other.twice, self.events + other.events)

    def count(self, n: int, words: str) -> None:
        """Something that must be there once."""
        if n != 1:
            (self.lost if n < 1 else self.twice).append(f"{words}有 {n} 次")


class Oracle:
    """Compares the list with the services, through their public addresses only."""

    def __init__(self, web: Web, cast: Cast, offices: Offices = dict) -> None:
        self.web, self.cast, self.offices = web, cast, offices

    def judge(self, accepted: Iterable[dict[str, str]], moved: Callable[[], None] = lambda: None) -> Verdict:
        """The verdict over all accepted matters."""
        noted = list(accepted)
        everything = told.everything(self.web, self.cast.service("reporting"))
        cases = told.by_case(everything, {each["reg_id"]: each["case_id"] for each in noted})
        total = _numbers(noted).add(_at_departments(everything, self.offices()))
        with ThreadPoolExecutor(HANDS) as hands:
            for verdict in hands.map(partial(self._one, everything, cases), noted):
                total = total.add(verdict)
                moved()
        return total

    def _one(
        self, everything: Mapping[str, list[Event]], cases: Mapping[str, list[Event]], ids: dict[str, str]
    ) -> Verdict:
        verdict = Verdict(events=len(cases.get(ids["case_id"], ())))
        came = everything.get(f"registration/{ids['reg_id']}", [])
        case = everything.get(f"case/{ids['case_id']}", [])
        verdict.count(_of(came, "registration.accepted"), f"{ids['case_no']}：登记受理")
        verdict.count(_of(case, "case.registered"), f"{ids['case_no']}：立案")
        _gapless(case, ids, verdict)
        self._reported(ids, cases.get(ids["case_id"], []), verdict)
        return verdict

    def _reported(self, ids: dict[str, str], events: list[Event], verdict: Verdict) -> None:
        """What was told of the case stands in the report's timeline, each event once."""
        try:
            row = self.web.get(f"/reporting/cases/{ids['case_id']}", self.cast.service("reporting"))
        except Refusal:
            verdict.lost.append(f"{ids['case_no']}：报表没有这一件")
            return
        heard = Counter((entry["type"], entry["sequence"]) for entry in row["timeline"])
        once = Counter((event["type"].rpartition(".v")[0], event["sequence"]) for event in events)
        for missing in (once - heard).elements():
            verdict.lost.append(f"{ids['case_no']}：报表没有听到 {' '.join(missing)}")
        for again in (heard - once).elements():
            verdict.twice.append(f"{ids['case_no']}：报表多听了一次 {' '.join(again)}")


def _numbers(noted: Sequence[dict[str, str]]) -> Verdict:
    numbers = Counter(each["case_no"] for each in noted)
    return Verdict(twice=[f"案号 {no} 出现 {n} 次" for no, n in numbers.items() if n > 1])


def _at_departments(everything: Mapping[str, list[Event]], offices: Mapping[str, Sequence[str]]) -> Verdict:
    """What a department has received is in its own records, and each hand-over at most once."""
    kept = Counter((name, reference) for name, records in offices.items() for reference in records)
    given, received = (
        _handed(everything, kind, offices) for kind in ("delivery.queued", "delivery.received")
    )
    return Verdict(
        lost=[f"{name} 没有交办 {id} 的记录" for name, id in (received - kept).elements()],
        twice=[f"{name} 多一条记录 {id}" for name, id in (kept - given).elements()],
    )


def _handed(
    everything: Mapping[str, list[Event]], kind: str, offices: Collection[str]
) -> Counter[tuple[str, str]]:
    told_of = (event["data"] for events in everything.values() for event in events if _is(event, kind))
    return Counter(
        (data["department"], data["delivery_id"]) for data in told_of if data["department"] in offices
    )


def _of(events: Iterable[Event], kind: str) -> int:
    return sum(_is(event, kind) for event in events)


def _is(event: Event, kind: str) -> bool:
    return bool(event["type"].startswith(f"{kind}.v"))


def _gapless(events: list[dict[str, Any]], ids: dict[str, str], verdict: Verdict) -> None:
    versions = sorted({int(event["sequence"].partition(".")[0]) for event in events})
    if versions != list(range(1, len(versions) + 1)):
        verdict.lost.append(f"{ids['case_no']}：版本不连续 {versions}")
