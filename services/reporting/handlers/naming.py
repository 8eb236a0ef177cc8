"""From codes to words: units and categories as the county's profile calls them, the rest by word tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from services.reporting.model import Entry, words
from services.reporting.rules.sentences import sentence
from services.reporting.store import Stores
from shared.calendar import day_of, last_day, midnight
from shared.clock import local
from shared.profile import Profile

UNSAID = "未公开或未分类"
NOBODY = "尚未交办"
YES, NO = "是", "否"

_TABLES: Mapping[str, Mapping[str, str]] = {
    "state": words.STATES,
    "complexity": words.COMPLEXITIES,
    "matter_type": words.MATTER_TYPES,
    "channel": words.CHANNELS,
    "outcome": words.OUTCOMES | words.SITTINGS,
    "route": words.ROUTES,
    "reason": words.REASONS,
    "trigger": words.REASONS,
    "form": words.FORMS,
    "willingness": words.WILLINGNESS,
    "mode": words.MODES | words.RESIDENCIES,
    "link": words.LINKS,
    "liveness": words.LIVENESS,
    "step": words.STEPS,
    "what": words.DEPARTMENT_CHANGES,
    "purpose": words.PURPOSES,
    "flag": words.FLAGS,
    "legal_type": words.PETITIONS,
    "result": words.SITTINGS | words.OPINIONS | words.SERVED,
    "service": words.ASKED,
    "reached": {"true": "已联系上", "false": "没有联系上"},
    "accepted": {"true": "", "false": "不予"},
}
_UNITS = (
    "lead_unit", "co_units", "unit", "units", "from_unit", "to_unit", "court_unit", "department",
    "organisation", "recipient_unit", "centre",
)  # fmt: skip
_PARTS = ("kept", "changed")
_TIERS = ("tier", "from_tier", "to_tier", "resolved_tier")


@dataclass(frozen=True, kw_only=True)
class Naming:
    """The words of one county."""

    county: Profile
    regions: Mapping[str, str]

    def word(self, name: str, value: str) -> str:
        """The word for the value of a code; what no table knows stays as it is."""
        if name in _UNITS:
            return "、".join(self.unit(each) for each in value.split(","))
        if name in _PARTS:
            return "、".join(words.PARTS.get(each, each) for each in value.split(","))
        if name in _TIERS:
            return self.county.tier_names.get(value, value)
        special: dict[str, Callable[[str], str]] = {
            "category": self.category,
            "kind": self.clock,
            "clock_kind": self.clock,
            "region": self.region,
        }
        if name in special:
            return special[name](value)
        return _TABLES.get(name, {}).get(value, _plain(value))

    def unit(self, id: str) -> str:
        """A unit's name."""
        known = self.county.all_units.get(id)
        return known.name if known else id

    def category(self, code: str | None) -> str:
        """A category's name."""
        known = self.county.category(code or "")
        return known.name if known else code or UNSAID

    def clock(self, kind: str) -> str:
        """What a clock is for; also what a supervision is called, whose kinds are other words."""
        return words.CLOCKS.get(kind) or words.SUPERVISIONS.get(kind, kind)

    def region(self, code: str) -> str:
        """A region's name."""
        known = self.regions.get(code)
        return known or (self.county.name if code == self.county.county6 else code)

    def post(self, entry: Entry) -> str:
        """Who acted: the post as the county calls it."""
        role = self.county.roles.get(entry.role)
        return role.title if role else words.POSTS.get(entry.role, entry.role)

    def basis(self, entry: Entry) -> str:
        """The rule that the county's profile names for what happened, where it names one."""
        kind = entry.codes.get("clock_kind") or entry.codes.get("kind", "")
        limit = self.county.limits.get(kind) if entry.name.startswith(("sla.", "supervision.")) else None
        return str(limit.basis) if limit else ""

    def sentence(self, entry: Entry) -> str:
        """What happened, in words."""
        return sentence(entry, self.word)

    def counted(self, by: str, value: str) -> str:
        """The name of one value that cases are counted by."""
        if by == "department":
            return self.unit(value) if value else NOBODY
        return self.category(value) if by == "category" else self.word(by, value) or UNSAID


def naming(all: Stores, region: str = "") -> Naming:
    """The words for what lies in a region."""
    return Naming(county=all.county, regions=all.names.under(region or all.county.county6))


def _plain(value: str) -> str:
    """An instant as the wall clock shows it, a yes or no, or the value itself."""
    if value in ("true", "false"):
        return YES if value == "true" else NO
    if "T" not in value or not value.endswith("Z"):
        return value
    try:
        return spoken(datetime.fromisoformat(value))
    except ValueError:
        return value


def spoken(at: datetime) -> str:
    """An instant as people say it: what ends at midnight ends at 24:00 of its last day."""
    if at == midnight(day_of(at)):
        return f"{last_day(at):%m月%d日}24:00"
    return f"{local(at):%m月%d日%H:%M}"
