"""The limits that a resident is told when the matter is registered, in a sentence each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from shared.calendar import DutyHours
from shared.limits import Limit

_DAYS = {"MON": "一", "TUE": "二", "WED": "三", "THU": "四", "FRI": "五", "SAT": "六", "SUN": "日"}

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


def office_hours(duty: DutyHours) -> str:
    """When a centre is open, as it hangs on the door: 周一至周五 08:30—17:30."""
    days = [_DAYS[day] for day in duty.days]
    said = f"周{days[0]}至周{days[-1]}" if len(days) > 2 else "、".join(f"周{day}" for day in days)
    return f"{said} {_clock(duty.start)}—{_clock(duty.end)}"


def _clock(since_midnight: timedelta) -> str:
    hours, minutes = divmod(int(since_midnight.total_seconds()) // 60, 60)
    return f"{hours:02d}:{minutes:02d}"


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
