"""A county's organisation over HTTP: template, file, progress, rows kept aside, first passwords."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Response, request

from services.identity.handlers import importing, sheets
from services.identity.handlers.importing import MOST_BYTES
from services.identity.model.importing import OrganisationImport
from services.identity.schemas import importing as schemas
from services.identity.store import Stores
from shared.aggregate import Held
from shared.errors import Refused
from shared.web import answer, blueprint, cause, here, in_scope, needs, takes

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UPLOAD = {
    "type": "object",
    "required": ["file"],
    "properties": {"file": {"type": "string", "format": "binary"}},
}
bringing = blueprint("imports", "Files with a county's organisation")


@bringing.route("/imports", methods=["POST"])
@needs("sys_admin")
@takes("multipart/form-data", limit=MOST_BYTES)
@bringing.doc(requestBody={"content": {"multipart/form-data": {"schema": UPLOAD}}})
@bringing.response(202, schemas.ImportAnswer)
def bring_in() -> Any:
    """Take a file (`file`: XLSX, CSV or JSON) with units, people or both. The same file twice: 200."""
    file = request.files.get("file")
    if file is None:
        raise Refused("请选择文件", code="invalid_fields", fields={"file": ["请选择文件"]})
    taken = importing.take(here(Stores), file.stream.read(), file.filename or "", cause())
    return answer(taken.held, _shown(taken.held.state), 202 if taken.new else 200)


@bringing.route("/imports/template.xlsx")
@needs("sys_admin")
@bringing.response(200, content_type=XLSX)
def template() -> Any:
    """The table to fill in, with what may be written."""
    return _download(sheets.template(), "organisation-template.xlsx")


@bringing.route("/imports/<uuid:id>")
@needs("sys_admin")
@bringing.response(200, schemas.ImportAnswer)
def progress(id: Any) -> Any:
    """How far a file has come."""
    held = _mine(id)
    return answer(held, _shown(held.state))


@bringing.route("/imports/<uuid:id>/rejects.xlsx")
@needs("sys_admin")
@bringing.response(200, content_type=XLSX)
def rejects(id: Any) -> Any:
    """The rows that were not taken: their own columns, the row number, the reason."""
    held = _mine(id)
    return _download(sheets.rejects(held.state), f"rejects-{held.id[:8]}.xlsx")


@bringing.route("/imports/<uuid:id>/first-passwords", methods=["POST"])
@needs("sys_admin")
@bringing.arguments(schemas.FirstPasswordsRequest)
@bringing.response(200, schemas.FirstPasswordList)
def first_passwords(asked: dict[str, Any], id: Any) -> Any:
    """First passwords of people whom the file brought and who chose none yet; each call makes others."""
    state = _mine(id).state
    given, following = importing.first_passwords(here(Stores), state, asked["after"], asked["limit"], cause())
    return {"items": [asdict(one) for one in given], "next": following}


def _mine(id: Any) -> Held[OrganisationImport]:
    held = here(Stores).imports.load(str(id))
    in_scope(held.state.region)
    return held


def _download(data: bytes, name: str) -> Response:
    return Response(data, content_type=XLSX, headers={"Content-Disposition": f"attachment; filename={name}"})


def _shown(state: OrganisationImport) -> dict[str, Any]:
    plain = ("import_id", "state", "percent", "total", "added", "unchanged", "created_at", "finished_at")
    return {name: getattr(state, name) for name in plain} | {
        "rejected": len(state.rejects),
        "accounts": len(state.opened),
        "unread_sheets": list(state.unread_sheets),
        "rejects": f"/identity/imports/{state.import_id}/rejects.xlsx" if state.rejects else None,
    }
