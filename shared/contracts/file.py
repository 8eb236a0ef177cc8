"""What intake tells about a file after it was attached: how its check ended, and that parts were covered."""

from __future__ import annotations

from typing import Literal

from shared.contracts.base import Event, event
from shared.contracts.fields import Count, Hash, Id

CheckResult = Literal["clean", "infected"]


@event("file.checked", by="intake", about="file")
class FileChecked(Event):
    """A scanner has looked at a file; only what is clean is given out."""

    file_id: Id
    case_id: Id
    result: CheckResult
    thumbnail: bool = False


@event("file.redacted", by="intake", about="file")
class FileRedacted(Event):
    """There is a copy with parts covered; from now on departments get the copy, not the original."""

    file_id: Id
    case_id: Id
    copy_id: Id
    copy_sha256: Hash
    boxes: Count
