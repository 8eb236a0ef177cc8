"""The forms in which words lie about: plain, escaped, in an address, in base64, compressed, in a table."""

from __future__ import annotations

import base64
import binascii
import gzip
import html
import io
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import unquote_to_bytes

_ESCAPED = re.compile(rb"(?:\\+u[0-9a-fA-F]{4}[\x20-\x5b\x5d-\x7e]{0,3})+")
_UNIT = re.compile(rb"\\+u([0-9a-fA-F]{4})")
_PERCENT = re.compile(rb"(?:%[0-9A-Fa-f]{2}[\w.~+-]{0,3})+")
_BASE64 = re.compile(rb"(?![0-9a-f-]+(?![A-Za-z0-9+/_]))[A-Za-z0-9+/_-]{16,}={0,2}")  # no hash, no id
DEEP = 2  # a text in an old character set in a packed file
_MEMBERS = 50 * 1024 * 1024  # of one compressed file


def disguises(data: bytes, *, deep: int = DEEP) -> Iterator[bytes]:
    """The bytes as they are, and everything that can be read out of them."""
    yield data
    if b"\\u" in data:
        yield b"\n".join(_unescaped(found) for found in _ESCAPED.findall(data))
    if b"%" in data:
        yield b"\n".join(unquote_to_bytes(found) for found in _PERCENT.findall(data))
    if b"&#" in data:
        yield html.unescape(data.decode("utf-8", "ignore")).encode("utf-8", "ignore")
    if deep:
        yield b"\n".join(_unpacked(data))
        for inside in _decoded(data):
            yield from disguises(inside, deep=deep - 1)


def _unescaped(found: bytes) -> bytes:
    units = b"".join(
        bytes.fromhex(part.decode()) if n % 2 else part.decode().encode("utf-16-be")
        for n, part in enumerate(_UNIT.split(found))
    )
    return units.decode("utf-16-be", "ignore").encode("utf-8", "ignore")


def _unpacked(data: bytes) -> Iterator[bytes]:
    """What base64 in it says, where that is text."""
    for found in _BASE64.findall(data):
        bare = found.rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
        with suppress(binascii.Error, UnicodeDecodeError):
            inside = base64.b64decode(bare + b"=" * (-len(bare) % 4))
            inside.decode()
            yield inside


def _decoded(data: bytes) -> Iterator[bytes]:
    """What a packed file holds, and a text in another character set."""
    if data.startswith(b"\x1f\x8b"):
        with suppress(OSError, EOFError, zlib.error):
            yield gzip.decompress(data)
    if data.startswith(b"PK\x03\x04"):
        yield from _members(data)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield data.decode("utf-16", "ignore").encode("utf-8", "ignore")
    elif b"\0" not in data and not _is_utf8(data):
        with suppress(UnicodeDecodeError):
            yield data.decode("gb18030").encode()


def _members(data: bytes) -> Iterator[bytes]:
    with suppress(zipfile.BadZipFile), zipfile.ZipFile(io.BytesIO(data)) as packed:
        yield from (packed.read(one) for one in packed.infolist() if one.file_size < _MEMBERS)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return len(data) - error.start < 4  # cut inside its last character
    return True


def table_of(file: Path) -> Iterator[bytes]:
    """Everything in an SQLite file, row by row: long values lie in pieces in the file itself."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as found:
        found.text_factory = bytes
        names = [
            name.decode() for (name,) in found.execute("select name from sqlite_master where type='table'")
        ]
        for name in names:
            for row in found.execute(f'select * from "{name}"'):  # noqa: S608  (its own list of tables)
                yield b"\x1f".join(
                    value if isinstance(value, bytes) else str(value).encode() for value in row
                )
