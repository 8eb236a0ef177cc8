"""A department as a card: cases and services are handed over at its counters, results and referrals told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from importlib.resources.abc import Traversable
from typing import ClassVar

from yizhan_adapter.answers import Answer, Reported, Returned, Served
from yizhan_adapter.asks import Ask, Report, Request
from yizhan_adapter.codes import CodeTable
from yizhan_adapter.platforms.card import read
from yizhan_adapter.platforms.counter import Counter
from yizhan_adapter.platforms.fields import Flat, at
from yizhan_adapter.platforms.platform import Platform
from yizhan_adapter.plugins import read_manifest

URGENT = frozenset(("sudden", "mass", "major"))


class Department(Platform):
    """Its system answers later, so `handle` hands over and `poll` reads what was done."""

    files: ClassVar[Traversable]

    def handle(self, ask: Ask) -> Answer | None:
        """Hand a case or a service over under our number; what it has no counter for is given back."""
        if isinstance(ask, Report):
            return self.reported(ask)
        counter = self.counter(ask)
        if counter is None:
            return Returned("not_competent")
        body = counter.body(self.facts(ask)) | self.disclosed(counter, ask)
        reply = self.worked(self.office.post(counter.path, body))
        answer = self.codes.answer(at(reply, counter.status)) if counter.status else None
        return None if isinstance(answer, Served) else answer  # the history says it with its number

    def poll(self, ask: Ask) -> Iterable[Answer]:
        """Every answer in the history of a case or a service."""
        counter = self.counter(ask)
        if isinstance(ask, Report) or counter is None:
            again = self.handle(ask)
            return (again,) if again else ()
        reply = self.worked(self.office.get(counter.asked_at(ask.delivery_id)))
        return tuple(self._answers(counter, at(reply, counter.rows) or ()))

    def reported(self, ask: Report) -> Answer:
        """How a case stands is told to a department only when it referred the case to us."""
        return super().reported(ask) if self.book.theirs(ask.case_id) else Reported()

    def counter(self, ask: Ask) -> Counter | None:
        """The counter for what is asked, if the department has one."""
        return self.card.services.get(ask.service) if isinstance(ask, Request) else self.card.handle

    def facts(self, ask: Ask) -> Flat:
        """What is known of the case, and whether it is urgent."""
        return super().facts(ask) | {"urgent": bool(URGENT.intersection(ask.flags))}

    def _answers(self, counter: Counter, rows: Iterable[Flat]) -> Iterator[Answer]:
        for row in rows:
            answer = self.codes.answer(counter.said(row))
            if isinstance(answer, Served):
                number, meeting = str(row.get(counter.reference) or ""), counter.meeting_at(row)
                answer = replace(answer, reference=number, meeting_at=meeting)
            if answer is not None:
                yield answer


def connected(files: Traversable) -> type[Platform]:
    """The plug-in of an office from its folder: manifest, card, table of codes.

    One with a counter is a department, one without keeps copies only. Raises Misconfigured naming a fault.
    """
    manifest = read_manifest(files)
    card = read((files / "card.yaml").read_text(encoding="utf-8"))
    kind = Department if card.handle or card.services else Platform
    about = {"department": manifest.id, "name": manifest.name, "card": card, "files": files}
    return type(manifest.id, (kind,), about | {"codes": CodeTable.of(files, manifest.id)})
