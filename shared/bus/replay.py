"""Sends a parked message back to the queue it came from, with its own id, and waits for the confirm.

One that is discarded goes back too, marked: a listener that waits for every event in turn goes on without it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from shared import clock
from shared.bus import names, parked
from shared.bus.channel import Sender, message
from shared.bus.outcome import DISCARDED
from shared.contracts.wire import CONTENT_TYPE
from shared.crash import crash_here


class Replayer:
    """One replay at a time; a crash between publish and note sends it twice, which the marks absorb."""

    def __init__(self, by: str) -> None:
        self.by = by
        self.senders: dict[str, Sender] = {}

    def replay(self, record: parked.Parked, body: bytes | None = None) -> None:
        """Send it again; with `body`, the mended message instead.

        Raises OSError when the broker did not confirm; the record stays `replaying` and can be sent again.
        """
        parked.note(record, "replaying", self.by, "", clock.now())
        self._send(record, _copy(record, body))
        crash_here("replay.after_publish")
        parked.note(record, "edited" if body else "replayed", self.by, "", clock.now())

    def replay_all(self, records: Sequence[parked.Parked], per_second: float = 20) -> int:
        """Send many, not faster than asked."""
        for record in records:
            self.replay(record)
            time.sleep(1 / per_second)
        return len(records)

    def discard(self, record: parked.Parked, second: str, reason: str) -> bool:
        """Give it up, which two people answer for: nobody hears it, and who waits for it waits no more.

        False when it was parked again meanwhile. Raises OSError when the broker did not confirm; it then
        lies where it lay.
        """
        if record.vhost == "core" and record.queue.endswith(".inbox") and record.event_id:
            self._send(record, message(bytes(record.body), {"x-attempt": 1, DISCARDED: self.by}))
            crash_here("discard.after_publish")
        return parked.note(record, "discarded", f"{self.by}+{second}", reason, clock.now())

    def close(self) -> None:
        """Hang up."""
        for sender in self.senders.values():
            sender.close()

    def _send(self, record: parked.Parked, copy: Any) -> None:
        sender = self.senders.setdefault(record.vhost, Sender(record.vhost))
        sender.send(names.RETURN, record.queue, copy)


def _copy(record: parked.Parked, body: bytes | None) -> Any:
    """The same bytes and the same sender; the tries begin anew."""
    outlet = {name: record.headers[name] for name in ("x-outlet",) if name in record.headers}
    headers = {"x-attempt": 1, "x-replay": record.times, **outlet}
    kept: dict[str, Any] = {"content_type": record.content_type or CONTENT_TYPE}
    if body is None and record.event_id:
        kept["message_id"] = record.event_id
    return message(body or bytes(record.body), headers, **kept)
