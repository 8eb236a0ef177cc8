"""What a simulated office does at its counters: takes a case in once, and says how far it is."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from yizhan_simulators import fate
from yizhan_simulators.ledger import Ledger, Record
from yizhan_simulators.shape import Counter, Shape

Reply = tuple[int, Any]
DAY = 86_400.0


class Counters:
    """All counters of one office."""

    def __init__(self, shape: Shape, ledger: Ledger) -> None:
        self.shape, self.ledger = shape, ledger

    def answer(
        self, method: str, target: str, body: Any, *, recode: str, again: Callable[[], bool]
    ) -> Reply | None:
        """The reply to a request at a counter; None when none is meant."""
        for counter in self.shape.counters:
            if (method, target) == ("POST", counter.path):
                return self._take(counter, body, recode, again)
            if method == "GET" and (key := counter.asked(target)):
                return self._history(counter, key, recode)
        return None

    def _take(
        self, counter: Counter, body: Mapping[str, Any], recode: str, again: Callable[[], bool]
    ) -> Reply:
        """The sender's number again gives the same record, unless it is to be taken twice by mistake."""
        name = self.shape.id if counter.name == "handle" else f"{self.shape.id}.{counter.name}"
        key, case_no = str(body[counter.key]), str(body[counter.case])
        course = fate.course(name, case_no, counter.courses)
        if again() and self.ledger.find(key):
            self.ledger.take(f"{key}#{len(self.ledger.all())}", case_no, course)
        record, _ = self.ledger.take(key, case_no, course)
        return 200, self._said(counter, record, _parts(counter, recode or course[0]))

    def _history(self, counter: Counter, key: str, recode: str) -> Reply:
        record = self.ledger.find(key)
        if record is None:
            return 404, self.shape.refused("查无此件")
        passed = self.ledger.passed(record)
        rows = [_parts(counter, code) | {counter.at: _when(counter, at)} for code, at in passed]
        if recode:
            rows[-1] |= _parts(counter, recode)
        if len(passed) == len(record.course):
            rows[-1] |= {
                name: _ending(counter, text, record, passed[-1][1]) for name, text in counter.ending.items()
            }
        return 200, self._said(counter, record, {counter.rows: rows})

    def _said(self, counter: Counter, record: Record, data: dict[str, Any]) -> Any:
        return self.shape.reply(self.shape.ok, **{counter.number: counter.written.format(n=record.n)}, **data)


def _parts(counter: Counter, code: str) -> dict[str, Any]:
    """A code as its fields."""
    said = dict(zip(counter.status, code.split("/"), strict=False))
    first = counter.status[0]
    return said | ({first: int(said[first])} if counter.whole else {})


def _when(counter: Counter, at: float) -> str:
    return time.strftime(counter.form, time.gmtime(at + 8 * 3_600))


def _ending(counter: Counter, text: str, record: Record, at: float) -> str:
    return _when(counter, at + int(text) * DAY) if text.startswith("+") else text.format(n=record.n)
