"""What travels through the mailbox over HTTPS, and what is answered about a link."""

from __future__ import annotations

from marshmallow import Schema, fields, validate


class InboxQuery(Schema):
    """How many asks at most, and how many seconds to wait for the first."""

    max = fields.Integer(load_default=20, validate=validate.Range(1, 100))
    wait = fields.Integer(load_default=20, validate=validate.Range(0, 25))


class LeasedAsk(Schema):
    """One ask as it goes into the mailbox: a CloudEvents event."""

    delivery_id = fields.String(required=True)
    leased_until = fields.DateTime(required=True)
    ask = fields.Dict(keys=fields.String(), required=True)


class Inbox(Schema):
    """The next asks."""

    items = fields.List(fields.Nested(LeasedAsk), required=True)


class AckBody(Schema):
    """Which asks are stored."""

    delivery_ids = fields.List(
        fields.UUID(), required=True, validate=validate.Length(min=1, max=100, error="一次1到100件")
    )


class RefusedAck(Schema):
    """One that was not acknowledged, and why."""

    delivery_id = fields.String(required=True)
    code = fields.String(required=True)
    message = fields.String(required=True)


class AckAnswer(Schema):
    """What is acknowledged now."""

    acked = fields.List(fields.String(), required=True)
    refused = fields.List(fields.Nested(RefusedAck), required=True)


class AnswerAnswer(Schema):
    """How the delivery stands after the answer."""

    delivery_id = fields.String(required=True)
    stage = fields.String(required=True)
    late = fields.Integer(required=True)


class LinkAnswer(Schema):
    """A link for one case: it is sent to the unit and to nobody else."""

    delivery_id = fields.String(required=True)
    department = fields.String(required=True)
    address = fields.String(required=True)
    valid_until = fields.DateTime(required=True)
