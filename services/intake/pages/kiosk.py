"""The guide kiosk 智能导诉: large buttons, plain words, and a person to ask when it does not understand."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from services.intake.handlers import guiding, hall
from services.intake.model.window import SERVICES
from services.intake.pages.base import pages
from services.intake.store import Stores
from shared.web import here, public, site

LONGEST = 500


@pages.get("/kiosk/<unit>")
@public
def kiosk(unit: str) -> ResponseReturnValue:
    """What can be chosen, or the way to what was."""
    return _page(unit, "", request.args.get("topic", ""))


@pages.post("/kiosk/<unit>")
@public
def wished(unit: str) -> ResponseReturnValue:
    """The way to a wish in words; they stay out of the address, where they would be kept in logs."""
    return _page(unit, request.form.get("wish", "")[:LONGEST], "")


def _page(unit: str, wish: str, topic: str) -> str:
    name = hall.centre_with(guiding.KIOSK, unit)[0]
    asked = bool(wish.strip() or topic)
    found = guiding.guide(here(Stores), unit, wish, "", topic) if asked else None
    return render_template(
        "intake/kiosk.html",
        unit=unit,
        centre=name,
        topics=guiding.topics().values(),
        found=found,
        wish=wish,
        never=guiding.NEVER,
    )


@pages.get("/centre/<unit>")
@public
def about(unit: str) -> ResponseReturnValue:
    """What a centre does, how, when it is open, and who leads today (IN-30)."""
    all, now = here(Stores), site().clock()
    return render_template(
        "intake/centre.html",
        unit=unit,
        about=hall.about(all, unit, now),
        services=SERVICES,
        topics=guiding.topics().values(),
    )
