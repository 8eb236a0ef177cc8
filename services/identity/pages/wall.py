"""What hangs on the wall, as pages that print: the public sheet 公示栏, duties and flow charts."""

from __future__ import annotations

import base64

import filetype
from flask import render_template

from services.identity.handlers import organisation
from services.identity.handlers.organisation import OnTheWall
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


TITLES = {
    "director": "中心主任", "exec_deputy": "常务副主任", "deputy_fulltime": "专职副主任",
    "mediator": "调解员", "clerk": "受理员", "dispatcher": "调度员", "guide": "引导员",
    "grid_worker": "网格员", "unit_staff": "工作人员", "unit_head": "单位负责人", "verifier": "核查员",
    "village_secretary": "村党组织书记", "resident_cadre": "综治村干部", "leader": "领导",
    "petition_officer": "信访工作人员", "agent": "代办员",
}  # fmt: skip
