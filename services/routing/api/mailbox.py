"""The mailbox over HTTPS, for a department whose network lets no AMQP through: poll, acknowledge, answer."""

from __future__ import annotations

import threading
from typing import Any

from flask import request

from services.routing.handlers import mailbox as handling
from services.routing.schemas.mailbox import AckAnswer, AckBody, AnswerAnswer, Inbox, InboxQuery
from services.routing.store import Stores
from shared.contracts.wire import CONTENT_TYPE, LIMIT
from shared.errors import Forbidden
from shared.web import blueprint, caller, here, needs, record, site, takes

AT_ONCE = 4  # polls of this process that may wait; the next ones are answered at once

mailbox = blueprint("mailbox", "A department's mailbox over HTTPS")
waiting = threading.BoundedSemaphore(AT_ONCE)


@mailbox.route("/departments/<department>/inbox")
@needs("department")
@mailbox.arguments(InboxQuery, location="query")
@mailbox.response(200, Inbox)
def inbox(asked: dict[str, Any], department: str) -> Any:
    """The next asks, exactly as they go into the mailbox, lent for a minute; waits while there is none."""
    own(department)
    most, seconds = asked["max"], asked["wait"]
    found = handling.lease(here(Stores), department, most, site().clock())
    if found or not seconds or not waiting.acquire(blocking=False):
        return {"items": found}
    all, clock = here(Stores), site().clock
    try:
        return {"items": handling.waited(lambda: handling.lease(all, department, most, clock()), seconds)}
    finally:
        waiting.release()


@mailbox.route("/departments/<department>/ack", methods=["POST"])
@needs("department")
@mailbox.arguments(AckBody)
@mailbox.response(200, AckAnswer)
def ack(asked: dict[str, Any], department: str) -> Any:
    """These asks are stored in the department's own system; it may answer them whenever it can."""
    own(department)
    ids = list(dict.fromkeys(str(id) for id in asked["delivery_ids"]))
    return handling.acknowledge(here(Stores), department, ids, site().clock())


@mailbox.route("/departments/<department>/answers", methods=["POST"])
@needs("department")
@takes("application/json", CONTENT_TYPE, limit=LIMIT)
@mailbox.doc(requestBody={"content": {CONTENT_TYPE: {"schema": {"type": "object"}}}})
@mailbox.response(202, AnswerAnswer)
def answer(department: str) -> Any:
    """One answer, the same event as over AMQP; the same event twice acts once."""
    own(department)
    return handling.answer(here(Stores), department, request.get_data(), site().clock())


def own(department: str) -> None:
    """Raises Forbidden, with a line in the trail, when a department opens another's mailbox."""
    if caller().unit != department:
        record(here(Stores).audit, "mailbox_refused", f"department/{department}", result="other_unit")
        raise Forbidden("这不是贵单位的信箱", code="other_unit")
