"""Everything the services told, read through their public addresses, by the case it is about."""

from __future__ import annotations

import base64
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from deploy.local.demo.web import Token, Web

Event = dict[str, Any]

KEEPERS = (
    ("intake", "registration"),
    ("routing", "case"),
    ("routing", "delivery"),
    ("routing", "request"),
    ("routing", "report"),
    ("mediation", "matter"),
    ("petition", "petition"),
)  # who tells of cases, and as what; the report hears each of these event by event

UNTOLD = ("ask.", "report.queued.", "report.sent.", "report.received.")
"""For one department alone, or a step of a copy on its way: of these the timeline says only how it ended."""


def everything(web: Web, token: Token) -> Mapping[str, list[Event]]:
    """Every event that was told, in order, under the id of its aggregate: `delivery/0198…`."""
    found: dict[str, list[Event]] = defaultdict(list)
    for service, aggregate in KEEPERS:
        for item in _histories(web, token, service, aggregate):
            found[f"{aggregate}/{item['id']}"] = [json.loads(base64.b64decode(b)) for b in item["events"]]
    return found


def by_case(told: Mapping[str, list[Event]], cases: Mapping[str, str]) -> Mapping[str, list[Event]]:
    """What the report's timeline has of a case; `cases`: what a registration became."""
    found: dict[str, list[Event]] = defaultdict(list)
    for subject, events in told.items():
        heard = [event for event in events if not event["type"].startswith(UNTOLD)]
        for case_id in _cases(subject, heard, cases):
            found[case_id] += heard
    return found


def _cases(subject: str, events: Iterable[Event], cases: Mapping[str, str]) -> set[str]:
    """The cases that an aggregate is about: itself, or those that its events name."""
    kind, _, id = subject.partition("/")
    named = {event["data"]["case_id"] for event in events if event["data"].get("case_id")}
    return {id} if kind == "case" else named or {cases.get(id, "")}


def _histories(web: Web, token: Token, service: str, aggregate: str) -> Iterator[dict[str, Any]]:
    after: str | None = ""
    while after is not None:
        page = web.get(f"/{service}/histories", token, aggregate=aggregate, after=after)
        yield from page["items"]
        after = page["next"]
