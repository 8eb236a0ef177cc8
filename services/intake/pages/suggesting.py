"""What a matter may be, shown on the registering page beside the clerk's own choice."""

from __future__ import annotations

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from services.intake.handlers import answers, suggesting
from services.intake.model import words
from services.intake.pages.base import pages
from services.intake.pages.register import CLERKS
from shared.errors import Problem
from shared.profile import profile
from shared.web import caller, in_scope, needs

COMPLEXITIES = {"simple": "简单", "general": "一般", "complex": "复杂", "difficult": "疑难"}


@pages.post("/register/suggestion")
@needs(*CLERKS)
def suggestion() -> ResponseReturnValue:
    """A part of the page: the candidates with their words, or why there are none. Nothing is chosen by it."""
    given = {
        name: request.form.get(name, "").strip() for name in ("summary", "requests", "region", "matter_type")
    }
    names = tuple(
        filter(None, (request.form.get(name, "").strip() for name in ("applicant_name", "respondent_name")))
    )
    region = given["region"] or caller().region
    try:
        in_scope(region, field="region")
        text = f"{given['summary']}\n{given['requests']}"
        found = answers.suggestion(suggesting.suggest("", text, region, given["matter_type"] or None, names))
    except Problem as wrong:
        page = render_template("intake/suggestion.html", wrong=wrong.message)
        return make_response(page, 200)  # a part of a page that is shown in place: only then it is put there
    return render_template(
        "intake/suggestion.html",
        found=found,
        matter_types=words.MATTER_TYPES,
        complexities=COMPLEXITIES,
        tiers=profile().tier_names,
    )
