"""How a file of another system becomes rows: what kind of file it really is, its cells, and its faults."""

from services.intake.rules.reading.kinds import sniff
from services.intake.rules.reading.table import Cell, Row, Table, name, text
from services.intake.rules.reading.tables import Stream, check_columns, read, streamed

__all__ = ["Cell", "Row", "Stream", "Table", "check_columns", "name", "read", "sniff", "streamed", "text"]
