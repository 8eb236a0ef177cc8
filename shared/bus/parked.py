"""The park as a person sees it: what lies there and why, grouped; replay, edit, discard (BUS b14).

Nothing in the park expires. A replay keeps the id, so that what had its effect has it no second time; an
edited message is a new one that names the old as its cause.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from mongoengine import BinaryField, DateTimeField, DictField, Document, IntField, ListField, StringField

from shared import ids
from shared.contracts import wire
from shared.database import open_database
from shared.errors import NotFound, Poison, Refused

ALIAS = "parker"


class Parked(Document):  # type: ignore[misc]
    """One parked message. `_id` is derived from the message and the queue, so that parking repeats safely."""

    meta = {"collection": "parked", "db_alias": ALIAS, "indexes": ["state", ("queue", "type", "error")]}

    id = StringField(primary_key=True)
    vhost = StringField(required=True)
    queue = StringField(required=True)
    reason = StringField(required=True)
    type = StringField()
    subject = StringField()
    event_id = StringField()
    attempts = IntField(default=0)
    error = StringField(default="")
    first_at = DateTimeField(required=True)
    last_at = DateTimeField(required=True)
    times = IntField(default=1)
    body = BinaryField(required=True)
    content_type = StringField()
    headers = DictField()
    state = StringField(default="parked", choices=["parked", "replaying", "replayed", "edited", "discarded"])
    notes = ListField(DictField())


def open_park() -> None:
    """Connect to the park's own database."""
    open_database(ALIAS)


def store(vhost: str, body: bytes, content_type: str, headers: Mapping[str, Any], now: datetime) -> str:
    """Keep one dead message; the same message parked again is the same record, once more. Returns its id."""
    about = _about(body)
    queue, reason = _origin(headers)
    id = _identity(vhost, queue, about.get("event_id") or hashlib.sha256(body).hexdigest())
    fields = {
        "vhost": vhost, "queue": queue, "reason": reason, "attempts": headers.get("x-attempt", 1),
        "error": headers.get("x-last-error", reason), "last_at": now, "body": body,
        "content_type": content_type, "headers": _plain(headers), "state": "parked",
    } | about  # fmt: skip
    parked = Parked._get_collection()
    parked.update_one(
        {"_id": id},
        {"$set": fields, "$setOnInsert": {"first_at": now, "notes": []}, "$inc": {"times": 1}},
        upsert=True,
    )
    return id


def groups() -> list[dict[str, Any]]:
    """What lies in the park by queue, type and error, the largest heap first, each with a short id."""
    found = Parked._get_collection().aggregate([
        {"$match": {"state": "parked"}},
        {"$group": {
            "_id": {"queue": "$queue", "type": "$type", "error": "$error"}, "n": {"$sum": 1},
            "since": {"$min": "$first_at"}, "last": {"$max": "$last_at"},
        }},
        {"$sort": {"n": -1}},
    ])  # fmt: skip
    return [
        {"group": group_id(g["_id"]), **g["_id"], "n": g["n"], "since": g["since"], "last": g["last"]}
        for g in found
    ]


def group_id(key: Mapping[str, Any]) -> str:
    """A short name of a group."""
    text = f"{key['queue']}|{key.get('type')}|{key['error']}"
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def of_group(name: str) -> Sequence[Parked]:
    """The parked messages of a group, oldest first."""
    for found in groups():
        if found["group"] == name:
            query = {k: found[k] for k in ("queue", "type", "error")}
            return list(Parked.objects(state="parked", **query).order_by("first_at"))
    raise NotFound("没有这一组")


def one(id: str) -> Parked:
    """One record by its id, or the beginning of it."""
    found = list(Parked.objects(id__startswith=id)[:2])
    if len(found) != 1:
        raise NotFound("没有这条停放的消息，或编号不够长")
    record: Parked = found[0]
    return record


def edited(parked: Parked, data: dict[str, Any]) -> bytes:
    """A new message with mended data that names the old one as its cause.

    Raises Refused when the original is no event, or the mended data breaks its contract.
    """
    try:
        original = wire.decode(bytes(parked.body))
        made = replace(original, id=ids.new(), causationid=original.id, data=data)
        wire.read(made)
    except Poison as error:
        raise Refused("修改后的内容不符合约定") from error
    return wire.encode(made)


def note(parked: Parked, state: str, by: str, text: str, now: datetime) -> None:
    """Move a record on, and remember who did it and why."""
    entry = {"state": state, "by": by, "text": text, "at": now}
    Parked._get_collection().update_one(
        {"_id": parked.id}, {"$set": {"state": state}, "$push": {"notes": entry}}
    )


def _about(body: bytes) -> dict[str, Any]:
    try:
        event = wire.decode(body)
    except Poison:
        return {}
    return {"type": event.type, "subject": event.subject, "event_id": event.id}


def _origin(headers: Mapping[str, Any]) -> tuple[str, str]:
    """Where it died and why: our own note, or the broker's."""
    if "x-origin" in headers:
        return str(headers["x-origin"]), "handler"
    death = (headers.get("x-death") or [{}])[0]
    return str(death.get("queue", "unrouted")), str(death.get("reason", "unroutable"))


def _identity(vhost: str, queue: str, message: str) -> str:
    return hashlib.sha256(f"{vhost}|{queue}|{message}".encode()).hexdigest()[:24]


def _plain(headers: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value for name, value in headers.items() if isinstance(value, str | int) and "." not in name
    }
