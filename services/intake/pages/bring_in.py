"""Clerks bring files in; without script too."""

from __future__ import annotations

from typing import Any

from flask import make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from services.intake.handlers import answers, importing, mappings
from services.intake.handlers.importing import BRINGERS, MOST_BYTES
from services.intake.pages.base import pages
from services.intake.store import Stores
from shared.errors import Refused, UnsupportedType
from shared.web import caller, cause, here, needs, takes


@pages.get("/bring-in")
@needs(*BRINGERS)
def desk() -> ResponseReturnValue:
    """The form for a file, and how the newest imports stand."""
    return _desk()


@pages.post("/bring-in")
@needs(*BRINGERS)
@takes("multipart/form-data", limit=MOST_BYTES)
def bring_in() -> ResponseReturnValue:
    """Take a file, then show the desk again; what is wrong with it stands above the form."""
    file, why = request.files.get("file"), cause()
    try:
        if file is None or not file.filename:
            raise Refused("请选择文件")
        chosen = mappings.chosen(request.form.get("written", "") or request.form.get("mapping", ""))
        importing.take(here(Stores), file.stream.read(), file.filename, chosen, why)
    except (Refused, UnsupportedType) as wrong:
        return make_response(_desk(wrong.message), wrong.status)
    return redirect("/intake/bring-in", 303)


@pages.get("/bring-in/progress")
@needs(*BRINGERS)
def progress() -> ResponseReturnValue:
    """Only the table, for the page that looks again by itself."""
    return render_template("intake/bring_in_progress.html", **_imports())


def _desk(wrong: str = "") -> str:
    known = mappings.known().values()
    return render_template("intake/bring_in.html", known=known, wrong=wrong, **_imports())


def _imports() -> dict[str, Any]:
    found = [answers.of_import(held.state) for held in here(Stores).imports.listed(caller().region, 20)]
    return {"imports": found, "running": any(one["state"] == "running" for one in found)}
