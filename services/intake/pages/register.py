"""Registering at the window: one page, the keyboard is enough, what is wrong stands beside its field."""

from __future__ import annotations

from typing import Any

from flask import make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from services.intake.handlers import hall, registering
from services.intake.handlers.channels import channels
from services.intake.handlers.policy import policy
from services.intake.model import words
from services.intake.model.channel import ASKS
from services.intake.model.desk import AUTHORITIES
from services.intake.pages import forms
from services.intake.pages.base import pages
from services.intake.store import Stores
from shared.errors import Illegal, Problem
from shared.profile import profile
from shared.web import caller, cause, here, in_scope, needs, site

CLERKS = ("clerk", "dispatcher", "grid_worker")


@pages.get("/register")
@needs(*CLERKS)
def empty() -> ResponseReturnValue:
    """The empty form, for the channel that was chosen."""
    given = {"channel": request.args.get("channel", "window"), "window": request.args.get("window", "")}
    return _page(given)


@pages.post("/register")
@needs(*CLERKS)
def register() -> ResponseReturnValue:
    """Register, then show the receipt; a look-alike is shown first, and a person decides."""
    given = request.form.to_dict()
    try:
        form = forms.form(forms.body(given))
        in_scope(form.region, field="region")
        why = cause()
        ask = not given.get("not_the_same")
        found = policy(form.region, why.at)
        made = registering.register(here(Stores), form, why, found, ask=ask, roles=caller().roles)
    except Illegal as same:
        alike = same.details.get("possible_duplicates", [])
        return make_response(_page(given, wrong=same.message, alike=alike), same.status)
    except Problem as wrong:
        return make_response(_page(given, wrong=wrong.message, faults=wrong.fields), wrong.status)
    return redirect(f"/intake/registrations/{made.held.id}/receipt", 303)


def _page(
    given: dict[str, str], wrong: str = "", faults: Any = None, alike: Any = (),
) -> str:  # fmt: skip
    county = profile()
    rule = channels().get(given.get("channel", "")) or channels()["window"]
    return render_template(
        "intake/register.html",
        given=given,
        rule=rule,
        asks=[(name, ASKS[name]) for name in rule.asks],
        channels=channels().values(),
        categories=county.categories,
        matter_types=words.MATTER_TYPES,
        places=_places(),
        authorities=AUTHORITIES,
        wrong=wrong,
        faults=faults or {},
        listed=forms.named(faults or {}),
        alike=alike,
        duty=hall.leading(here(Stores), caller().unit, site().clock()),
    )


def _places() -> list[tuple[str, str]]:
    """Where it may have happened: the villages and townships that the caller works for."""
    kinds = ("people_committee", "centre", "village_studio")
    mine = [u for u in profile().units if u.kind in kinds and caller().sees(u.region)]
    return [(unit.region, unit.name) for unit in sorted(mine, key=lambda unit: unit.region)]
