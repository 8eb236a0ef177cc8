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
from shared.bus.outcome import attempt_of
from shared.contracts import wire
from shared.database import open_database
from shared.errors import NotFound, Poison, Refused

ALIAS = "parker"
WAITING = ("parked", "replaying")  # a replay that died half way waits for a person too


class Parked(Document):  # type: ignore[misc]
    """One parked message. `_id` is derived from its bytes and the queue, so that parking repeats safely."""

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
    queue, reason = map(_text, _origin(headers))
    id = _identity(vhost, queue, hashlib.sha256(body).hexdigest())
    fields = {
        "vhost": vhost, "queue": queue, "reason": reason, "attempts": attempt_of(headers),
        "error": _text(headers.get("x-last-error", reason)), "last_at": now, "body": body,
        "content_type": _text(content_type), "headers": _plain(headers), "state": "parked",
    } | _about(body)  # fmt: skip
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
        {"$match": {"state": {"$in": WAITING}}},
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
            return list(Parked.objects(state__in=WAITING, **query).order_by("first_at"))
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


def waiting(vhost: str) -> int:
    """How many wait for a person."""
    return int(Parked._get_collection().count_documents({"state": {"$in": WAITING}, "vhost": vhost}))


def note(parked: Parked, state: str, by: str, text: str, now: datetime) -> bool:
    """Move a record on, and remember who did it and why.

    False, and nothing moved, when it was parked again since it was read: then it waits again.
    """
    entry = {"state": state, "by": by, "text": text, "at": now}
    moved = Parked._get_collection().update_one(
        {"_id": parked.id, "times": parked.times}, {"$set": {"state": state}, "$push": {"notes": entry}}
    )
    return bool(moved.matched_count)


def _about(body: bytes) -> dict[str, Any]:
    try:
        event = wire.decode(body)
    except Poison:
        return {}
    return {"type": event.type, "subject": event.subject, "event_id": event.id}


def _origin(headers: Mapping[str, Any]) -> tuple[Any, Any]:
    """Where it died and why: the broker's word for a queue where it died there, else our own note."""
    death = _death(headers)
    if death and not str(death.get("queue")).startswith("q.delay."):
        return death.get("queue", "unrouted"), death.get("reason", "unroutable")
    if "x-origin" in headers:
        return headers["x-origin"], "handler"
    return "unrouted", "unroutable"


def _death(headers: Mapping[str, Any]) -> Mapping[str, Any]:
    """The broker's note of the last death. We strip it from our copies, so a sender cannot forge it."""
    deaths = headers.get("x-death")
    last = deaths[0] if isinstance(deaths, list) and deaths else {}
    return last if isinstance(last, dict) else {}


def _identity(vhost: str, queue: str, message: str) -> str:
    return hashlib.sha256(f"{vhost}|{queue}|{message}".encode()).hexdigest()[:24]


def _plain(headers: Mapping[str, Any]) -> dict[str, Any]:
    """What of the headers a database takes. Who sent it is kept only where we ourselves wrote it down."""
    foreign = {"x-outlet"} if "x-death" in headers else set()
    return {
        _text(name): _text(value) if isinstance(value, str) else value
        for name, value in headers.items()
        if name not in foreign and _fits(name, value)
    }


def _fits(name: Any, value: Any) -> bool:
    small = isinstance(value, str) or (isinstance(value, int) and -(2**63) <= value < 2**63)
    return small and isinstance(name, str) and not set(name) & {".", "$", "\0"}


def _text(value: Any) -> str:
    """Text that can be stored, whatever half characters a foreign program sent."""
    return str(value).encode("utf-8", "replace").decode()
