"""The resident's own application, on a phone or a computer: kept when the line breaks, found by its code."""

from __future__ import annotations

from typing import Any

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from services.intake.handlers import answers, applying
from services.intake.handlers.policy import policy
from services.intake.model import words
from services.intake.pages import forms
from services.intake.pages.base import pages
from services.intake.store import Stores
from shared.errors import Problem
from shared.profile import profile
from shared.web import here, public, site

KEPT = (
    "region", "category", "summary", "requests", "place", "applicant_name", "applicant_phone",
    "respondent_name", "language", "access_needs", "assisted",
)  # fmt: skip


@pages.get("/apply")
@public
def apply() -> ResponseReturnValue:
    """The empty form, or the draft behind a code."""
    return _page({})


@pages.post("/apply/draft")
@public
def keep() -> ResponseReturnValue:
    """Keep what was typed so far, or fetch what was kept."""
    given, all, now = request.form.to_dict(), here(Stores), site().clock()
    source, code = request.remote_addr or "", given.get("code", "")
    try:
        if given.get("do") == "open":
            kept = applying.opened(all, code, source, now)
            return _page(kept.fields, code=kept.code, until=kept.until)
        typed = {name: given[name] for name in KEPT if given.get(name)}
        kept = applying.keep(all, typed, code, source, now)
    except Problem as wrong:
        return make_response(_page(given, wrong=wrong.message, faults=wrong.fields), wrong.status)
    return _page(kept.fields, code=kept.code, until=kept.until, saved=True)


@pages.post("/apply")
@public
def send() -> ResponseReturnValue:
    """Send it: the answer is the number, the query code, and what happens next."""
    given, all, now = request.form.to_dict(), here(Stores), site().clock()
    code = given.get("code", "").strip()
    try:
        applying.count(all, request.remote_addr or "", now)
        typed = {name: text for name, text in given.items() if name in KEPT}
        body = forms.body(typed | {"channel": applying.channel(request.user_agent.string)})
        made = applying.send(all, forms.form(body | {"matter_type": "dispute"}), code, now)
    except Problem as wrong:
        page = _page(given, code=code, wrong=wrong.message, faults=wrong.fields)
        return make_response(page, wrong.status)
    state = made.held.state
    said = answers.registered(state, policy(state.region, now), all.sealer)
    return make_response(render_template("intake/applied.html", said=said), 201)


def _page(
    given: dict[str, Any],
    *,
    code: str = "",
    until: Any = None,
    saved: bool = False,
    wrong: str = "",
    faults: Any = None,
) -> str:
    county = profile()
    villages = [u for u in county.units if u.kind in ("people_committee", "village_studio")]
    return render_template(
        "intake/apply.html",
        given=given,
        code=code,
        until=until,
        saved=saved,
        wrong=wrong,
        faults=faults or {},
        listed=forms.named(faults or {}),
        places=[(unit.region, unit.name) for unit in villages],
        categories=county.categories,
        types=words.MATTER_TYPES,
    )
