"""One write in the words of the database: what must not have changed, what is added, which mark moves."""

from __future__ import annotations

from typing import Any

from shared.aggregate.held import Held, Write, following, stream
from shared.aggregate.memory import ordered
from shared.decision import Cause


def unchanged(held: Held[Any], cause: Cause) -> dict[str, Any]:
    """Matches while nobody else has changed it, handled this, or moved the mark this is about to move."""
    marks = {f"seen.{name}": held.seen.get(name) for name in seen(cause)}
    unheard = {"inbox.k": {"$ne": cause.key}} if cause.key else {}
    resealed = {"resealed": held.resealed or None}  # None: the field is not there
    return {"_id": held.id, "version": held.version, **resealed, **unheard, **marks}


def pushed(write: Write) -> dict[str, Any]:
    """What the write adds to the lists of the document."""
    lists: dict[str, Any] = {}
    if write.history is not None:
        lists["history"] = {"$each": [dict(write.history)]}
    if write.outbox:
        lists["outbox"] = {"$each": [dict(entry) for entry in write.outbox]}
    if write.cause.key:
        entry = {"k": write.cause.key, "d": write.cause.digest, "at": write.cause.at}
        lists["inbox"] = {"$each": [entry]}  # never sliced off: moved to `past`, and looked for there
    return lists


def seen(cause: Cause) -> dict[str, str]:
    """The mark that the write moves: which event of a stream comes next."""
    return {stream(cause.heard): following(cause.heard)} if ordered(cause) and cause.heard else {}


def since(write: Write) -> dict[str, Any]:
    """From when on something waits to be told."""
    return {"ob_at": write.cause.at} if write.outbox else {}


def present(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields that have a value."""
    return {name: value for name, value in fields.items() if value is not None}
