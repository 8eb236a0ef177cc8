"""Files of a case: attach, list, read; and the links by which a department fetches them."""

from __future__ import annotations

import base64
from typing import Any

from flask import Response, request

from services.intake.handlers import covering, scanning
from services.intake.handlers import files as handling
from services.intake.model.file import MOST_BYTES, Box, File
from services.intake.rules.covering import check_original
from services.intake.rules.files import Upload
from services.intake.rules.revealing import READERS
from services.intake.schemas.files import CoverBody, FileAnswer, FileList, LinkedFiles, LinkQuery
from services.intake.store import Stores
from shared.aggregate import Held
from shared.errors import Forbidden, NotFound, Refused
from shared.settings import settings
from shared.web import answer, blueprint, caller, cause, here, needs, public, site, takes, visitor

HARMLESS = "default-src 'none'; sandbox"  # whatever a browser takes it for, it does nothing
ROOM = 64 * 1024  # for what a form adds to a file
ADDERS = ("clerk", "dispatcher", "grid_worker", "mediator", "unit_staff", "petition_officer", "service")
UPLOAD = {
    "type": "object",
    "required": ["file"],
    "properties": {"file": {"type": "string", "format": "binary"}},
}
blp = blueprint("files", "Files of a case")


@blp.route("/registrations/<uuid:id>/files", methods=["POST"])
@needs(*ADDERS)
@takes("multipart/form-data", limit=MOST_BYTES + ROOM)
@blp.doc(requestBody={"content": {"multipart/form-data": {"schema": UPLOAD}}})
@blp.response(201, FileAnswer)
def attach(id: Any) -> Any:
    """Attach a file (`file`, up to 20 MB). The same content again: 200 with the same file."""
    file = request.files.get("file")
    if file is None:
        raise Refused("请选择文件", code="invalid_fields", fields={"file": ["请选择文件"]})
    upload = Upload(data=file.stream.read(), media_type=file.mimetype, name=file.filename or "")
    why = cause()  # reads the file once more, for its key
    file.close()
    made = handling.attach(here(Stores), str(id), upload, why, caller().roles, scanning.scanner())
    return answer(made.held, _shown(made.held), 201 if made.new else 200)


@blp.route("/registrations/<uuid:id>/files")
@needs(*READERS)
@blp.response(200, FileList)
def listed(id: Any) -> Any:
    """The files of a registration."""
    found = handling.of_registration(here(Stores), str(id), caller().actor, caller().roles)
    return {
        "items": [_shown(held) | {"id": held.id, "version": held.version} for held in found],
        "next": None,
    }


@blp.route("/registrations/<uuid:id>/files/<sha256>")
@needs(*READERS)
@blp.response(200, content_type="application/octet-stream")
def read(id: Any, sha256: str) -> Any:
    """The bytes of one file; reading is kept."""
    file = _one(str(id), sha256)
    check_original(file, caller().actor, caller().roles)
    return _bytes(file, handling.content(here(Stores), file, caller().actor, site().clock()))


@blp.route("/registrations/<uuid:id>/files/<sha256>/thumbnail")
@needs(*READERS)
@blp.response(200, content_type="image/jpeg")
def thumbnail(id: Any, sha256: str) -> Any:
    """A small picture of a photo, made by us."""
    file, who = _one(str(id), sha256), caller()
    data = covering.thumbnail(here(Stores), file, who.actor, site().clock(), who.roles)
    return Response(data, content_type="image/jpeg", headers={"Content-Security-Policy": HARMLESS})


@blp.route("/registrations/<uuid:id>/files/<sha256>/redactions", methods=["POST"])
@needs(*ADDERS, "director")
@blp.arguments(CoverBody)
@blp.response(201, FileAnswer)
def cover(boxes: tuple[Box, ...], id: Any, sha256: str) -> Any:
    """Burn boxes into a copy of a photo. Departments then get the copy; few may see the original."""
    file, why = _one(str(id), sha256), cause()
    copy = covering.cover(here(Stores), file, boxes, why, caller().roles)
    return answer(copy, _shown(copy), 201)


def _one(id: str, sha256: str) -> File:
    found = handling.of_registration(here(Stores), id, caller().actor, caller().roles)
    file = next((held.state for held in found if held.state.sha256 == sha256), None)
    if file is None:
        raise NotFound("没有找到这个文件", code="file_not_found")
    return file


@blp.route("/deliveries/<uuid:delivery_id>/files")
@needs("department", "service")
@blp.response(200, LinkedFiles)
def linked(delivery_id: Any) -> Any:
    """The files of a case that was handed to the department, each with a link for seven days.

    Of our own services routing may ask, for a unit without a system, whose desk shows them.
    """
    all, id, why = here(Stores), str(delivery_id), cause()
    if caller().kind == "service":
        if caller().ref != "routing":
            raise Forbidden("没有这个权限", code="role_missing")
        why = handling.on_behalf(all, id, why)
    found = handling.linked(all, id, why)
    base = settings().url("intake").removesuffix("/intake")
    return {"items": [_linked(one, base) for one in found]}


@blp.route("/files/<sha256>")
@public
@blp.arguments(LinkQuery, location="query")
@blp.response(200, content_type="application/octet-stream")
def fetch(query: dict[str, str], sha256: str) -> Any:
    """The bytes behind a department's link, as long as the case is with that department."""
    who = visitor()
    unit = who.unit if who else ""
    file, data = handling.by_link(here(Stores), sha256, query["link"], unit, site().clock())
    return _bytes(file, data)


def _shown(held: Held[File]) -> dict[str, Any]:
    name = here(Stores).sealer.open(held.state.name, owner=held.id, field="name")
    return vars(held.state) | {"name": name, "kind": held.state.kind}


def _linked(one: handling.Linked, base: str) -> dict[str, Any]:
    shown = vars(one.file) | {"kind": one.file.kind}
    return shown | {"address": base + one.address, "valid_until": one.valid_until}


def _bytes(file: File, data: bytes) -> Response:
    digest = base64.b64encode(bytes.fromhex(file.sha256)).decode()
    return Response(
        data,
        content_type=file.media_type,
        headers={
            "Content-Disposition": f"attachment; filename={file.sha256[:12]}.{file.kind}",
            "Content-Security-Policy": HARMLESS,
            "Repr-Digest": f"sha-256=:{digest}:",
        },
    )
