"""Whether a file of matters has the columns that its mapping takes the text from."""

from __future__ import annotations

from services.intake.model.imports import Mapping
from shared.errors import Refused
from shared.tables import FileKind, Table, streamed


def read(kind: FileKind, data: bytes, mapping: Mapping) -> Table:
    """The table in a file.

    Raises Refused when the file cannot be read at all, has too many rows, or holds none of the columns that
    the mapping takes its text from.
    """
    found = streamed(kind, data, mapping)
    check_columns(found.header, mapping)
    return Table(header=found.header, rows=tuple(found.rows))


def check_columns(header: tuple[str, ...], mapping: Mapping) -> None:
    """Raises Refused when a file has none of the columns that the mapping takes its text from."""
    texts = [mapping.columns[field] for field in ("summary", "title") if field in mapping.columns]
    told = {source for column in texts for source in column.sources}
    if not told & set(header):
        listed, wanted = "、".join(filter(None, header)) or "（没有列名）", "或".join(sorted(told))
        raise Refused(f"列名对不上。文件里有：{listed}；对照表要有：{wanted}", code="columns_missing")
