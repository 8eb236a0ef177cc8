"""What a file really is, by its first bytes and not by its name."""

from __future__ import annotations

import io
import zipfile
from typing import Literal

import filetype

from shared.errors import Refused, UnsupportedType

FileKind = Literal["csv", "xlsx", "json"]

NAMES: dict[str, FileKind] = {"csv": "csv", "txt": "csv", "tsv": "csv", "xlsx": "xlsx", "json": "json"}
MOST_UNPACKED = 200 * 1024 * 1024


def sniff(data: bytes, file_name: str) -> FileKind:
    """The kind of a file.

    Raises UnsupportedType when it is none that we read, or not what its name says; Refused when it is empty
    or cannot be unpacked.
    """
    if not data.strip():
        raise Refused("文件是空的", code="file_empty")
    named = NAMES.get(file_name.rpartition(".")[2].lower())
    kind = _kind(data)
    if kind is None or named is None:
        raise UnsupportedType("只能导入 CSV、XLSX 或 JSON 文件；旧的 xls 请另存为 xlsx", code="file_kind")
    if kind != named:
        said = f"文件名说是 {named.upper()}，内容却是 {kind.upper()}，请核对后再传"
        raise UnsupportedType(said, code="file_not_what_its_name_says")
    return kind


def _kind(data: bytes) -> FileKind | None:
    if data[:4] == b"PK\x03\x04":
        return "xlsx" if _is_workbook(data) else None
    if filetype.guess(data) is not None or b"\x00" in _without_utf16(data):
        return None
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return "json" if start in (b"[", b"{") else "csv"


def _without_utf16(data: bytes) -> bytes:
    return b"" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else data


def _is_workbook(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            if sum(part.file_size for part in file.infolist()) > MOST_UNPACKED:
                raise Refused("表格展开后过大", code="file_too_large_unpacked")
            return "xl/workbook.xml" in file.namelist()
    except (zipfile.BadZipFile, NotImplementedError) as error:  # not implemented: packed in no known way
        raise Refused("表格打不开，文件可能只传了一半", code="file_broken") from error
