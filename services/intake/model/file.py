"""A file of a case: a photo, a paper, a recording. Its bytes lie elsewhere, under their hash."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

MOST_BYTES = 20 * 1024 * 1024  # DOMAIN 3.10
KINDS = {
    "application/pdf": "pdf",
    "image/jpeg": "jpeg",
    "image/png": "png",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "video/mp4": "mp4",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "text/plain": "txt",
}
"""Media types that are taken, with the short name that a file is saved under."""
PICTURES = ("image/jpeg", "image/png")

Scan = Literal["off", "pending", "clean", "infected"]
"""Whether a scanner has looked: `off` where this installation has none."""


@dataclass(frozen=True, kw_only=True)
class Box:
    """A part of a picture that is covered: shares of its width and height, from the upper left corner."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, kw_only=True)
class File:
    """One file of a registration."""

    file_id: str
    region: str
    protected: bool
    reg_id: str
    case_id: str
    sha256: str
    size: int
    media_type: str
    name: bytes  # sealed: names of files often hold names of people
    added_at: datetime
    added_by: str
    added_role: str
    scan: Scan = "off"
    thumbnail: str = ""  # the hash of its small picture
    copy_of: str = ""  # the file that this is a covered copy of
    covered_by: str = ""  # the newest covered copy of this one: from then on few may see the original

    @property
    def kind(self) -> str:
        """The short name of its media type."""
        return KINDS[self.media_type]
