"""An import: one file of matters from another system, its column mapping, and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from shared.contracts.fields import Channel
from shared.tables import FileKind

ImportState = Literal["running", "done", "lost"]


@dataclass(frozen=True, kw_only=True)
class Column:
    """Where one field of the form comes from: source columns, a fixed value, and how to read it."""

    sources: tuple[str, ...] = ()
    constant: str | None = None
    values: dict[str, str] = field(default_factory=dict)  # value map; "*" is everything else
    separator: str = ""  # splits one cell into a list
    joiner: str = "\n"  # joins several source columns


@dataclass(frozen=True, kw_only=True)
class Mapping:
    """How the columns of one kind of file become the fields of a registration."""

    name: str
    title: str
    columns: dict[str, Column]  # target field -> where it comes from
    dates: tuple[str, ...] = ()  # further date formats, tried before the usual ones
    sheet: str = ""
    items: str = ""  # of a JSON object: the member that holds the list
    encoding: str = ""


@dataclass(frozen=True, kw_only=True)
class FileRead:
    """A file as it was read: what it is, by what it is known again, its sealed name, and what it holds."""

    kind: FileKind
    file_hash: str
    file_name: bytes
    header: tuple[str, ...]
    rows: int


@dataclass(frozen=True, kw_only=True)
class Counts:
    """What became of the rows so far. accepted + repeated + rejected = handled."""

    total: int = 0
    accepted: int = 0
    duplicates: int = 0  # accepted, but looking like an earlier matter
    repeated: int = 0  # registered before under the same number of the same channel
    rejected: int = 0

    @property
    def handled(self) -> int:
        """Rows that have their answer."""
        return self.accepted + self.repeated + self.rejected


@dataclass(frozen=True, kw_only=True)
class Import:
    """One file on its way in."""

    import_id: str
    region: str
    state: ImportState
    mapping: str  # as JSON: its keys may have points, which a database would take for paths
    mapping_name: str
    channel: Channel
    kind: FileKind
    file_hash: str
    file_name: bytes  # sealed: people put names into file names
    header: tuple[str, ...]
    counts: Counts
    created_at: datetime
    created_by: str
    created_role: str
    created_unit: str
    error_codes: tuple[str, ...] = ()
    finished_at: datetime | None = None

    @property
    def percent(self) -> int:
        """How far it has come, in whole percent."""
        return (
            100 if self.state == "done" else min(99, 100 * self.counts.handled // max(1, self.counts.total))
        )
