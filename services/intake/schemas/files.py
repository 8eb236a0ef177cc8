"""What is answered about files."""

from __future__ import annotations

from marshmallow import Schema, fields

from shared.web.documentation import Answer


class FileAnswer(Answer):
    """A file of a case."""

    file_id = fields.String(required=True)
    case_id = fields.String(required=True)
    sha256 = fields.String(required=True)
    size = fields.Integer(required=True)
    media_type = fields.String(required=True)
    kind = fields.String(required=True)
    name = fields.String(required=True)
    added_at = fields.DateTime(required=True)


class FileList(Schema):
    """The files of a registration."""

    items = fields.List(fields.Nested(FileAnswer), required=True)
    next = fields.String(allow_none=True)


class LinkedFile(Schema):
    """A file with the link by which the department fetches it: check size and sha256 of what comes."""

    file_id = fields.String(required=True)
    sha256 = fields.String(required=True)
    size = fields.Integer(required=True)
    media_type = fields.String(required=True)
    kind = fields.String(required=True)
    address = fields.String(required=True)
    valid_until = fields.DateTime(required=True)


class LinkedFiles(Schema):
    """The files of the case of a handing over; asking again renews the links."""

    items = fields.List(fields.Nested(LinkedFile), required=True)


class LinkQuery(Schema):
    """The link's token."""

    link = fields.String(required=True)
