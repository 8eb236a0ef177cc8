"""One simulated office at work: counters, shelves with what others sent, a desk with what it hands out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from yizhan_simulators.counters import Counters
from yizhan_simulators.faults import Fault, Faults, Reply
from yizhan_simulators.ledger import Ledger
from yizhan_simulators.shape import Desk, Shape, Shelf
from yizhan_simulators.storage import Storage

PAGE = 100
TESTING = ("/healthz", "/records", "/faults", "/plant", "/hand_out", "/handed")


class Office:
    """Answers requests; everything it knows is in one SQLite file."""

    def __init__(self, shape: Shape, path: Path | str, step_s: float = 0.0) -> None:
        self.shape, self.faults = shape, Faults()
        self.ledger, self.storage = Ledger(path, step_s=step_s), Storage(path)
        self.counters = Counters(shape, self.ledger)

    def close(self) -> None:
        """Give the file back."""
        self.ledger.close()
        self.storage.close()

    def answer(self, method: str, target: str, body: Any) -> Reply:
        """Status and body for a request; raises ValueError or KeyError for one that makes no sense."""
        at = urlsplit(target)
        if at.path in TESTING:
            return 200, getattr(self, f"_{at.path[1:]}")(body)
        return self.faults.around(lambda: self._own(method, target, body), self.shape.refused)

    def _own(self, method: str, target: str, body: Any) -> Reply:
        found = self.counters.answer(method, target, body, recode=self.faults.recode, again=self._again)
        if found:
            return found
        at = urlsplit(target)
        query = {name: values[-1] for name, values in parse_qs(at.query).items()}
        desk, shelf = self.shape.desk, self.shape.shelves.get(at.path)
        if desk and at.path in (desk.list, desk.receipt):
            return self._at_desk(desk, method, query, body)
        if shelf is None:
            return 404, self.shape.refused("no such path")
        return self._listed(at.path, shelf, query) if method == "GET" else self._kept(at.path, shelf, body)

    def _at_desk(self, desk: Desk, method: str, query: Mapping[str, str], body: Any) -> Reply:
        if method == "POST":
            heard = self.storage.hear(str(body[desk.id]), body)
            return self._said(self.shape.ok if heard else self.shape.bad)
        given = self.storage.handed(int(query.get("after", 0)))
        rows = [row | {desk.id: id, desk.cursor: n} for n, id, row, _ in given]
        return self._said(self.shape.ok, **{self.shape.rows: rows})

    def _kept(self, path: str, shelf: Shelf, body: Mapping[str, Any]) -> Reply:
        had = self.storage.rows(path, str(body.get(shelf.key) or "-"))
        body = {**(had[0][1] if had else {}), **body}  # an update need not repeat what is there
        code = self._refusal(shelf, body)
        if code:
            return self._said(code)
        n, new = self.storage.put(path, str(body[shelf.key]), dict(body), again=self._again())
        code = self.shape.ok if new else self.shape.known
        return self._said(code, **{self.shape.number: self._number(n)})

    def _refusal(self, shelf: Shelf, body: Mapping[str, Any]) -> Any:
        """The office's code for what is wrong with a record; empty when nothing is."""
        if not all(body.get(name) for name in (shelf.key, *shelf.required)):
            return self.shape.bad
        if any(name in body and body[name] not in known.split() for name, known in shelf.codes.items()):
            return self.shape.bad
        area = str(body.get(self.shape.area, self.shape.county))
        return "" if area.startswith(self.shape.county) else self.shape.elsewhere

    def _listed(self, path: str, shelf: Shelf, query: Mapping[str, str]) -> Reply:
        skip = (int(query.get("page", 1)) - 1) * PAGE
        found = self.storage.rows(path, query.get(shelf.key, ""), skip=skip, most=PAGE)
        rows = [body | {self.shape.number: self._number(n)} for n, body in found]
        return self._said(self.shape.ok, **{self.shape.rows: rows})

    def _said(self, code: Any, **data: Any) -> Reply:
        return 200, self.shape.reply(self.faults.recode or code, **data)

    def _again(self) -> bool:
        """Whether this one is to be taken as another one, by mistake."""
        return self.faults.drawn("twice") is not None

    def _number(self, n: int) -> str:
        return f"{self.shape.prefix}{n:08d}"

    def _healthz(self, body: Any) -> Any:
        records = len(self.ledger.all())
        return {"simulator": self.shape.id, "title": self.shape.title, "records": records}

    def _records(self, body: Any) -> Any:
        return {"simulator": self.shape.id, "records": [asdict(one) for one in self.ledger.all()]}

    def _faults(self, body: Any) -> Any:
        self.faults.order(Fault(**body))
        return {"simulator": self.shape.id}

    def _plant(self, body: Any) -> Any:
        return {"changed": self.storage.plant(body["path"], body["key"], body.get("change"))}

    def _hand_out(self, body: Any) -> Any:
        self.storage.hand_out(body["id"], body["row"])
        return {"handed": body["id"]}

    def _handed(self, body: Any) -> Any:
        return {"handed": [[id, heard] for _, id, _, heard in self.storage.handed()]}
