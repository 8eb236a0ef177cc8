"""Which claims of reliability a run of the fault tests bears out: numbered faults, and what became of them.

A test names its fault by `@pytest.mark.fault(3)`. One that tries less of it than its number promises says
what it does try, `@pytest.mark.fault(22, part="…")`, and is never counted as the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import pytest

FAULTS = {
    1: "a service is killed before its write",
    2: "a service is killed between its write and telling of it",
    3: "a service is killed after telling, before it knows or notes that it was heard",
    4: "a service is killed after its write, before it acknowledges the message",
    5: "the broker is killed again and again under load",
    6: "the broker is killed right after a department's mailbox was made",
    7: "the broker is stopped in good order and started",
    8: "a broker of three nodes loses two of them, and gets them back",
    9: "the primary of the database is killed during writes",
    10: "the database rolls back what it had not yet agreed on",
    11: "no database answers for ten minutes, with messages waiting",
    12: "every message comes three times",
    13: "messages come in another order",
    14: "a message is lost from a queue",
    15: "messages that can never be handled come between good ones",
    16: "what was parked is replayed, and the replaying is killed",
    17: "one listener is slow and far behind",
    18: "the broker has no memory or disk left",
    19: "a connection goes silent without being closed",
    20: "a department is away and its mailbox full",
    21: "an adapter dies again and again before it acknowledges",
    22: "a department purges, rejects, forges, answers for another",
    23: "clocks differ by hours, or go back",
    24: "services restart one after another under load",
    25: "versions differ, and an outbox holds what the broker will not take",
}
"""What a bus has to outlive, numbered."""

Result = Literal["passed", "skipped", "failed"]
WORST_LAST: tuple[Result, ...] = ("passed", "skipped", "failed")


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A fault that a test tries, whole or in part."""

    fault: int
    part: str = ""


@dataclass(frozen=True, kw_only=True)
class Tried:
    """One test, what it claims, and how it ended."""

    claims: tuple[Claim, ...] = ()
    result: Result = "passed"


def summary(tests: Iterable[Tried], seconds: float) -> dict[str, Any]:
    """The last line of a run: how many tests, and for each fault the worst that became of its tests."""
    tried = list(tests)
    counts = {result: sum(test.result == result for test in tried) for result in WORST_LAST}
    found = {claim: _worst(tried, claim) for claim in sorted(_claims(tried), key=lambda c: (c.fault, c.part))}
    whole = {claim.fault for claim in found if not claim.part}
    return {
        "tests": len(tried),
        **{result: counts[result] for result in ("passed", "failed", "skipped")},
        "claims": {str(claim.fault): result for claim, result in found.items() if not claim.part},
        "in_part": {f"{c.fault}: {c.part}": result for c, result in found.items() if c.part},
        "untried": [fault for fault in FAULTS if fault not in whole],
        "seconds": round(seconds, 1),
    }


def lines(said: Mapping[str, Any]) -> Iterator[str]:
    """The same for a reader: every fault, and what became of it."""
    parts = [(int(name.partition(":")[0]), name.partition(": ")[2], r) for name, r in said["in_part"].items()]
    for fault, words in FAULTS.items():
        yield f"{fault:>2} {said['claims'].get(str(fault), '-'):<8} {words}"
        yield from (f"   {result:<8} … in part: {part}" for n, part, result in parts if n == fault)


def _claims(tried: Iterable[Tried]) -> set[Claim]:
    return {claim for test in tried for claim in test.claims}


def _worst(tried: Iterable[Tried], claim: Claim) -> Result:
    return max((test.result for test in tried if claim in test.claims), key=WORST_LAST.index)


@dataclass
class Recorder:
    """A pytest plugin: hears how each test of a run ended."""

    tests: dict[str, Tried] = field(default_factory=dict)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """What each test claims."""
        marks: Mapping[str, tuple[Claim, ...]] = {
            item.nodeid: tuple(_claim(mark) for mark in item.iter_markers("fault")) for item in session.items
        }
        self.tests = {test: Tried(claims=claims, result="skipped") for test, claims in marks.items()}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A failure in any phase fails the test; only a call that passed passes it."""
        test = self.tests[report.nodeid]
        if report.failed:
            self.tests[report.nodeid] = replace(test, result="failed")
        elif report.when == "call" and report.passed:
            self.tests[report.nodeid] = replace(test, result="passed")


def _claim(mark: pytest.Mark) -> Claim:
    (fault,) = mark.args
    if fault not in FAULTS:
        raise pytest.UsageError(f"there is no fault {fault}")
    return Claim(fault=fault, **mark.kwargs)
