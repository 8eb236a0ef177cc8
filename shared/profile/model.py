"""A county as data: everything that differs from county to county, in one frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Annotated, Literal

from marshmallow import validate

from shared.calendar import Calendar
from shared.profile.bases import Document
from shared.profile.organisation import (
    Adapter,
    Category,
    Centre,
    Competence,
    Department,
    Locale,
    Modules,
    Residency,
    Role,
    Unit,
)
from shared.profile.reports import Kpi, Meeting, Report, Screening
from shared.profile.security import Security
from shared.profile.shape import OUTSIDE, Basis, Code, Positive, Text
from shared.profile.tiers import (
    Attempt,
    CrossRegion,
    Ladder,
    RiskNotice,
    Sponsorship,
    Supervision,
    Whistle,
)
from shared.profile.times import ClockLimit, Duty, Extension, OfficeHours, Pause, Suspend, Threshold
from shared.profile.words import Keyword, Lexicon, Triage
from shared.profile.work import (
    Aid,
    Callback,
    Checklist,
    Mediation,
    NotAccept,
    Online,
    Petition,
    Retention,
    Returns,
    Reveals,
    Rooms,
    Route,
)

Name = Annotated[str, validate.Regexp(r"^[a-z0-9][a-z0-9-]{0,62}$", error="名称只用小写字母、数字和连字符")]
SOURCE_DOMAINS = {
    "public_safety": "公共安全",
    "petition": "群众信访",
    "enforcement": "综合执法",
    "emergency": "应急管理",
    "online_opinion": "网络舆情",
}
"""From which field of work a matter comes; a county may name others."""
County = Annotated[str, validate.Regexp(r"^\d{6}$", error="县级地区码是带引号的6位数字")]


@dataclass(frozen=True, kw_only=True, eq=False)
class Profile:
    """One version of one county's settings. Two loads are two values: compare `version_id`."""

    id: Name = field(metadata={"key": "profile"})
    version: Positive
    effective: date
    county6: County
    name: Text
    basis: Basis
    documents: tuple[Document, ...]
    centre: Centre
    locale: Locale
    labels: Mapping[str, str]
    source_domains: Mapping[Code, Text] = field(default_factory=lambda: dict(SOURCE_DOMAINS))
    tiers: tuple[Code, ...]
    tier_names: Mapping[str, str]
    tier_region_digits: Mapping[str, int]
    roles: Mapping[str, Role]
    ladder: Ladder
    cross_region: CrossRegion
    class_clock_starts: Literal["assigned", "accepted"] = "assigned"
    limits: Mapping[str, ClockLimit] = field(metadata={"key": "sla"})
    thresholds: tuple[Threshold, ...]
    threshold_overrides: Mapping[str, tuple[Threshold, ...]] = field(default_factory=dict)
    duty_hours: OfficeHours
    duty: Duty
    pause: Pause
    extension: Extension
    suspend: Suspend
    returns: Returns
    not_accept: NotAccept
    referral_routes: tuple[Route, ...]
    residency: tuple[Residency, ...]
    kpi: Kpi
    whistle: Whistle
    supervision: Supervision
    sponsorship: Sponsorship
    callback: Callback
    attempt: Attempt
    risk_notice: RiskNotice
    mediation: Mediation
    petition: Petition
    aid: Aid
    checklists: tuple[Checklist, ...] = ()
    rooms: Rooms
    retention: Retention
    reveals: Reveals = field(default_factory=Reveals)
    online: Online = field(default_factory=Online)
    reports: tuple[Report, ...]
    meetings: tuple[Meeting, ...]
    screening: Screening
    triage: Triage
    lexicon_file: Text = field(metadata={"key": "lexicon"})
    lexicon: Lexicon = field(default=Lexicon(version=1), metadata=OUTSIDE)
    modules: Modules
    security: Security = field(default_factory=Security)
    adapters: tuple[Adapter, ...]
    departments: tuple[Department, ...]
    units: tuple[Unit, ...]
    competence: tuple[Competence, ...]
    categories: tuple[Category, ...]

    @property
    def version_id(self) -> str:
        """What a case remembers of the settings it began under: `xx-county@1`."""
        return f"{self.id}@{self.version}"

    @property
    def keywords(self) -> tuple[Keyword, ...]:
        """The words that speak for a category."""
        return self.lexicon.every

    @cached_property
    def calendar(self) -> Calendar:
        """Working days of the country with the office hours of this county."""
        return Calendar(duty=self.duty_hours)

    @cached_property
    def all_units(self) -> Mapping[str, Unit]:
        """Departments and other units by their id."""
        return {unit.id: unit for unit in (*self.departments, *self.units)}

    def category(self, code: str) -> Category | None:
        """The category with this code, if the county has it."""
        return next((category for category in self.categories if category.code == code), None)

    def thresholds_for(self, kind: str) -> tuple[Threshold, ...]:
        """Who hears of a kind of clock, mark by mark: its own rows stand in for the general ones."""
        rows = {row.pct: row for row in (*self.thresholds, *self.threshold_overrides.get(kind, ()))}
        return tuple(rows[pct] for pct in sorted(rows))

    def threshold(self, kind: str, pct: int) -> Threshold | None:
        """Who hears of a clock at a mark: the highest row that the mark has reached."""
        passed = [row for row in self.thresholds_for(kind) if row.pct <= pct]
        return passed[-1] if passed else None
