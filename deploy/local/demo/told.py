"""Everything the services told, read through their public addresses, by the case it is about."""

from __future__ import annotations

import base64
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from deploy.local.demo.web import Token, Web

Event = dict[str, Any]

KEEPERS = (
    ("intake", "registration"),
    ("routing", "case"),
    ("routing", "delivery"),
    ("mediation", "matter"),
)  # who tells of cases, and as what; the report hears each of these event by event


def everything(web: Web, token: Token) -> Mapping[str, list[Event]]:
    """Every event that was told, in order, under the id of its aggregate: `delivery/0198…`."""
    found: dict[str, list[Event]] = defaultdict(list)
    for service, aggregate in KEEPERS:
        for item in _histories(web, token, service, aggregate):
            found[f"{aggregate}/{item['id']}"] = [json.loads(base64.b64decode(b)) for b in item["events"]]
    return found


def by_case(told: Mapping[str, list[Event]], cases: Mapping[str, str]) -> Mapping[str, list[Event]]:
    """What everybody hears of a case; `cases` says which case a registration became. Asks are for one only."""
    found: dict[str, list[Event]] = defaultdict(list)
    for subject, events in told.items():
        kind, _, id = subject.partition("/")
        for event in (event for event in events if not event["type"].startswith("ask.")):
            case_id = id if kind == "case" else event["data"].get("case_id") or cases.get(id, "")
            found[case_id].append(event)
    return found


def _histories(web: Web, token: Token, service: str, aggregate: str) -> Iterator[dict[str, Any]]:
    after: str | None = ""
    while after is not None:
        page = web.get(f"/{service}/histories", token, aggregate=aggregate, after=after)
        yield from page["items"]
        after = page["next"]
