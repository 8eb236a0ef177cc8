"""Matters that another office refers: under its own channel and number, entered there and nowhere again."""

from __future__ import annotations

from services.intake.model.form import Form
from shared.decision import Actor
from shared.errors import Forbidden, Refused

OFFICES = ("court", "police", "procuratorate", "petition_office")  # channels that are an office of their own
OTHERS = ("government", "platform")
REFER = (*OFFICES, "government")


def is_referral(form: Form) -> bool:
    """Whether another office handed the matter to the centre, to be told of its result."""
    return form.channel in REFER and bool(form.external_ref)


def check_own(form: Form, actor: Actor) -> None:
    """Raises Forbidden for a department under another's channel, Refused for one without its number."""
    if actor.role != "department":
        return
    mine = (actor.unit,) if actor.unit in OFFICES else OTHERS
    if form.channel not in mine:
        raise Forbidden("只能以本单位的渠道移送", code="other_channel")
    if not form.external_ref.strip():
        sentence = "请填写贵单位的编号，以便回告办理结果"
        raise Refused(sentence, code="invalid_fields", fields={"external_ref": [sentence]})


def source(form: Form, actor: Actor) -> tuple[str, ...]:
    """Within what a number is unique: a channel, and in a shared one the department that uses it."""
    shared = actor.role == "department" and form.channel in OTHERS
    return (form.channel, actor.unit) if shared else (form.channel,)


def is_own(form: Form, actor: Actor) -> bool:
    """Whether a department asks again about what it referred."""
    return actor.role == "department" and bool(form.external_ref)
