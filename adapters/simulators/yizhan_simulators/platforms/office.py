"""What a simulated platform does with a request: keep, list, refuse; and the faults it shows on demand."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from threading import Lock
from typing import Any
from urllib.parse import parse_qs, urlsplit

from yizhan_simulators.platforms.shape import Shape, Shelf
from yizhan_simulators.platforms.storage import Storage

Reply = tuple[int, Any]
PAGE = 100


@dataclass(frozen=True, kw_only=True)
class Faults:
    """Disturbances: `down` until it is lifted, the others for the next calls of the platform's own paths."""

    down: bool = False
    fail: int = 0  # answers 500 and does nothing
    lose: int = 0  # does it, and answers 500
    twice: int = 0  # takes a record it has as another one
    recode: str = ""  # answers with this code instead of its usual one, until it is lifted
    slow_s: float = 0.0


class Office:
    """One simulated platform at work."""

    def __init__(self, shape: Shape, storage: Storage) -> None:
        self.shape, self.storage, self.faults = shape, storage, Faults()
        self._lock = Lock()

    def answer(self, method: str, target: str, body: Any) -> Reply:
        """Status and body for a request; raises ValueError or KeyError for one that makes no sense."""
        at = urlsplit(target)
        query = {name: values[-1] for name, values in parse_qs(at.query).items()}
        if at.path in ("/healthz", "/faults", "/plant", "/hand_out", "/handed"):
            return 200, getattr(self, f"_{at.path[1:]}")(body)
        return self._disturbed(method, at.path, query, body)

    def _disturbed(self, method: str, path: str, query: Mapping[str, str], body: Any) -> Reply:
        if self.faults.down:
            return 503, "down for maintenance"
        time.sleep(self.faults.slow_s)
        if self._drawn("fail"):
            return 500, "simulated fault"
        reply = self._own(method, path, query, body)
        return (500, "simulated fault") if self._drawn("lose") else reply

    def _own(self, method: str, path: str, query: Mapping[str, str], body: Any) -> Reply:
        desk = self.shape.desk
        if (method, path) == ("GET", desk.list):
            return self._said(
                self.shape.ok, **{self.shape.rows: self._handed_out(int(query.get("after", 0)))}
            )
        if (method, path) == ("POST", desk.receipt):
            return self._said(
                self.shape.ok if self.storage.hear(str(body[desk.id]), body) else self.shape.bad
            )
        shelf = self.shape.shelves.get(path)
        if shelf is None:
            return 404, "no such path"
        return self._listed(path, shelf, query) if method == "GET" else self._kept(path, shelf, body)

    def _kept(self, path: str, shelf: Shelf, body: Mapping[str, Any]) -> Reply:
        had = self.storage.rows(path, str(body.get(shelf.key) or "-"))
        body = {**(had[0][1] if had else {}), **body}  # an update need not repeat what is there
        code = self._refusal(shelf, body)
        if code:
            return self._said(code)
        n, new = self.storage.put(path, str(body[shelf.key]), dict(body), again=self._drawn("twice"))
        code = self.shape.ok if new else self.shape.known
        return self._said(code, **{self.shape.number: self._number(n)})

    def _refusal(self, shelf: Shelf, body: Mapping[str, Any]) -> str:
        """The platform's code for what is wrong with a record; empty when nothing is."""
        if not all(body.get(name) for name in (shelf.key, *shelf.required)):
            return self.shape.bad
        wrong = (
            name for name, known in shelf.codes.items() if name in body and body[name] not in known.split()
        )
        if next(wrong, ""):
            return self.shape.bad
        area = str(body.get(self.shape.area, self.shape.county))
        return "" if area.startswith(self.shape.county) else self.shape.elsewhere

    def _listed(self, path: str, shelf: Shelf, query: Mapping[str, str]) -> Reply:
        skip = (int(query.get("page", 1)) - 1) * PAGE
        found = self.storage.rows(path, query.get(shelf.key, ""), skip=skip, most=PAGE)
        rows = [body | {self.shape.number: self._number(n)} for n, body in found]
        return self._said(self.shape.ok, **{self.shape.rows: rows})

    def _handed_out(self, after: int) -> list[dict[str, Any]]:
        desk = self.shape.desk
        return [body | {desk.id: id, desk.cursor: n} for n, id, body, _ in self.storage.handed(after)]

    def _said(self, code: str, **data: Any) -> Reply:
        return 200, self.shape.reply(self.faults.recode or code, **data)

    def _number(self, n: int) -> str:
        return f"{self.shape.prefix}{n:08d}"

    def _drawn(self, name: str) -> bool:
        with self._lock:
            left = int(getattr(self.faults, name))
            if left:
                self.faults = Faults(**(asdict(self.faults) | {name: left - 1}))
            return left > 0

    def _healthz(self, body: Any) -> Any:
        return {"simulator": self.shape.id, "title": self.shape.title}

    def _faults(self, body: Any) -> Any:
        self.faults = Faults(**body)
        return {"simulator": self.shape.id}

    def _plant(self, body: Any) -> Any:
        return {"changed": self.storage.plant(body["path"], body["key"], body.get("change"))}

    def _hand_out(self, body: Any) -> Any:
        self.storage.hand_out(body["id"], body["row"])
        return {"handed": body["id"]}

    def _handed(self, body: Any) -> Any:
        return {"handed": [[id, heard] for _, id, _, heard in self.storage.handed()]}
