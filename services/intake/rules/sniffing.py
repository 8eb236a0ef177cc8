"""What a file really is, by its content and not by its name; and what is refused whatever it calls itself.

Web pages and drawings that carry script, documents with macros, and archives that swell when they are opened
are no files of a case: each is refused with a sentence that says what to do instead.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence

import filetype

from services.intake.model.file import KINDS
from shared.errors import UnsupportedType

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_UNPACKED = 200 * 1024 * 1024
MOST_PARTS = 5_000
MOST_SWELLING = 200  # times: a document of text shrinks to a twentieth, hardly ever to less
SMALL = 10 * 1024 * 1024  # so much unpacked harms nobody, however well it was packed
_MACROS = ("vbaproject.bin", "vbadata.xml", "macrosheets/")
_FRAMES = (b"\xff\xfb", b"\xff\xfa", b"\xff\xf3", b"\xff\xf2")  # how MPEG audio begins
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP = re.compile(
    r"^\s*(<\?xml|<!doctype|<!--|<(html|head|body|script|svg|iframe|img|object|embed|form|a)\b)", re.I
)


def media_type(data: bytes) -> str:
    """The media type of a file by its content.

    Raises UnsupportedType, with a sentence, for what is not taken.
    """
    if data[:8] == _OLD_OFFICE:
        raise _refused("旧版 Word、Excel 文件可能带宏，请另存为 docx、xlsx 或 PDF 再传", "old_office")
    if data[:4] == b"PK\x03\x04":
        return _packed(data)
    found = _guessed(data)
    if found in KINDS:
        return found
    if found is None and is_text(data):
        return _plain(data)
    raise _refused("不收这种类型的文件，请传照片、PDF、docx、xlsx、文本、录音或录像", "unsupported_type")


def _guessed(data: bytes) -> str | None:
    if data[:3] == b"ID3" or data[:2] in _FRAMES:
        return "audio/mpeg"
    if data[4:8] == b"ftyp":
        return "audio/mp4" if data[8:11] in (b"M4A", b"M4B") else "video/mp4"
    kind = filetype.guess(data)
    return str(kind.mime) if kind else None


def _plain(data: bytes) -> str:
    if _MARKUP.match(data.decode("utf-8-sig")[:2_000]):
        raise _refused("不收网页、SVG 等带代码的文件，请截图或转成 PDF 再传", "markup")
    return "text/plain"


def is_text(data: bytes) -> bool:
    """Whether it is text in UTF-8 without unseen signs."""
    try:
        return not any(character < " " and character not in "\t\r\n\f" for character in data.decode())
    except UnicodeDecodeError:
        return False


def _packed(data: bytes) -> str:
    """Of which kind an Office document is; every other archive is refused."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError) as error:
        raise _refused("文件打不开，可能只传了一半", "broken") from error
    _check_size(parts, len(data))
    names = [part.filename.lower() for part in parts]
    if any(mark in name for name in names for mark in _MACROS):
        raise _refused("文档里带宏，请另存为不带宏的 docx、xlsx 或 PDF 再传", "macros")
    if "word/document.xml" in names:
        return WORD
    if "xl/workbook.xml" in names:
        return SHEET
    raise _refused("不收压缩包，请把里面的文件逐个上传", "archive")


def _check_size(parts: Sequence[zipfile.ZipInfo], packed: int) -> None:
    unpacked = sum(part.file_size for part in parts)
    swells = unpacked > SMALL and unpacked > packed * MOST_SWELLING
    if swells or unpacked > MOST_UNPACKED or len(parts) > MOST_PARTS:
        raise _refused("文件展开后过大，像是压缩炸弹，不能上传", "zip_bomb")


def _refused(sentence: str, code: str) -> UnsupportedType:
    return UnsupportedType(sentence, code=code, allowed=sorted(KINDS))
