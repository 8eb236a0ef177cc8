"""What may be asked of reporting, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from marshmallow import Schema, fields, pre_load, validate

from services.reporting.model.words import STATES
from services.reporting.store import Dimension
from shared.contracts.fields import Whole

DIGITS = Whole(r"\d{6,17}|", error="应为地区码")
CODE = Whole(r"[a-z][a-z0-9_]{0,47}|", error="应为代码")
DAY = Whole(r"\d{4}-\d{2}-\d{2}|", error="应为日期，如 2026-01-31")
LIMIT = validate.Range(min=1, max=200)


class _Query(Schema):
    @pre_load
    def without_blanks(self, asked: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        """A form sends its empty fields too."""
        return {name: value for name, value in asked.items() if value not in ("", None)}


class CaseFilter(_Query):
    """Which cases."""

    region = fields.String(load_default="", validate=DIGITS, metadata={"description": "A subtree's code."})
    state = fields.String(
        load_default="",
        validate=validate.OneOf(("", *STATES)),
        metadata={"description": "Where the case is."},
    )
    category = fields.String(load_default="", validate=CODE)
    tier = fields.String(load_default="", validate=CODE)
    department = fields.String(
        load_default="", validate=CODE, metadata={"description": "The unit that leads it."}
    )
    first_day = fields.String(load_default="", validate=DAY, metadata={"description": "Registered from."})
    last_day = fields.String(load_default="", validate=DAY, metadata={"description": "Registered until."})
    open = fields.Boolean(load_default=None, allow_none=True)
    late = fields.Boolean(load_default=False, metadata={"description": "With a clock that is late now."})


class CountQuery(CaseFilter):
    """Counted by what."""

    by = fields.String(required=True, validate=validate.OneOf(get_args(Dimension)))


class CaseQuery(CaseFilter):
    """A page of a list."""

    limit = fields.Integer(load_default=50, validate=LIMIT)
    after = fields.String(load_default="", metadata={"description": "`next` of the page before."})


class HandoverQuery(_Query):
    """Hand-overs of which region and unit."""

    region = fields.String(load_default="", validate=DIGITS)
    unit = fields.String(load_default="", validate=CODE)
    limit = fields.Integer(load_default=50, validate=LIMIT, metadata={"description": "Cases in one page."})
    after = fields.String(load_default="")


class Hop(Schema):
    """One handing over."""

    id = fields.String()
    case_id = fields.String()
    case_no = fields.String()
    unit = fields.String()
    unit_name = fields.String()
    way = fields.String(metadata={"description": "mailbox of a department's system, or desk"})
    stage = fields.String()
    result = fields.String()
    given_at = fields.AwareDateTime()
    sent_at = fields.AwareDateTime(allow_none=True)
    received_at = fields.AwareDateTime(allow_none=True)
    accepted_at = fields.AwareDateTime(allow_none=True)
    ended_at = fields.AwareDateTime(allow_none=True)
    accept_by = fields.AwareDateTime(allow_none=True)
    due_at = fields.AwareDateTime(allow_none=True)


class Copy(Schema):
    """The copy of a case that a platform keeps."""

    platform = fields.String()
    platform_name = fields.String()
    revision = fields.Integer()
    stage = fields.String()
    at = fields.AwareDateTime()
    receipt_hash = fields.String()
    reason = fields.String()


class Hops(Schema):
    """Hand-overs of the cases that moved last."""

    items = fields.List(fields.Nested(Hop))
    next = fields.String(allow_none=True)


class Clock(Schema):
    """One of the case's clocks."""

    kind = fields.String()
    state = fields.String()
    started_at = fields.AwareDateTime()
    due_at = fields.AwareDateTime()
    stopped_at = fields.AwareDateTime(allow_none=True)
    was_late = fields.Boolean()
    pct = fields.Integer()
    unit = fields.String()


class Entry(Schema):
    """One thing that happened."""

    at = fields.AwareDateTime()
    type = fields.String()
    sequence = fields.String()
    service = fields.String()
    role = fields.String()
    post = fields.String()
    words = fields.String()
    basis = fields.String()
    codes = fields.Dict(keys=fields.String(), values=fields.String())


class Petition(Schema):
    """A petition about the same matter."""

    id = fields.String()
    legal_type = fields.String()
    standing = fields.String()
    state = fields.String()
    unit = fields.String()
    result = fields.String()
    due_at = fields.AwareDateTime(allow_none=True)


class Row(Schema):
    """A case in a list."""

    case_id = fields.String()
    case_no = fields.String()
    state = fields.String()
    region = fields.String()
    category = fields.String(allow_none=True)
    tier = fields.String()
    complexity = fields.String()
    matter_type = fields.String()
    channel = fields.String()
    lead_unit = fields.String()
    co_units = fields.List(fields.String())
    outcome = fields.String()
    protected = fields.Boolean()
    flags = fields.List(fields.String())
    registered_at = fields.AwareDateTime(allow_none=True)
    registered_day = fields.String()
    closed_at = fields.AwareDateTime(allow_none=True)
    closed_day = fields.String()
    returns = fields.Integer()
    attempts = fields.Integer()
    relapses = fields.Integer()
    breaches = fields.Integer()
    next_due = fields.AwareDateTime(allow_none=True)
    late_since = fields.AwareDateTime(allow_none=True)
    clocks = fields.List(fields.Nested(Clock))
    hops = fields.List(fields.Nested(Hop))
    copies = fields.List(fields.Nested(Copy))


class Rows(Schema):
    """A page of cases."""

    items = fields.List(fields.Nested(Row))
    next = fields.String(allow_none=True)


class FullRow(Row):
    """A case with everything that happened to it."""

    timeline = fields.List(fields.Nested(Entry))
    petitions = fields.List(fields.Nested(Petition))
