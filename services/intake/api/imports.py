"""Bringing in files of other systems: upload, progress, and the rows that were kept aside."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from services.intake import schemas
from services.intake.handlers import answers, importing, mappings
from services.intake.handlers.importing import BRINGERS, MOST_BYTES
from services.intake.rules.mapping import TARGETS
from services.intake.store import Stores
from shared.errors import Refused
from shared.web import answer, blueprint, caller, cause, here, in_scope, needs, record, takes

UPLOAD = {
    "type": "object",
    "required": ["file", "mapping"],
    "properties": {"file": {"type": "string", "format": "binary"}, "mapping": {"type": "string"}},
}
blp = blueprint("imports", "Imports of files from other systems")


@blp.route("/imports", methods=["POST"])
@needs(*BRINGERS)
@takes("multipart/form-data", limit=MOST_BYTES)
@blp.doc(requestBody={"content": {"multipart/form-data": {"schema": UPLOAD}}})
@blp.response(202, schemas.ImportAnswer)
def bring_in() -> Any:
    """Take a file (`file`) with a mapping (`mapping`: a name, or YAML or JSON). The same file twice: 200."""
    file = request.files.get("file")
    if file is None:
        raise Refused("请选择文件", code="invalid_fields", fields={"file": ["请选择文件"]})
    chosen, why = mappings.chosen(request.form.get("mapping", "")), cause()
    taken = importing.take(here(Stores), file.stream.read(), file.filename or "", chosen, why)
    return answer(taken.held, answers.of_import(taken.held.state), 202 if taken.new else 200)


@blp.route("/imports")
@needs(*BRINGERS)
@blp.response(200, schemas.ImportList)
def listed() -> Any:
    """The newest imports of the caller's region."""
    found = here(Stores).imports.listed(caller().region, 50)
    items = [answers.of_import(held.state) | {"id": held.id, "version": held.version} for held in found]
    return {"items": items, "next": None}


@blp.route("/imports/mappings")
@needs(*BRINGERS)
@blp.response(200, schemas.MappingList)
def known() -> Any:
    """The mappings that come with the product, and the fields that a mapping may fill."""
    items = [answers.of_mapping(mapping) for mapping in mappings.known().values()]
    return {"items": items, "next": None, "targets": TARGETS}


@blp.route("/imports/<uuid:id>")
@needs(*BRINGERS)
@blp.response(200, schemas.ImportAnswer)
def progress(id: Any) -> Any:
    """How far an import has come."""
    held = here(Stores).imports.load(str(id))
    in_scope(held.state.region)
    return answer(held, answers.of_import(held.state))


@blp.route("/imports/<uuid:id>/rejects.csv")
@needs(*BRINGERS)
@blp.response(200, content_type="text/csv")
def rejects(id: Any) -> Any:
    """The rows that were not registered: their own columns, the row number, the reasons; reading is kept."""
    held = here(Stores).imports.load(str(id))
    in_scope(held.state.region)
    record(here(Stores).audit, "import.rejects_read", f"import/{held.id}", purpose="handling")
    name = f"attachment; filename=rejects-{held.id[:8]}.csv"
    lines = "".join(importing.rejects(here(Stores), held.state))
    return Response(lines, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": name})
