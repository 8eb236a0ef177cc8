"""The part of a profile about figures, reports, meetings and screening rounds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from shared.profile.shape import Basis, Code, Positive, Share, Text, Weekday


@dataclass(frozen=True, kw_only=True)
class Target:
    """An indicator and what the county aims at; a description, never a ranking of people."""

    id: Text
    name: Text
    code: str = ""
    min: float | None = None
    max: float | None = None
    warn: float | None = None
    baseline: float | None = None
    basis: Basis


@dataclass(frozen=True, kw_only=True)
class Kpi:
    """The indicators' settings."""

    targets: tuple[Target, ...] = ()
    screening_grace: timedelta
    handling_within: timedelta
    relapse_within: timedelta
    min_cell: Positive
    basis: Basis


@dataclass(frozen=True, kw_only=True)
class ReportDue:
    """When a report is due: on a day, or on the last working day before one."""

    month: Positive | None = None
    day: Positive | None = None
    before_day: Positive | None = None
    days: tuple[Positive, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Report:
    """A package of tables that is due regularly."""

    kind: Code
    period: Code
    due: ReportDue
    roll: Literal["previous_working_day", "next_working_day"] | None = None
    tables: tuple[Text, ...]
    issuer: str = ""
    basis: Basis


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """A series of meetings."""

    series: Code
    tier: Code
    dow: Weekday | None = None
    day: Positive | None = None
    every: timedelta | None = None
    part: Literal["AM", "PM"] | None = None
    chair: str = ""
    mode: tuple[Code, ...] = ()
    agenda: tuple[Code, ...] = ()
    required_groups: tuple[Code, ...] = ()
    basis: Basis


@dataclass(frozen=True, kw_only=True)
class ScreeningPlan:
    """A round of visits that repeats."""

    name: Text
    every: timedelta
    level: Code
    forces: tuple[Code, ...]
    nil_report: bool
    basis: Basis


@dataclass(frozen=True, kw_only=True)
class Signal:
    """When "more than usual" is said about a place; people decide what it means."""

    base_weeks: Positive
    tail: Share
    min_n: Positive
    basis: Basis


@dataclass(frozen=True, kw_only=True)
class Screening:
    """Looking for disputes before they are brought."""

    plans: tuple[ScreeningPlan, ...] = ()
    finding_kinds: tuple[Code, ...]
    finding_limit: str = ""
    signal: Signal
    basis: Basis
