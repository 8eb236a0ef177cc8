"""The guide kiosk over HTTP: public, says how and where, never how it will end."""

from __future__ import annotations

from typing import Any

from services.intake.handlers import guiding
from services.intake.handlers.guiding import NEVER, Guidance
from services.intake.schemas.guidance import GuidanceAnswer, GuidanceBody, TopicList
from services.intake.store import Stores
from shared.web import blueprint, here, public

blp = blueprint("guidance", "The guide kiosk 智能导诉")


@blp.route("/guidance", methods=["POST"])
@public
@blp.arguments(GuidanceBody)
@blp.response(200, GuidanceAnswer)
def guide(body: dict[str, str]) -> Any:
    """The way to what somebody wants; what is not understood is for a person to answer, not for a guess."""
    chosen = body.get("category", ""), body.get("topic", "")
    found = guiding.guide(here(Stores), body["centre"], body["wish"], *chosen)
    return shown(found)


@blp.route("/guidance/topics")
@public
@blp.response(200, TopicList)
def topics() -> Any:
    """Everything that can be chosen."""
    items = [{"code": topic.code, "title": topic.title} for topic in guiding.topics().values()]
    return {"items": items, "next": None}


def shown(found: Guidance) -> dict[str, Any]:
    """Guidance as it is read."""
    topic = found.topic
    return {
        "understood": topic is not None,
        "topic": topic.code if topic else None,
        "title": topic.title if topic else None,
        "say": found.say,
        "emergency": found.emergency,
        "steps": topic.steps if topic else (),
        "papers": topic.papers if topic else (),
        "routes": topic.routes if topic else (),
        "rights": topic.rights if topic else (),
        "basis": topic.basis if topic else "",
        "windows": [vars(window) for window in found.windows],
        "nearest": found.nearest,
        "never": NEVER,
    }
