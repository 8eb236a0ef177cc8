"""The figures that reporting answers with: counts, months, how long it took, what became of suggestions."""

from __future__ import annotations

from marshmallow import Schema, fields


class Count(Schema):
    """One value and how many cases have it."""

    key = fields.String()
    name = fields.String()
    count = fields.Integer()


class Counts(Schema):
    """Exact counts."""

    by = fields.String()
    items = fields.List(fields.Nested(Count))
    total = fields.Integer()


class Latency(Schema):
    """One stretch of the way of the cases that have it behind them."""

    name = fields.String(metadata={"description": "register, assign, accept, resolve; whole"})
    title = fields.String()
    cases = fields.Integer()
    mean = fields.Integer(allow_none=True, metadata={"description": "seconds"})
    longest = fields.Integer(allow_none=True, metadata={"description": "seconds"})


class Latencies(Schema):
    """How long cases took, stretch by stretch."""

    items = fields.List(fields.Nested(Latency))
    next = fields.String(allow_none=True)


class Month(Schema):
    """The cases registered in one month, and how many of them are resolved and closed by now."""

    month_id = fields.String(required=True)
    region = fields.String(required=True)
    month = fields.String(required=True)
    registered = fields.Integer(required=True)
    resolved = fields.Integer(required=True)
    closed = fields.Integer(required=True)


class Months(Schema):
    """This month and the one before."""

    items = fields.List(fields.Nested(Month))
    next = fields.String(allow_none=True)


class SuggestionPart(Schema):
    """How often one part of a suggestion was taken over."""

    part = fields.String(metadata={"description": "category, complexity, matter_type, tier, unit"})
    name = fields.String()
    kept, changed = fields.Integer(), fields.Integer()
    share = fields.Float(allow_none=True, metadata={"description": "kept / (kept + changed)"})


class Overridden(Schema):
    """A category that was suggested, and the one that people chose instead."""

    suggested, suggested_name = fields.String(), fields.String()
    chosen, chosen_name = fields.String(), fields.String()
    count = fields.Integer()


class Suggestions(Schema):
    """What became of suggestions."""

    items = fields.List(fields.Nested(SuggestionPart))
    overridden = fields.List(fields.Nested(Overridden))
    total = fields.Integer(metadata={"description": "Cases for which something was suggested and decided."})
    next = fields.String(allow_none=True)
