"""The part of a profile that says who there is: centre, posts, units, competence, categories, modules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from shared.profile.shape import Basis, Code, Positive, Region, Text, UnitId, Weekday


@dataclass(frozen=True, kw_only=True)
class Centre:
    """What the centres of this county are called and consist of."""

    name_template: Text
    short_name: Text
    kind: Code
    zones: tuple[Code, ...]
    window_kinds: tuple[Code, ...]
    basis: Basis


@dataclass(frozen=True, kw_only=True)
class Locale:
    """Script of the screens; search finds both scripts where folding is on."""

    script: Literal["simplified", "traditional"]
    fold_scripts: bool
    timezone: Literal["Asia/Shanghai"]
    basis: Basis


@dataclass(frozen=True, kw_only=True)
class Role:
    """A post and what it answers for."""

    title: Text
    duty: str = ""
    until: str = ""
    rota: tuple[Code, ...] = ()
    not_the_handler: bool = False
    village_fallback: str = ""
    held_by: tuple[Code, ...] = ()  # offices of which one goes with this post; none: anybody may hold it
    basis: Basis


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A body that can be given a case or help with one."""

    id: UnitId
    name: Text
    kind: Code
    region: Region
    contact: str = ""  # the unit's own duty telephone, for links and reminders; never a person's


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """Which cases a platform keeps a copy of; nothing named means every one. Protected ones never are."""

    matter_types: tuple[Code, ...] = ()
    channels: tuple[Code, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Department(Unit):
    """A unit with a mailbox of its own; `window` is how many asks may be waiting in it."""

    window: Positive
    types: tuple[Text, ...]
    adapter: bool
    reports: Subscription | None = None
    services: tuple[Code, ...] = ()  # what may be asked of it beside a case


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """The weekdays on which a rotating unit sits at the centre."""

    days: tuple[Weekday, ...]


@dataclass(frozen=True, kw_only=True)
class Residency:
    """How a unit is reachable at a centre. It never changes who is competent."""

    unit: UnitId
    centre: UnitId
    mode: Literal["resident", "rotating", "on_call"]
    windows: tuple[Positive, ...] = ()
    schedule: Schedule | None = None
    call_limit: str = ""
    categories: tuple[Code, ...] = ()
    basis: Basis


@dataclass(frozen=True, kw_only=True)
class Competence:
    """One row of the table who leads what; the first row that fits counts.

    `lead` and `co` may hold {village6} and {town3}, filled from the region of the case.
    """

    category: Text  # a code, or * for all
    tier: Text
    region: str = ""  # a prefix: this row only inside it
    lead: Text
    co: tuple[Text, ...] = ()
    reason: Text
    basis: Basis


@dataclass(frozen=True, kw_only=True)
class Category:
    """A kind of dispute or message."""

    code: Code
    name: Text
    aliases: tuple[Text, ...] = ()
    kind: Literal["dispute", "message"]
    mediable: bool


@dataclass(frozen=True, kw_only=True)
class Modules:
    """What the software offers, and which centres go without."""

    default: Mapping[str, bool]
    except_centres: Mapping[str, tuple[Code, ...]] = field(default_factory=dict)
    basis: Basis

    def on(self, module: str, centre: str = "") -> bool:
        """Whether a module is used at a centre."""
        return self.default.get(module, False) and module not in self.except_centres.get(centre, ())


@dataclass(frozen=True, kw_only=True)
class Adapter:
    """A connected system of somebody else."""

    id: Code
    system: Text
    direction: Literal["in", "out", "both"]
    enabled: bool
    format: str = ""
    basis: Basis
