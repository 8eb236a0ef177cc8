"""What a platform sends us: appointments, work orders, events. Each is registered once, and they hear."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote

from yizhan_adapter.errors import NeverPossible
from yizhan_adapter.platforms.book import Taken
from yizhan_adapter.platforms.card import Take
from yizhan_adapter.platforms.fields import Flat, at
from yizhan_adapter.platforms.platform import Platform

log = logging.getLogger(__name__)


class Registers(Protocol):
    """Whoever registers: the centre over HTTP."""

    def register(self, body: Mapping[str, Any], key: str) -> Flat:
        """The registration's answer; the same key again gives the same."""


@dataclass(frozen=True, kw_only=True)
class Round:
    """What one look at their list came to."""

    registered: int = 0
    refused: int = 0
    told: int = 0


def take(platform: Platform, centre: Registers) -> Round:
    """Register what is new there, then tell them our numbers.

    What cannot be registered is kept with its reason, read again every time, and holds up nothing else.
    Raises TryLater when either side does not answer; nothing is lost by that.
    """
    card = platform.card.take
    if card is None:
        return Round()
    done = [_register(platform, card, row, centre) for row in _new(platform, card)]
    return Round(registered=done.count(True), refused=done.count(False), told=tell(platform, card))


def tell(platform: Platform, card: Take) -> int:
    """Give them the case numbers they do not know yet; how many those were.

    A number that they refuse waits, and holds up no other.
    """
    waiting = list(platform.book.taken("WHERE told = 0 AND case_no <> ''"))
    return sum(_tell(platform, card, one) for one in waiting)


def _tell(platform: Platform, card: Take, one: Taken) -> bool:
    ours = {"external_ref": one.id, "case_no": one.case_no, "case_id": one.case_id}
    body = {field.name: field.outward(ours) for field in card.answer}
    try:
        platform.worked(platform.office.post(card.receipt, body))
    except NeverPossible as error:
        about = {"platform": platform.department, "case_no": one.case_no, "error": str(error)}
        log.warning("number not taken", extra=about)
        return False
    platform.book.told(one.id)
    return True


def _new(platform: Platform, card: Take) -> Iterator[Flat]:
    """Rows of theirs that are not registered here, from where we left off.

    Where that is before a refused row, their list may end before what is new: then it is read on.
    """
    had = {one.id for one in platform.book.taken("WHERE case_no <> ''")}
    after, last = platform.book.cursor(), platform.book.last()
    while rows := _rows(platform, card, after):
        yield from (row for row in rows if str(row.get(card.id) or "") not in had)
        before, after = after, max(int(row.get(card.cursor) or 0) for row in rows)
        if not before < after <= last:
            return


def _rows(platform: Platform, card: Take, after: int) -> list[Flat]:
    reply = platform.worked(platform.office.get(f"{card.path}?after={quote(str(after), safe='')}"))
    return list(at(reply, platform.card.reply.rows) or ())


def _register(platform: Platform, card: Take, row: Flat, centre: Registers) -> bool:
    id, cursor = str(row.get(card.id) or ""), int(row.get(card.cursor) or 0)
    try:
        if not id:
            raise NeverPossible(f"{card.id} is empty")
        made = centre.register(card.body(row) | {"external_ref": id}, f"{platform.department}|{id}")
    except NeverPossible as error:
        platform.book.take(id or f"#{cursor}", cursor, reason=str(error))
        return False
    platform.book.take(id, cursor, case_id=made["case_id"], case_no=made["case_no"])
    return True
