"""What a centre of its tier should have: a village a dispute window, a township one for petitions besides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.intake.model.window import SERVICES, Window

VILLAGE = 12
WANTED = {"village": ("dispute",), "above": ("dispute", "petition")}
TOGETHER = ("filing", "arbitration")  # litigation and arbitration at one counter (SU-49)

OLD = timedelta(days=180)
REMIND = "公开的服务内容已超过180天没有核对，请核对窗口设置并重新保存"


def gaps(region: str, windows: Sequence[Window], now: datetime) -> list[str]:
    """Sentences about what is missing; nothing here stops anybody from being received."""
    tier = "village" if len(region) >= VILLAGE else "above"
    open_ones = [window for window in windows if window.open]
    offered = {service for window in open_ones for service in window.services}
    missing = [f"还没有{SERVICES[code]}窗口" for code in WANTED[tier] if code not in offered]
    apart = set(TOGETHER) <= offered and not any(set(TOGETHER) <= set(w.services) for w in open_ones)
    old = any(w.checked_at and now - w.checked_at > OLD for w in open_ones)
    return [
        *missing,
        *(["立案和仲裁事项不在同一个窗口"] if apart else []),
        *([REMIND] if old else []),
    ]
