"""Plays recorded exchanges with a back office: a plug-in is checked against real-shaped messages, without it.

A fixture is one JSON file: `about` (a sentence), `ask` (what differs from the sample ask), `method`
("handle" or "poll"), `disclosed` (the fields the vault gives, if it is asked), `parties` (role, kind and
values of each, where that matters), `files` (kind, media type and text of each), `calls` (each with method,
path, body and the `reply` it got, or the `status` of a refusal), and either `answers` or `error`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from importlib.resources.abc import Traversable
from typing import Any

from yizhan_adapter import answers
from yizhan_adapter.answers import Answer
from yizhan_adapter.asks import Ask, Report, Request
from yizhan_adapter.disclosures import Claim, Disclosed, Party
from yizhan_adapter.errors import NeverPossible, TryLater
from yizhan_adapter.files import CaseFile
from yizhan_adapter.office import Office, refusal
from yizhan_adapter.plugins import Maker, Plugin

SAMPLE = {
    "event_id": "0192f300-0000-7000-8000-000000000001",
    "source": "/svc/routing/990101",
    "delivery_id": "0192f300-0000-7000-8000-00000000000d",
    "case_id": "0192f300-0000-7000-8000-00000000000c",
    "case_no": "990101-2026-000017",
    "region": "990101101",
    "category": "neighbour",
    "complexity": "general",
    "matter_type": "dispute",
    "tier": "county",
    "persons_band": "2-4",
}


class Mismatch(AssertionError):
    """The plug-in did not do what the fixture records."""


class Played(Office):
    """An office that gives recorded replies, and insists on the recorded requests."""

    def __init__(self, calls: list[dict[str, Any]]) -> None:
        super().__init__("http://played.invalid")
        self.left = list(calls)

    def send(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Any:
        """The next recorded reply."""
        if not self.left:
            raise Mismatch(f"{method} {path} is not recorded")
        call = self.left.pop(0)
        _same(
            "request",
            {name: call.get(name) for name in ("method", "path", "body")},
            _json(method, path, body),
        )
        if "status" in call:
            raise refusal(call["status"], f"{method} {path}")
        return call["reply"]


class PlayedVault:
    """A vault that gives recorded fields, and nothing that was not recorded."""

    def __init__(
        self,
        fields: Mapping[str, Any],
        parties: Sequence[Mapping[str, Any]] = (),
        papers: Sequence[Mapping[str, str]] = (),
    ) -> None:
        self.fields, self.papers = fields, papers
        self.parties = tuple(
            Party(ref=f"p{n}", **{"kind": "person"} | dict(p)) for n, p in enumerate(parties)
        )

    def claim(self, claim: Claim) -> Disclosed:
        """The recorded fields of those that were asked for."""
        _same("fields", sorted(self.fields), sorted(claim.fields))
        at = datetime.fromisoformat("2026-11-22T02:00:00+00:00")
        return Disclosed(
            receipt_id="0192f300-0000-7000-8000-0000000000f1",
            fields=self.fields,
            disclosed_at=at,
            parties=self.parties,
        )

    def files(self, path: str) -> tuple[CaseFile, ...]:
        """The recorded files."""
        return tuple(_paper(number, paper) for number, paper in enumerate(self.papers))


def _paper(number: int, paper: Mapping[str, str]) -> CaseFile:
    data = paper.get("text", "").encode()
    return CaseFile(
        file_id=f"0192f300-0000-7000-8000-0000000001{number:02d}",
        sha256=sha256(data).hexdigest(),
        size=len(data),
        media_type=paper.get("media_type", "application/pdf"),
        kind=paper.get("kind", "pdf"),
        address=f"/files/{number}",
        valid_until=datetime.fromisoformat("2026-11-29T02:00:00+00:00"),
        fetch=lambda address: data,
    )


def fixtures(plugin: Plugin) -> Iterator[tuple[str, dict[str, Any]]]:
    """The recorded exchanges beside a plug-in, by file name."""
    folder = plugin.files / "fixtures"
    files: list[Traversable] = sorted(folder.iterdir(), key=lambda file: file.name) if folder.is_dir() else []
    for file in files:
        if file.name.endswith(".json"):
            yield file.name, json.loads(file.read_text(encoding="utf-8"))


def play(make: Maker, department: str, fixture: Mapping[str, Any]) -> None:
    """Play one fixture; raises Mismatch telling what differs."""
    office = Played(fixture["calls"])
    vault = PlayedVault(fixture.get("disclosed", {}), fixture.get("parties", ()), fixture.get("files", ()))
    ask = _ask(department, fixture.get("ask", {}) | {"vault": vault})
    try:
        found = _answers(make(office), fixture["method"], ask)
    except (TryLater, NeverPossible) as error:
        _same("error", fixture.get("error"), type(error).__name__)
    else:
        _same("answers", fixture.get("answers"), [_shown(answer) for answer in found])
    _same("calls left", [], office.left)


def _ask(department: str, given: Mapping[str, Any]) -> Ask:
    values: dict[str, Any] = SAMPLE | {"department": department} | dict(given)
    values["flags"] = tuple(values.get("flags", ()))
    for name in ("accept_by", "due_at", "registered_at", "resolved_at", "asked_at"):
        if values.get(name):
            values[name] = datetime.fromisoformat(values[name])
    kind = Report if "revision" in values else Request if "service" in values else Ask
    return kind(**values)


def _answers(adapter: Any, method: str, ask: Ask) -> list[Answer]:
    if method == "poll":
        return list(adapter.poll(ask))
    answer = adapter.handle(ask)
    return [] if answer is None else [answer]


def _shown(answer: Answer) -> str:
    at = getattr(answer, "at", None)
    return answers.said(answer) + (f"@{at.isoformat()}" if at else "")


def _json(method: str, path: str, body: Any) -> dict[str, Any]:
    return {"method": method, "path": path, "body": json.loads(json.dumps(body))}


def _same(what: str, recorded: Any, found: Any) -> None:
    if recorded != found:
        raise Mismatch(f"{what}: recorded {recorded!r}, found {found!r}")
