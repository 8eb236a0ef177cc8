"""How a file of another system becomes rows: what kind of file it really is, its cells, and its faults."""

from shared.tables.kinds import FileKind, sniff
from shared.tables.reading import Form, Sheet, Stream, sheets, streamed
from shared.tables.table import Cell, Row, Table, name, text

__all__ = [
    "Cell",
    "FileKind",
    "Form",
    "Row",
    "Sheet",
    "Stream",
    "Table",
    "name",
    "sheets",
    "sniff",
    "streamed",
    "text",
]
