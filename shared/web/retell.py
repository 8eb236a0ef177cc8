"""For a listener that missed something: the exact events of one aggregate after a sequence (BUS b8)."""

from __future__ import annotations

import base64
import re

from flask import Blueprint, Response, jsonify, request

from shared.errors import Malformed, NotFound
from shared.web.access import needs
from shared.web.site import aggregates, site

LIMIT = 500  # events in one answer; the listener asks again for the rest
_SEQUENCE = re.compile(r"\d{10}\.\d{2}")

views = Blueprint("retell", __name__)


@views.get("/events")
@needs("service")
def events() -> Response:
    """The events of `subject` after the sequence `after`, as base64 of the bytes that were told."""
    aggregate, _, id = request.args.get("subject", "").partition("/")
    after = request.args.get("after", "0000000000.00")
    if not id or not _SEQUENCE.fullmatch(after):
        raise Malformed("subject 应为 <名称>/<编号>，after 应为序号")
    store = next((s for s in aggregates(site().stores) if s.teller.aggregate == aggregate), None)
    if store is None:
        raise NotFound("这里不管理这类记录", code="aggregate_not_found")
    told = store.events_after(id, after)[:LIMIT]
    return jsonify({"events": [base64.b64encode(body).decode() for body in told]})
