"""A file with a county's organisation on its way in: its sheets, its rows, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

SheetKind = Literal["unit", "person"]
ImportState = Literal["running", "done"]
Fate = Literal["added", "unchanged", "rejected"]


@dataclass(frozen=True, kw_only=True)
class SheetRead:
    """A sheet that holds units or people, and what its columns are called."""

    name: str
    kind: SheetKind
    header: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row: where it stands, what it says under our names, its own cells, and what is wrong already."""

    sheet: int  # its place among the sheets that were read
    number: int  # as a spreadsheet shows it
    kind: SheetKind
    given: dict[str, str]
    cells: tuple[str, ...]
    fault: str = ""


@dataclass(frozen=True, kw_only=True)
class Rejected:
    """A row that was not taken, and why."""

    sheet: int
    number: int
    cells: tuple[str, ...]
    why: str


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What became of one row; a person's new account."""

    line: Line
    fate: Fate
    why: str = ""
    account: str = ""


@dataclass(frozen=True, kw_only=True)
class OrganisationImport:
    """One file, and how far it has come. The rows that wait are kept beside it."""

    import_id: str
    region: str
    state: ImportState
    sheets: tuple[SheetRead, ...]
    unread_sheets: tuple[str, ...]
    total: int
    created_at: datetime
    created_by: str
    created_role: str
    created_unit: str
    added: int = 0
    unchanged: int = 0
    rejects: tuple[Rejected, ...] = ()
    opened: tuple[str, ...] = ()  # accounts
    finished_at: datetime | None = None

    @property
    def handled(self) -> int:
        """Rows that have their answer."""
        return self.added + self.unchanged + len(self.rejects)

    @property
    def percent(self) -> int:
        """How far it has come, in whole percent."""
        return 100 if self.state == "done" else min(99, 100 * self.handled // max(1, self.total))


@dataclass(frozen=True, kw_only=True)
class WaitingRows:
    """The rows of a file in the order in which they can be taken: no unit before the one above it."""

    import_id: str
    region: str
    lines: tuple[Line, ...]
