"""What hangs on the wall, as pages that print: the public sheet 公示栏, duties and flow charts."""

from __future__ import annotations

import base64

import filetype
from flask import render_template

from services.identity.handlers import organisation
from services.identity.handlers.organisation import OnTheWall
from services.identity.model.posts import TITLES
from services.identity.pages.frame import views
from services.identity.rules.charts import charts
from services.identity.store import Stores
from shared.calendar import day_of
from shared.profile import profile
from shared.web import here, needs, site


@views.get("/units/<code>/sheet")
@needs()
def sheet(code: str) -> str:
    """The sheet of a unit as it stands today."""
    stores, today = here(Stores), day_of(site().clock())
    unit, card = organisation.card(stores, code)
    lines = organisation.wall(stores, code, today)
    return render_template(
        "identity/sheet.html",
        name=card.state.name_on(today, unit.state.name),
        day=today,
        lines=[(line, _picture(line), _titles(line)) for line in lines],
    )


@views.get("/charts")
@needs()
def hung_beside() -> str:
    """Duties and flow charts from the county file that is in force, to be printed and hung up."""
    county = profile()
    return render_template(
        "identity/charts.html", charts=charts(county), county=county.name, version=county.version_id
    )


def _picture(line: OnTheWall) -> str:
    photo = line.entry.photo if line.entry else b""
    return f"data:{filetype.guess_mime(photo)};base64,{base64.b64encode(photo).decode()}" if photo else ""


def _titles(line: OnTheWall) -> str:
    roles = profile().roles
    return "、".join(roles[post].title if post in roles else TITLES.get(post, post) for post in line.posts)
