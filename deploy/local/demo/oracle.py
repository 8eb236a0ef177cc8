"""The oracle: what was accepted, written down outside the services, against what everybody made of it.

The list is a file of its own, flushed to the disk line by line the moment the suite has said yes. Afterwards
each line must have had its effect once, in every service that should have heard of it.
"""

from __future__ import annotations

import base64
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.local.demo.cast import Cast
from deploy.local.demo.web import Refusal, Web

HANDS = 6


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


class Oracle:
    """Compares the list with the services, through their public addresses only."""

    def __init__(self, web: Web, cast: Cast) -> None:
        self.web, self.cast = web, cast

    def judge(self, accepted: Iterable[dict[str, str]], moved: Callable[[], None] = lambda: None) -> Verdict:
        """The verdict over all accepted matters."""
        noted = list(accepted)
        numbers = Counter(each["case_no"] for each in noted)
        total = Verdict(twice=[f"案号 {no} 出现 {n} 次" for no, n in numbers.items() if n > 1])
        with ThreadPoolExecutor(HANDS) as hands:
            for verdict in hands.map(self._one, noted):
                total = total.add(verdict)
                moved()
        return total

    def _one(self, ids: dict[str, str]) -> Verdict:
        verdict = Verdict()
        said = self._told("intake", f"registration/{ids['reg_id']}", ids, verdict)
        _exactly_one(said, "registration.accepted", ids, verdict)
        case = self._told("routing", f"case/{ids['case_id']}", ids, verdict)
        _exactly_one(case, "case.registered", ids, verdict)
        _gapless(case, ids, verdict)
        self._compare(ids, [*said, *case], verdict)
        verdict.events += len(said) + len(case)
        return verdict

    def _told(
        self, service: str, subject: str, ids: dict[str, str], verdict: Verdict
    ) -> list[dict[str, Any]]:
        token = self.cast.service("reporting")
        try:
            found = self.web.get(f"/{service}/events", token, subject=subject)
        except Refusal:
            verdict.lost.append(f"{ids['case_no']}：{service} 没有 {subject}")
            return []
        return [json.loads(base64.b64decode(body)) for body in found["events"]]

    def _compare(self, ids: dict[str, str], told: list[dict[str, Any]], verdict: Verdict) -> None:
        """Each event that was told must stand in the report's timeline exactly once."""
        try:
            row = self.web.get(f"/reporting/cases/{ids['case_id']}", self.cast.service("reporting"))
        except Refusal:
            verdict.lost.append(f"{ids['case_no']}：报表没有这一件")
            return
        heard = Counter((entry["type"], entry["sequence"]) for entry in row["timeline"])
        for event in told:
            n = heard[event["type"].rpartition(".v")[0], event["sequence"]]
            if n != 1:
                words = f"{ids['case_no']}：报表听到 {event['type']} {event['sequence']} {n} 次"
                (verdict.lost if n == 0 else verdict.twice).append(words)


def _exactly_one(told: list[dict[str, Any]], kind: str, ids: dict[str, str], verdict: Verdict) -> None:
    n = sum(event["type"].startswith(f"{kind}.v") for event in told)
    if n != 1:
        (verdict.lost if n == 0 else verdict.twice).append(f"{ids['case_no']}：{kind} 有 {n} 次")


def _gapless(told: list[dict[str, Any]], ids: dict[str, str], verdict: Verdict) -> None:
    versions = sorted({int(event["sequence"].partition(".")[0]) for event in told})
    if versions != list(range(1, len(versions) + 1)):
        verdict.lost.append(f"{ids['case_no']}：版本不连续 {versions}")
