"""The addresses of reporting; a browser gets pages at those that both have."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response

from services.reporting import pages, schemas
from services.reporting.handlers import reading
from services.reporting.handlers.naming import naming
from services.reporting.handlers.scope import COUNTERS, READERS, scope
from services.reporting.handlers.table import lines
from services.reporting.model import Row
from services.reporting.schemas import figures as answers
from services.reporting.store import SERVICE, Stores, stores
from shared.aggregate import Held
from shared.calendar import day_of
from shared.clock import Clock, now
from shared.place import place
from shared.web import blueprint, caller, for_people, here, make_app, needs, site

figures = blueprint("figures", "Exact counts, and hand-overs")
cases = blueprint("cases", "Cases, with what happened to each", also_pages=True)


@figures.route("/counts")
@needs(*COUNTERS)
@figures.arguments(schemas.CountQuery, location="query")
@figures.response(200, answers.Counts)
def count(asked: dict[str, Any]) -> Any:
    """How many cases there are by state, region, category, tier, day of registration or leading unit."""
    by = asked.pop("by")
    return reading.counts(here(Stores), by, scope(caller(), asked, counting=True))


@figures.route("/suggestions")
@needs(*READERS)
@figures.arguments(schemas.CaseFilter, location="query")
@figures.response(200, answers.Suggestions)
def suggestions(asked: dict[str, Any]) -> Any:
    """How often people took over what the software suggested, and what they chose instead."""
    return reading.suggestions(here(Stores), scope(caller(), asked, counting=True))


@figures.route("/latencies")
@needs(*READERS)
@figures.arguments(schemas.CaseFilter, location="query")
@figures.response(200, answers.Latencies)
def latencies(asked: dict[str, Any]) -> Any:
    """How long cases took from discovery over registration, assignment and acceptance to resolution."""
    return reading.latencies(here(Stores), scope(caller(), asked, counting=True))


@figures.route("/months")
@needs(*COUNTERS)
@figures.response(200, answers.Months)
def months() -> Any:
    """Figures of this month and the one before, for platforms that are told every month."""
    county = here(Stores).county.county6
    wanted = scope(caller(), {"region": county}, counting=True)
    return {"items": reading.months(here(Stores), wanted, day_of(site().clock())), "next": None}


@figures.route("/handovers")
@needs(*READERS)
@figures.arguments(schemas.HandoverQuery, location="query")
@figures.response(200, schemas.Hops)
def handovers(asked: dict[str, Any]) -> Any:
    """Who got which case when, whether it was received and accepted, and what came back."""
    unit, limit, after = asked.pop("unit"), asked.pop("limit"), place(asked.pop("after"))
    return reading.handovers(here(Stores), scope(caller(), asked), unit, limit, after)


@cases.route("/cases")
@needs(*READERS)
@cases.arguments(schemas.CaseQuery, location="query")
@cases.response(200, schemas.Rows)
def list_cases(asked: dict[str, Any]) -> Any:
    """Cases of the caller's region, the newest first."""
    limit, after = asked.pop("limit"), place(asked.pop("after"))
    found = reading.cases(here(Stores), scope(caller(), asked), limit, after)
    if for_people():
        return pages.case_list(found, asked)
    return {"items": [_row(held) for held in found.rows], "next": found.next}


@cases.route("/cases/export.csv")
@needs(*READERS)
@cases.arguments(schemas.CaseFilter, location="query")
@cases.response(200, {"type": "string"}, content_type="text/csv")
def export(asked: dict[str, Any]) -> Any:
    """All cases of a list as a table for a spreadsheet."""
    all = here(Stores)
    found = reading.every_case(all, scope(caller(), asked))
    headers = {"Content-Disposition": f'attachment; filename="cases-{day_of(site().clock()):%Y%m%d}.csv"'}
    table = lines(found, naming(all))
    return Response(table, content_type="text/csv; charset=utf-8", headers=headers)


@cases.route("/cases/<ref>")
@needs(*READERS)
@cases.response(200, schemas.FullRow)
def show_case(ref: str) -> Any:
    """One case by id or number: where it is, its clocks and hand-overs, and all that happened to it."""
    all = here(Stores)
    may_see = scope(caller(), {})
    held = reading.case(all, ref, may_see)
    petitions = reading.petitions(all, held.id, may_see)
    if for_people():
        return pages.case_file(held, petitions)
    told = reading.timeline(held, petitions, naming(all))
    return _row(held) | {"timeline": told, "petitions": reading.shown_petitions(petitions)}


def _row(held: Held[Row]) -> dict[str, Any]:
    return vars(held.state) | {"case_id": held.id}


def create_app(given: Stores | None = None, clock: Clock = now) -> Flask:
    """The web application of reporting."""
    return make_app(
        SERVICE,
        [figures, cases],
        pages=[pages.views],
        stores=given or stores(),
        title="一站 · 报表",
        clock=clock,
    )
