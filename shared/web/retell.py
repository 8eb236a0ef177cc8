"""For a listener that missed something: the exact events of one aggregate after a sequence (BUS b8).

For one that counts everything again: those of all aggregates, page by page.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, jsonify, request

from shared.aggregate.store import Store
from shared.errors import Malformed, NotFound
from shared.web.access import needs
from shared.web.site import aggregates, site

LIMIT = 500  # events in one answer; the listener asks again for the rest
PAGE = 50  # aggregates in one answer, at most
_SEQUENCE = re.compile(r"\d{10}\.\d{2}")

views = Blueprint("retell", __name__)


@views.get("/events")
@needs("service")
def events() -> Response:
    """The events of `subject` after the sequence `after`, as base64 of the bytes that were told."""
    aggregate, _, id = request.args.get("subject", "").partition("/")
    after = request.args.get("after") or "0000000000.00"
    if not id or not _SEQUENCE.fullmatch(after):
        raise Malformed("subject 应为 <名称>/<编号>，after 应为序号")
    return jsonify({"events": _text(_keeper(aggregate).events_after(id, after)[:LIMIT])})


@views.get("/histories")
@needs("service")
def histories() -> Response:
    """All events of the next aggregates of a kind: `?aggregate=case&after=<id>`; the last has no next."""
    limit = max(1, min(request.args.get("limit", PAGE, type=int), PAGE))
    found = _keeper(request.args.get("aggregate", "")).retold(request.args.get("after", ""), limit)
    items = [{"id": id, "events": _text(bodies)} for id, bodies in found]
    return jsonify({"items": items, "next": found[-1][0] if len(found) == limit else None})


def _keeper(aggregate: str) -> Store[Any]:
    store = next((s for s in aggregates(site().stores) if s.teller.aggregate == aggregate), None)
    if store is None:
        raise NotFound("这里不管理这类记录", code="aggregate_not_found")
    return store


def _text(bodies: Iterable[bytes]) -> list[str]:
    return [base64.b64encode(body).decode() for body in bodies]
