"""What hangs beside the sheet: who answers for what, the way of a matter, the way up; by the county file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from shared.limits import Limit
from shared.profile import Profile

WAY = (
    ("登记受理", ()),
    ("分类", ("triage",)),
    ("交办", ("assign",)),
    ("接件", ("pickup",)),
    ("办理或调解", ("simple", "general", "complex", "difficult")),
    ("回访", ("callback",)),
    ("核查", ("verify",)),
    ("办结归档", ("close",)),
)
CLASSES = {"simple": "简单", "general": "一般", "complex": "复杂", "difficult": "疑难"}
UNITS = {"duty_hours": "值班", "working_days": "工作日", "calendar_days": "天", "minutes": ""}
WHY_UP = {
    "attempts": "调解轮次已满", "failed": "调解不成", "dissatisfied": "当事人不服", "deadline": "到期未结",
    "beyond_competence": "超出事权", "beyond_capacity": "力量不够", "complex_major": "重大复杂",
    "cross_region": "跨区域", "safety": "有安全风险", "mass": "群体性", "mediation_declined": "不愿调解",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Box:
    """One box of a chart, and what is written under it."""

    title: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Charts:
    """Everything that hangs there."""

    principles: tuple[str, ...]
    duties: tuple[Box, ...]
    way: tuple[Box, ...]
    up: tuple[Box, ...]


def charts(county: Profile) -> Charts:
    """The charts of a county."""
    said = county.labels.get("principles", "")
    return Charts(
        principles=tuple(word for word in said.split("、") if word),
        duties=tuple(
            Box(title=role.title, notes=(role.duty, role.basis))
            for role in county.roles.values()
            if role.duty
        ),
        way=tuple(Box(title=title, notes=_limits(county.limits, kinds)) for title, kinds in WAY),
        up=tuple(_tier(county, tier) for tier in county.tiers),
    )


def _limits(limits: Mapping[str, Limit], kinds: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(
        f"{CLASSES.get(kind, '')}{'：' if kind in CLASSES else ''}{in_words(limits[kind])}"
        for kind in kinds
        if kind in limits
    )


def in_words(limit: Limit) -> str:
    """A limit as people say it."""
    if not limit.length:
        return "当日"
    if limit.length % timedelta(days=1) == timedelta():
        return f"{limit.length.days} {UNITS[limit.unit] if limit.unit != 'minutes' else '天'}"
    hours, rest = divmod(limit.length, timedelta(hours=1))
    length = f"{hours} 小时" if hours and not rest else f"{limit.length // timedelta(minutes=1)} 分钟"
    return f"{UNITS[limit.unit]} {length}".strip()


def _tier(county: Profile, tier: str) -> Box:
    step = county.ladder.step(tier)
    why = tuple(WHY_UP.get(reason, reason) for reason in step.trigger) if step else ()
    return Box(title=county.tier_names.get(tier, tier), notes=(f"上报：{'、'.join(why)}",) if why else ())
