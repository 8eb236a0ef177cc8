"""智能导诉: what somebody wants, the way to it, and the window where it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from services.intake.handlers import hall
from services.intake.model.guidance import Topic
from services.intake.model.window import SERVICES, Window
from services.intake.rules import guiding
from services.intake.rules.registering import EMERGENCY
from services.intake.store import Stores
from shared.profile import profile

FILE = Path(__file__).parent.parent / "guidance.yaml"
ASK = "没有听明白您要办什么，请到导办台问导办员，或换个说法"
KIOSK = "kiosk"  # the module of the profile
NEVER = "这里只讲怎么办，不预测结果"


@dataclass(frozen=True, kw_only=True)
class Guidance:
    """What somebody is told."""

    topic: Topic | None
    say: str
    emergency: str
    windows: tuple[Window, ...] = ()
    nearest: str = ""


@cache
def topics() -> Mapping[str, Topic]:
    """Everything the kiosk knows, by code. Raises ValueError for a topic with an unknown service."""
    data: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))["topics"]
    found = {code: _topic(code, given) for code, given in data.items()}
    if wrong := [code for code, topic in found.items() if set(topic.services) - SERVICES.keys()]:
        raise ValueError(f"topics with a service nobody offers: {wrong}")
    return found


def _topic(code: str, given: Mapping[str, Any]) -> Topic:
    lists: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in given.items()
    }
    return Topic(code=code, **lists)


def guide(all: Stores, unit: str, wish: str, category: str = "", topic: str = "") -> Guidance:
    """The way for a wish in words, a category, or a topic that was chosen. Raises NotFound for no kiosk."""
    hall.centre_with(KIOSK, unit)
    found = topics().get(topic) or _by_category(category) or guiding.meant(topics().values(), wish)
    emergency = EMERGENCY if guiding.urgent(wish) else ""
    if found is None:
        return Guidance(topic=None, say=ASK, emergency=emergency)
    here = [w for w in hall.windows(all, unit) if w.open and set(w.services) & set(found.services)]
    say = "、".join(f"{w.number}号窗口" for w in here)
    if here:
        return Guidance(topic=found, say=f"请到{say}", emergency=emergency, windows=tuple(here))
    return _elsewhere(all, unit, found, emergency)


def _elsewhere(all: Stores, unit: str, topic: Topic, emergency: str) -> Guidance:
    """Nobody is sent away: they are registered here and told the nearest place."""
    other = hall.nearest(all, hall.centre(unit)[1], topic.service)
    if other is None:
        return Guidance(topic=topic, say="请先在本窗口登记，由导办员指引", emergency=emergency)
    name = hall.centre(other.centre)[0]
    say = f"这里没有专门的窗口，可以先在这里登记；最近的是{name}{other.number}号窗口"
    return Guidance(topic=topic, say=say, emergency=emergency, windows=(other,), nearest=other.centre)


def _by_category(category: str) -> Topic | None:
    known = {one.code for one in profile().categories}
    return topics()[guiding.BY_CATEGORY.get(category, "mediation")] if category in known else None
