"""A platform as a department's plug-in: a reported case is handed over once, and its receipt is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields as names_of
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

from yizhan_adapter import settings
from yizhan_adapter.answers import Answer, Reported, Returned
from yizhan_adapter.asks import Ask, Report
from yizhan_adapter.codes import CodeTable
from yizhan_adapter.errors import NeverPossible, TryLater
from yizhan_adapter.office import Office
from yizhan_adapter.platforms.book import Book
from yizhan_adapter.platforms.card import Card, Kind, Record
from yizhan_adapter.platforms.counter import Counter
from yizhan_adapter.platforms.fields import Flat, at

MOST_PAGES = 10_000


class Platform:
    """What every platform does; a plug-in gives its name, its table of reply codes and its card."""

    department: str
    name: str
    codes: ClassVar[CodeTable]
    card: ClassVar[Card]

    def __init__(self, office: Office, book: Book | None = None) -> None:
        self.office = office
        self.book = book or Book(book_path(self.department) if type(office) is Office else ":memory:")

    def handle(self, ask: Ask) -> Answer | None:
        """Hand a reported case over, unless the platform has exactly this already.

        A platform handles no cases: an ask to do so is given back.
        """
        if not isinstance(ask, Report):
            return Returned("not_competent")
        return self.reported(ask)

    def reported(self, ask: Report) -> Answer:
        """The answer to a report; what the card does not want is left out."""
        kind, facts = self.card.kinds.get("case"), self.facts(ask)
        if kind is None or not kind.wanted(facts):
            return Reported()
        return self.send(kind, kind.record(facts, ask.delivery_id), lambda: self.disclosed(kind, ask))

    def facts(self, ask: Ask) -> Flat:
        """What is known of a case, and their own number of it, if it came from them."""
        known = {one.name: getattr(ask, one.name) for one in names_of(ask) if one.name != "vault"}
        return known | {"external_ref": self.book.theirs(ask.case_id)}

    def send(self, kind: Kind, record: Record, personal: Callable[[], Flat] = dict) -> Answer:
        """The platform's answer to a record; nothing is sent twice, nor the older over the newer."""
        row = self.book.want(record)
        if row.settled or row.digest != record.digest:
            return Reported(receipt=row.receipt)
        found = () if row.receipt else self.there(kind, record.id)
        if found and not differing(record.body, found[0]):
            return self._confirmed(record, str(found[0].get(self.card.reply.row_receipt) or ""))
        new = not row.receipt and not found  # names go there once: an update is under our id
        return self._handed_over(kind, record, personal() if new else {})

    def there(self, kind: Kind, id: str) -> list[Flat]:
        """What the platform has under one of our ids: nothing, one, or by its own mistake more."""
        return self._rows(f"{kind.path}?{kind.key}={quote(id, safe='')}")

    def listed(self, kind: Kind) -> list[Flat]:
        """Everything of a kind that the platform has from us."""
        found: list[Flat] = []
        for page in range(1, MOST_PAGES):
            rows = self._rows(f"{kind.path}?page={page}")
            found += rows
            if not rows or not kind.pages:
                return found
        raise NeverPossible(f"the list of {kind.name} does not end")

    def _handed_over(self, kind: Kind, record: Record, personal: Mapping[str, Any]) -> Answer:
        reply = self.office.post(kind.path, record.body | dict(personal))
        answer = self.judged(reply)
        if isinstance(answer, Reported):
            return self._confirmed(record, str(at(reply, self.card.reply.receipt) or ""))
        self.book.refuse(record, str(at(reply, self.card.reply.code)))
        if answer is None:
            raise NeverPossible(f"the code {at(reply, self.card.reply.code)} is no answer to a record")
        return answer

    def _confirmed(self, record: Record, receipt: str) -> Answer:
        if not receipt:
            raise NeverPossible("the platform took the record and gave no receipt")
        self.book.confirm(record, receipt)
        return Reported(receipt=receipt)

    def _rows(self, path: str) -> list[Flat]:
        return list(at(self.worked(self.office.get(path)), self.card.reply.rows) or ())

    def judged(self, reply: Any) -> Answer | None:
        """What the code of a reply says; raises TryLater when it is busy, UnknownCode when it is new."""
        words, code = self.card.reply, str(at(reply, self.card.reply.code))
        if code in words.busy:
            raise TryLater(f"the office is busy: {code}")
        return Reported() if not words.code or code in words.ok else self.codes.answer(code)

    def worked(self, reply: Any) -> Any:
        """A reply that says it worked; raises TryLater or NeverPossible for any other."""
        words, code = self.card.reply, at(reply, self.card.reply.code)
        refused = bool(words.ok) and str(code) not in (*words.ok, *words.busy)
        if refused or not isinstance(self.judged(reply), Reported):
            raise NeverPossible(f"the office refused: {code}")
        return reply

    def disclosed(self, kind: Kind | Counter, ask: Ask) -> Flat:
        """The first party's fields from the vault, or everybody's, only where the card has a purpose."""
        if not kind.personal:
            return {}
        given = ask.disclose(kind.personal.values(), kind.purpose).fields
        every = {ours: list(values.values()) for ours, values in given.items()}
        shown = every if kind.everybody else {ours: next(iter(one), "") for ours, one in every.items()}
        return {theirs: shown[ours] for theirs, ours in kind.personal.items() if shown.get(ours)}


def differing(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> tuple[str, ...]:
    """The fields of ours that read otherwise there; what they have beside is theirs."""
    return tuple(sorted(name for name, value in ours.items() if str(theirs.get(name)) != str(value)))


def book_path(department: str) -> Path:
    """Beside the adapter's own store."""
    store = settings.store_path(department)
    return store.with_name(f"{store.stem}_book.sqlite")
