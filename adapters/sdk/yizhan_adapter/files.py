"""The files of a case by claim check: the ask says where they are listed, each is fetched by its own link.

Nothing is believed: a file whose size or sha256 is not the listed one is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from marshmallow import EXCLUDE, Schema, ValidationError
from marshmallow import fields as mm

from yizhan_adapter.errors import TryLater

LARGEST = 64 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class CaseFile:
    """One file of the case; `read()` fetches it."""

    file_id: str
    sha256: str
    size: int
    media_type: str
    kind: str
    address: str
    valid_until: datetime
    fetch: Callable[[str], bytes] = field(compare=False, repr=False)

    def read(self) -> bytes:
        """The bytes, checked. Raises TryLater when they cannot be had now or are not what was listed."""
        found = self.fetch(self.address)
        if len(found) != self.size or sha256(found).hexdigest() != self.sha256:
            raise TryLater(f"file {self.file_id}: other bytes than were listed")
        return found


class _File(Schema):
    class Meta:
        unknown = EXCLUDE

    file_id = mm.String(required=True)
    sha256 = mm.String(required=True)
    size = mm.Integer(required=True)
    media_type = mm.String(required=True)
    kind = mm.String(required=True)
    address = mm.String(required=True)
    valid_until = mm.AwareDateTime(required=True)


def listed(answer: Any, fetch: Callable[[str], bytes]) -> tuple[CaseFile, ...]:
    """The files of a list as the centre answers it; raises TryLater when it is none."""
    try:
        found = _File(many=True).load(answer["items"])
    except (ValidationError, TypeError, KeyError) as error:
        raise TryLater("the list of files is not one") from error
    return tuple(CaseFile(**one, fetch=fetch) for one in found)


def path_of(address: str) -> str:
    """The path of a link: it is fetched from the centre we know, whatever host it names."""
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")
