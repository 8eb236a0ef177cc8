"""The bodies about files with a county's organisation."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from shared.web import Answer


class ImportAnswer(Answer):
    """A file, how far it has come, and what became of its rows."""

    import_id = fields.String(required=True)
    state = fields.String(required=True)
    percent = fields.Integer(required=True)
    total = fields.Integer(required=True)
    added = fields.Integer(required=True)
    unchanged = fields.Integer(required=True, metadata={"description": "On record before, just so."})
    rejected = fields.Integer(required=True)
    accounts = fields.Integer(required=True, metadata={"description": "How many accounts it opened."})
    unread_sheets = fields.List(
        fields.String(), metadata={"description": "Sheets with neither units nor people."}
    )
    created_at = fields.AwareDateTime(required=True)
    finished_at = fields.AwareDateTime(allow_none=True)
    rejects = fields.String(allow_none=True, metadata={"description": "Address of the rows kept aside."})


class FirstPasswordsRequest(Schema):
    """Whose first passwords: so many of the accounts that the file opened, after so many."""

    after = fields.Integer(load_default=0, validate=validate.Range(min=0, max=10_000))
    limit = fields.Integer(load_default=20, validate=validate.Range(min=1, max=50))


class FirstPassword(Schema):
    """What somebody is told to sign in with for the first time; shown once, kept nowhere."""

    name = fields.String(required=True)
    unit = fields.String(required=True)
    username = fields.String(required=True)
    first_password = fields.String(required=True)


class FirstPasswordList(Schema):
    """Some first passwords, and where the next ones begin."""

    items = fields.List(fields.Nested(FirstPassword), required=True)
    next = fields.Integer(allow_none=True)
