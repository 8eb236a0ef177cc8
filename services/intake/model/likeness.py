"""What is kept so that the same matter is found again: sketches without a word, and groups of matters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

MassState = Literal["none", "proposed", "confirmed", "declined"]


@dataclass(frozen=True, kw_only=True)
class Sketch:
    """What is kept of a text. Every number is keyed; none says anything to who has not the key."""

    title: tuple[int, ...]  # pieces with a name in them, or something else of its own
    trouble: tuple[int, ...]  # pieces of words for everybody's troubles
    body: tuple[int, ...]
    size: int  # how many different pieces the text had
    whole: int | None  # of the whole text without its signs
    pairs: tuple[int, ...]
    names: tuple[int, ...]
    titled: bool = True  # whether somebody gave it a title; else its first words stand for one

    @property
    def keys(self) -> tuple[int, ...]:
        """Everything it is looked up by, the surest first."""
        whole = () if self.whole is None else (self.whole,)
        return tuple(dict.fromkeys((*whole, *self.pairs, *self.names)))


@dataclass(frozen=True, kw_only=True)
class Sketched:
    """A sketch with the codes and times of its registration."""

    reg_id: str
    case_id: str
    case_no: str
    region: str
    category: str | None
    protected: bool
    at: datetime
    group: str
    scheme: str  # under which key and in which way it was made
    sketch: Sketch


@dataclass(frozen=True, kw_only=True)
class Group:
    """Registrations that look like one matter. Nobody merged anything by this; a person decides that."""

    group_id: str
    region: str
    reg_id: str  # the first of them
    case_id: str
    case_no: str
    began_at: datetime
    grown_at: datetime
    members: int = 0
    reporters: int = 0
    people: tuple[str, ...] = ()  # marks that mean something in this group alone
    protected: bool = False
    mass: MassState = "none"
    asked_at: int = 0  # at how many reporters a person was last asked about a crowd
    decided_at: datetime | None = None
