"""The bodies about imports."""

from __future__ import annotations

from marshmallow import Schema, fields

from shared.web import Answer


class ImportAnswer(Answer):
    """An import, how far it has come, and what became of its rows."""

    import_id = fields.String(required=True)
    state = fields.String(required=True)
    percent = fields.Integer(required=True)
    total = fields.Integer(required=True)
    accepted = fields.Integer(required=True)
    duplicates = fields.Integer(
        required=True, metadata={"description": "Accepted, but looking like an earlier matter."}
    )
    repeated = fields.Integer(
        required=True, metadata={"description": "Registered before under the same outside number."}
    )
    rejected = fields.Integer(required=True)
    mapping = fields.String(required=True)
    kind = fields.String(required=True)
    columns = fields.List(fields.String())
    unread_columns = fields.List(
        fields.String(), metadata={"description": "Columns of the file that the mapping does not use."}
    )
    error_codes = fields.List(fields.String())
    created_at = fields.DateTime(required=True)
    finished_at = fields.DateTime(allow_none=True)
    rejects = fields.String(allow_none=True, metadata={"description": "Address of the rows kept aside."})


class ImportList(Schema):
    """The newest imports."""

    items = fields.List(fields.Nested(ImportAnswer), required=True)
    next = fields.String(allow_none=True)


class MappingAnswer(Schema):
    """A mapping that comes with the product."""

    name = fields.String(required=True)
    title = fields.String(required=True)
    columns = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))


class MappingList(Schema):
    """The mappings that come with the product."""

    items = fields.List(fields.Nested(MappingAnswer), required=True)
    next = fields.String(allow_none=True)
    targets = fields.List(fields.String(), metadata={"description": "Every field a mapping may fill."})
