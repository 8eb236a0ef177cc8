"""A file of a case: a photo, a paper, a recording. Its bytes lie elsewhere, under their hash."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

MOST_BYTES = 20 * 1024 * 1024  # DOMAIN 3.10
KINDS = {
    "application/pdf": ("pdf", b"%PDF-", 0),
    "image/jpeg": ("jpeg", b"\xff\xd8\xff", 0),
    "image/png": ("png", b"\x89PNG\r\n\x1a\n", 0),
    "audio/mpeg": ("mp3", b"", 0),
    "audio/mp4": ("m4a", b"ftyp", 4),
    "video/mp4": ("mp4", b"ftyp", 4),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("docx", b"PK\x03\x04", 0),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("xlsx", b"PK\x03\x04", 0),
    "text/plain": ("txt", b"", 0),
}
"""Media types that are taken: the short name, and the bytes that such a file has at a place."""


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

    @property
    def kind(self) -> str:
        """The short name of its media type."""
        return KINDS[self.media_type][0]
