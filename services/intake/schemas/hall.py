"""The bodies about the hall: windows, numbers, visits, papers, spot checks, duty days."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.intake.model import words
from services.intake.model.papers import Handed
from services.intake.model.window import PRIORITIES, SERVICES
from services.intake.schemas.taken import NO_CONTROL, REFERENCE, UNIT, Lenient, one_of
from shared.web import Answer


def _text(most: int, **more: Any) -> fields.String:
    return fields.String(validate=[validate.Length(max=most, error=f"不超过{most}字"), NO_CONTROL], **more)


def _rating(**more: Any) -> fields.Integer:
    return fields.Integer(validate=validate.Range(min=1, max=5, error="应为1到5分"), **more)


class WindowBody(Lenient):
    """What a window is for."""

    zone = fields.String(required=True, validate=one_of(words.ZONES))
    services = fields.List(
        fields.String(validate=one_of(SERVICES)), required=True, validate=validate.Length(min=1, max=20)
    )
    title = _text(40, load_default="")


class HallWindow(Schema):
    """A window as everybody sees it."""

    centre = fields.String(required=True)
    number = fields.Integer(required=True)
    zone = fields.String(required=True)
    services = fields.List(fields.String(), required=True)
    title = fields.String(required=True)
    open = fields.Boolean(required=True)


class WindowAnswer(Answer, HallWindow):
    """A window for who arranges it."""


class HallAnswer(Schema):
    """A centre's windows, who leads today, and what is missing there."""

    centre = fields.String(required=True)
    name = fields.String(required=True)
    duty_leader = fields.String(allow_none=True)
    duty_title = fields.String(allow_none=True)
    windows = fields.List(fields.Nested(HallWindow), required=True)
    gaps = fields.List(
        fields.String(), required=True, metadata={"description": "Sentences: what this centre should have."}
    )


class TicketBody(Lenient):
    """What somebody comes for."""

    service = fields.String(required=True, validate=one_of(SERVICES))
    priority = fields.String(validate=one_of(PRIORITIES), load_default=None, allow_none=True)


class ServiceBody(Lenient):
    """Another service."""

    service = fields.String(required=True, validate=one_of(SERVICES))


class ServedBody(Lenient):
    """The registration that was made, if any."""

    reg_id = fields.UUID(load_default=None, allow_none=True)


class TicketAnswer(Answer):
    """A number of the day."""

    centre = fields.String(required=True)
    service = fields.String(required=True)
    label = fields.String(required=True)
    number = fields.Integer(required=True)
    state = fields.String(required=True)
    priority = fields.Boolean(required=True)
    window = fields.Integer(required=True)
    calls = fields.Integer(required=True)
    ahead = fields.Integer(metadata={"description": "How many are called before this one."})


class ScreenTicket(Schema):
    """A number on the public screen: no name, no reason."""

    label = fields.String(required=True)
    window = fields.Integer(required=True)


class ScreenAnswer(Schema):
    """What hangs on the wall: who is called where, how many wait for what."""

    centre = fields.String(required=True)
    name = fields.String(required=True)
    called = fields.List(fields.Nested(ScreenTicket), required=True)
    waiting = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    next = fields.List(fields.String(), required=True)


class BeginBody(Lenient):
    """Whose visit it is."""

    reg_id = fields.UUID(required=True)


class VisitRecordBody(Lenient):
    """What was said and answered (接访记录)."""

    matter = _text(2000, load_default="")
    requests = _text(2000, load_default="")
    answer = _text(2000, load_default="")
    received_at = fields.AwareDateTime(required=True)


class VisitEndBody(Lenient):
    """How the visitor found it, if they say so."""

    rating = _rating(load_default=None, allow_none=True)
    comment = _text(500, load_default="")


class ReceptionAnswer(Answer):
    """A visit."""

    reg_id = fields.String(required=True)
    case_id = fields.String(required=True)
    receiver = fields.String(required=True)
    duty_leader = fields.String(allow_none=True)
    by_leader = fields.Boolean(required=True)
    state = fields.String(required=True)
    opened_at = fields.DateTime(required=True)
    closed_at = fields.DateTime(allow_none=True)
    rating = fields.Integer(allow_none=True)
    recorded = fields.Boolean(required=True)


class PaperBody(Lenient):
    """One paper."""

    title = _text(100, required=True)
    copies = fields.Integer(load_default=1, validate=validate.Range(min=1, max=100))
    original = fields.Boolean(load_default=False)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Handed:
        """The paper as a value."""
        return Handed(**data)


class PapersBody(Lenient):
    """Papers, and whom they are for."""

    to_unit = fields.String(required=True, validate=UNIT)
    items = fields.List(fields.Nested(PaperBody), required=True, validate=validate.Length(min=1, max=50))


class PaperAnswer(Schema):
    """One paper."""

    title = fields.String(required=True)
    copies = fields.Integer(required=True)
    original = fields.Boolean(required=True)


class PapersAnswer(Answer):
    """A bundle of papers with its receipt."""

    reg_id = fields.String(required=True)
    case_id = fields.String(required=True)
    receipt_no = fields.Integer(required=True)
    from_unit = fields.String(required=True)
    to_unit = fields.String(required=True)
    state = fields.String(required=True)
    items = fields.List(fields.Nested(PaperAnswer), required=True)
    taken_at = fields.DateTime(required=True)
    forwarded_at = fields.DateTime(allow_none=True)
    received_at = fields.DateTime(allow_none=True)
    overdue = fields.Boolean(required=True)


class PapersList(Schema):
    """The papers of a matter."""

    items = fields.List(fields.Nested(PapersAnswer), required=True)
    next = fields.String(allow_none=True)


class DutyBody(Lenient):
    """Who leads."""

    leader = fields.String(required=True, validate=REFERENCE)
    title = _text(40, load_default="")


class DutyAnswer(Answer):
    """Who leads on a day."""

    centre = fields.String(required=True)
    day = fields.String(required=True)
    leader = fields.String(required=True)
    title = fields.String(required=True)
    gap_found = fields.Boolean(required=True)


class AskedBody(Lenient):
    """What the resident said when asked."""

    reached = fields.Boolean(required=True)
    answered = fields.Boolean(load_default=None, allow_none=True)
    satisfied = _rating(load_default=None, allow_none=True)
    places_visited = fields.Integer(
        load_default=None, allow_none=True, validate=validate.Range(min=0, max=50)
    )


class SpotCheckAnswer(Answer):
    """One that was drawn."""

    reg_id = fields.String(required=True)
    case_no = fields.String(required=True)
    due_at = fields.DateTime(required=True)
    tries = fields.Integer(required=True)
    done_at = fields.DateTime(allow_none=True)
    reached = fields.Boolean(allow_none=True)
    answered = fields.Boolean(allow_none=True)
    satisfied = fields.Integer(allow_none=True)
    places_visited = fields.Integer(allow_none=True)


class SpotCheckList(Schema):
    """Those that wait to be asked about, the most urgent first."""

    items = fields.List(fields.Nested(SpotCheckAnswer), required=True)
    next = fields.String(allow_none=True)
