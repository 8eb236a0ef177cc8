"""The screens of reporting: the command room, the list of cases, and one case's way through the services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request

from services.reporting.handlers import board as command_room
from services.reporting.handlers import reading
from services.reporting.handlers.naming import naming, spoken
from services.reporting.handlers.scope import READERS, scope
from services.reporting.model import PetitionRow, Row, words
from services.reporting.store import Stores
from shared.aggregate import Held
from shared.clock import local
from shared.web import caller, here, needs, site

views = Blueprint(
    "reporting_pages",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/assets",
)


@views.get("/board")
@needs(*READERS)
def board() -> str:
    """The command room 指挥室; its figures renew themselves every two seconds."""
    return render_template("reporting/board.html", board=_board(), hops=words.HOPS)


@views.get("/board/live")
@needs(*READERS)
def board_live() -> str:
    """The figures alone."""
    return render_template("reporting/_board.html", board=_board(), hops=words.HOPS)


def _board() -> command_room.Board:
    wanted = scope(caller(), {"region": request.args.get("region", ""), "open": True})
    return command_room.board(here(Stores), wanted, site().clock())


def case_list(found: reading.Page, asked: Mapping[str, Any]) -> Response:
    """The list of cases with its filters."""
    county = here(Stores).county
    page = render_template(
        "reporting/cases.html",
        rows=found.rows,
        next=found.next,
        asked={name: "" if value is None else value for name, value in asked.items()},
        kept=_kept(asked),
        names=naming(here(Stores)),
        states=words.STATES,
        categories=county.categories,
        tiers=county.tier_names,
        units=county.all_units,
    )
    return make_response(page)


def _kept(asked: Mapping[str, Any]) -> dict[str, str]:
    """The filters as a query, without those that are not set."""
    return {name: str(value).lower() for name, value in asked.items() if value not in ("", None, False)}


def case_file(held: Held[Row], petitions: Sequence[Held[PetitionRow]]) -> Response:
    """One case: where it is, its clocks, its hand-overs, its petitions, and the timeline of them all."""
    names = naming(here(Stores))
    page = render_template(
        "reporting/case.html",
        id=held.id,
        row=held.state,
        names=names,
        told=reading.timeline(held, petitions, names),
        petitions=reading.shown_petitions(petitions),
        words=words,
        now=site().clock(),
    )
    return make_response(page)


@views.app_template_filter("left")
def left(seconds: int) -> str:
    """How long is left, or how long it is too late, as people say it."""
    minutes = abs(seconds) // 60
    days, hours = minutes // 1440, minutes % 1440 // 60
    if days:
        return f"{days}天{hours}小时"
    return f"{hours}小时{minutes % 60}分" if hours else f"{minutes}分"


@views.app_template_filter("due_time")
def due_time(at: datetime | None) -> str:
    """When something ends."""
    return spoken(at) if at else ""


@views.app_template_filter("clock_time")
def clock_time(at: datetime | None) -> str:
    """Hour and minute, with the day when it is not today."""
    if at is None:
        return ""
    same_day = local(at).date() == local(site().clock()).date()
    return f"{local(at):%H:%M}" if same_day else f"{local(at):%m-%d %H:%M}"
