"""The resident's own question: how the matter stands, with the code from the receipt."""

from __future__ import annotations

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from services.intake.handlers import vault
from services.intake.pages.base import pages
from services.intake.store import Stores
from shared.errors import NotFound, TooMany
from shared.web import here, public, site


@pages.get("/query")
@public
def form() -> ResponseReturnValue:
    """The empty form."""
    return render_template("intake/query.html", code=request.args.get("code", ""))


@pages.post("/query/form")
@public
def ask() -> ResponseReturnValue:
    """The form again, with how the matter stands or with what is wrong."""
    code, end = request.form.get("query_code", ""), request.form.get("phone_tail", "")
    try:
        found = vault.ask_standing(here(Stores), code, end, request.remote_addr or "", site().clock())
    except (NotFound, TooMany) as wrong:
        page = render_template("intake/query.html", code=code, wrong=wrong.message)
        return make_response(page, wrong.status)
    return render_template("intake/query.html", code=code, found=found)
