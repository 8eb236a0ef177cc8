"""What is answered about files."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.intake.model.file import Box
from services.intake.rules.covering import MOST_BOXES
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
    scan = fields.String(
        required=True,
        metadata={"description": "off, pending, clean or infected; pending is not given out yet."},
    )
    thumbnail = fields.String(required=True)
    copy_of = fields.String(required=True, metadata={"description": "Of which file this is a covered copy."})
    covered_by = fields.String(required=True, metadata={"description": "Hash of the covered copy."})


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


class BoxSchema(Schema):
    """A part of a picture, in shares of its width and height, from the upper left corner."""

    x = fields.Float(required=True, validate=validate.Range(min=0, max=1))
    y = fields.Float(required=True, validate=validate.Range(min=0, max=1))
    width = fields.Float(required=True, validate=validate.Range(min=0, max=1, min_inclusive=False))
    height = fields.Float(required=True, validate=validate.Range(min=0, max=1, min_inclusive=False))


class CoverBody(Schema):
    """What is to be covered."""

    boxes = fields.List(
        fields.Nested(BoxSchema), required=True, validate=validate.Length(min=1, max=MOST_BOXES)
    )

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> tuple[Box, ...]:
        """The boxes as values."""
        return tuple(Box(**box) for box in data["boxes"])
