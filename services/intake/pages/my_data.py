"""The page where residents ask about their own data, and take the copy; without script too."""

from __future__ import annotations

from typing import Any

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from services.intake.handlers import privacy
from services.intake.model.privacy import KINDS
from services.intake.model.words import FIELDS, PERSONAL
from services.intake.pages.base import pages
from services.intake.rules.privacy import RESIDENT, AskPrivacy
from services.intake.store import Stores
from shared import ids
from shared.decision import Actor, Cause
from shared.errors import Problem, Refused
from shared.web import here, public, site


@pages.get("/my-data")
@public
def my_data() -> ResponseReturnValue:
    """The empty forms."""
    return _page(code=request.args.get("code", ""))


@pages.post("/my-data/form")
@public
def ask_about_my_data() -> ResponseReturnValue:
    """Take the request; say until when it is answered, or what is wrong."""
    given, source = request.form, request.remote_addr or ""
    try:
        asked = _asked()
        held = privacy.ask_online(
            here(Stores), given.get("query_code", ""), given.get("phone_tail", ""), asked, source, _resident()
        )
    except Problem as wrong:
        return _wrong(wrong)
    return _page(taken=held.state, kind=KINDS[held.state.kind])


@pages.post("/my-data/copy")
@public
def take_my_copy() -> ResponseReturnValue:
    """The copy in words."""
    given, source = request.form, request.remote_addr or ""
    try:
        copy = privacy.collect(
            here(Stores), given.get("request_id", "").strip(), given.get("query_code", ""),
            given.get("phone_tail", ""), source, _resident(),
        )  # fmt: skip
    except Problem as wrong:
        return _wrong(wrong)
    return _page(copy=copy)


def _asked() -> AskPrivacy:
    given, kind = request.form, request.form.get("kind", "")
    if kind not in KINDS:
        raise Refused("请选择要申请什么")
    texts = {name: given.get(name, "")[:most] for name, most in (("value", 200), ("words", 2_000))}
    return AskPrivacy(kind=kind, field=given.get("field", ""), **texts)  # type: ignore[arg-type]


def _resident() -> Cause:
    return Cause(at=site().clock(), actor=Actor(ref=RESIDENT, role=RESIDENT), correlation=ids.new())


def _wrong(wrong: Problem) -> ResponseReturnValue:
    said = [sentence for sentences in wrong.fields.values() for sentence in sentences] or [wrong.message]
    page = _page(code=request.form.get("query_code", ""), wrong="；".join(said))
    return make_response(page, wrong.status)


def _page(**found: Any) -> str:
    fields = {field: FIELDS[field] for field in PERSONAL}
    return render_template("intake/my_data.html", kinds=KINDS, fields=fields, **found)
