"""Addresses of the map: bringing it in, giving it out, finding where a code lies."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from services.grid import schemas
from services.grid.handlers import answers, finding, importing
from services.grid.handlers.importing import GRID_COLUMNS, GRIDS, REGION_COLUMNS, REGIONS
from services.grid.model import Level
from services.grid.store import Stores, Under
from shared.errors import Refused
from shared.web import answer, blueprint, caller, cause, here, in_scope, needs, takes

KEEPERS = ("sys_admin", "dispatcher")
MOST_BYTES = 2 * 1024 * 1024
MOST_EXPORTED = 50_000
UPLOAD = {
    "type": "object",
    "required": ["file"],
    "properties": {"file": {"type": "string", "format": "binary"}},
}
BODY = {"content": {"multipart/form-data": {"schema": UPLOAD}}}
blp = blueprint("regions", "The map: regions, grids, and where a code lies")


@blp.route("/regions/import", methods=["POST"])
@needs(*KEEPERS)
@takes("multipart/form-data", limit=MOST_BYTES)
@blp.doc(requestBody=BODY)
@blp.response(200, schemas.ImportedAnswer)
def import_regions() -> Any:
    """Take a divisions file: good rows are kept once, bad ones come back with line and reason."""
    return _brought_in(REGIONS)


@blp.route("/grids/import", methods=["POST"])
@needs(*KEEPERS)
@takes("multipart/form-data", limit=MOST_BYTES)
@blp.doc(requestBody=BODY)
@blp.response(200, schemas.ImportedAnswer)
def import_grids() -> Any:
    """Take a file of grids with their totals; their villages must be known."""
    return _brought_in(GRIDS)


def _brought_in(levels: tuple[Level, ...]) -> Any:
    file = request.files.get("file")
    if file is None:
        raise Refused("请选择文件", code="invalid_fields", fields={"file": ["请选择文件"]})
    data, sees = file.stream.read(), caller().sees
    return answers.imported(importing.bring_in(here(Stores), data, levels, cause(), sees))


@blp.route("/regions")
@needs()
@blp.arguments(schemas.RegionQuery, location="query")
@blp.response(200, schemas.RegionList)
def regions(query: dict[str, Any]) -> Any:
    """Counties, townships and villages inside `under`, by default in the caller's region."""
    return _listed(query, query.get("under"), REGIONS)


@blp.route("/grids")
@needs()
@blp.arguments(schemas.GridQuery, location="query")
@blp.response(200, schemas.RegionList)
def grids(query: dict[str, Any]) -> Any:
    """Grids of a village with their totals, by default in the caller's region."""
    return _listed(query, query.get("village"), GRIDS)


def _listed(query: dict[str, Any], inside: str | None, levels: tuple[Level, ...]) -> Any:
    wanted = Under(
        code=inside or caller().region,
        levels=levels,
        after=query["after"],
        closed=query.get("closed", False),
    )
    return answers.regions(here(Stores).regions.under(wanted, query["limit"] + 1), query["limit"])


@blp.route("/regions.csv")
@needs(*KEEPERS)
@blp.response(200, content_type="text/csv")
def export_regions() -> Any:
    """The regions of the caller as a file that could be brought in again."""
    return _file("regions.csv", REGIONS, REGION_COLUMNS)


@blp.route("/grids.csv")
@needs(*KEEPERS)
@blp.response(200, content_type="text/csv")
def export_grids() -> Any:
    """The grids of the caller as a file that could be brought in again."""
    return _file("grids.csv", GRIDS, GRID_COLUMNS)


def _file(name: str, levels: tuple[Level, ...], columns: tuple[str, ...]) -> Response:
    found = here(Stores).regions.under(Under(code=caller().region, levels=levels), MOST_EXPORTED)
    lines = importing.written((held.state for held in found), columns)
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return Response(lines, content_type="text/csv; charset=utf-8", headers=headers)


@blp.route("/regions/<code>/close", methods=["POST"])
@needs(*KEEPERS)
@blp.arguments(schemas.CloseBody)
@blp.response(200, schemas.RegionAnswer)
def close(body: dict[str, Any], code: str) -> Any:
    """End a region: closed, merged into one, or split among several. Its code stays readable."""
    in_scope(code)
    held = importing.close(here(Stores), code, tuple(body["into"]), cause())
    return answer(held, answers.region(held.state))


@blp.route("/locate")
@needs()
@blp.arguments(schemas.LocateQuery, location="query")
@blp.response(200, schemas.LocatedAnswer)
def locate(query: dict[str, str]) -> Any:
    """The grid, village, township and county that a code lies in."""
    return answers.located(finding.located(here(Stores), query["region"]))
