"""Fetches the data of an event that was too large to travel: by its `dataref`, checked by its sha256."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from yizhan_adapter.errors import Misconfigured, NeverPossible, NotThere, TryLater, Unreadable
from yizhan_adapter.office import Office

LARGEST = 16 * 1024 * 1024


def fetched(event: dict[str, Any], office: Callable[[str], Office] = Office) -> bytes:
    """The bytes behind `dataref`.

    Raises NotThere when they cannot be had now, Unreadable when they are not the bytes that were meant.
    """
    url, wanted = urlsplit(event["dataref"]), str(event.get("datasha256", ""))
    try:
        path = url.path + (f"?{url.query}" if url.query else "")
        found = office(f"{url.scheme}://{url.netloc}").fetch(path, LARGEST)
    except (TryLater, NeverPossible) as error:
        raise NotThere(str(error)) from error
    except Misconfigured as error:
        raise Unreadable(f"dataref: {error}") from error
    if len(found) > LARGEST or sha256(found).hexdigest() != wanted:
        raise Unreadable("dataref: other bytes than were meant")
    return found
