"""The limits that a resident is told when the matter is registered, in a sentence each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from shared.limits import Limit

TOLD = {
    "triage": "登记后{within}内分清类别",
    "assign": "分清类别后{within}内交给承办单位",
    "pickup": "承办单位接到后{within}内接件",
    "resident": "最迟{within}内给您答复，转办、退回都不重新起算",
}


def promises(limits: Mapping[str, Limit]) -> tuple[str, ...]:
    """The sentences for those limits that the county has."""
    return tuple(
        sentence.format(within=within(limits[kind])) for kind, sentence in TOLD.items() if kind in limits
    )


def within(limit: Limit) -> str:
    """A length as people say it: 2小时（工作时间）, 3个工作日, 30天."""
    if limit.unit == "working_days":
        return f"{limit.length.days}个工作日" if limit.length else "当个工作日"
    if limit.unit == "calendar_days":
        return f"{limit.length.days}天"
    return spoken(limit.length) + ("（工作时间）" if limit.unit == "duty_hours" else "")


def spoken(length: timedelta) -> str:
    """Hours and minutes in words."""
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    return (f"{hours}小时" if hours else "") + (f"{minutes}分钟" if minutes or not hours else "")
