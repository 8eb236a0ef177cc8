"""The bodies that grid takes and gives. What is not named here is not kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, get_args

from marshmallow import EXCLUDE, Schema, fields, post_load, pre_load, validate

from services.grid.model import Report
from shared.clock import CHINA
from shared.contracts.fields import FindingKind, PersonsBand, PlaceKind, Urgency, Whole
from shared.web import Answer

MOST_LISTED = 2_000
_YEARS = validate.Range(
    min=datetime(2000, 1, 1, tzinfo=UTC), max=datetime(2100, 1, 1, tzinfo=UTC), error="年份不对"
)


_PREFIX = Whole(r"^[0-9]{6,17}$", error="地区码应为6至17位数字")
_PLACE = Whole(r"^[0-9]{12}([0-9]{3})?$", error="应为村（社区）12位代码或网格15位代码")
_CODE = Whole(r"^[a-z][a-z0-9_.]{0,47}$", error="应为小写字母开头的代码")
_WORDS = Whole(r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]{1,5000}$", error="须填写，不超过5000字")


def _one_of(kind: Any, **more: Any) -> fields.String:
    codes = get_args(kind)
    wrong = f"没有这个代码。可用的有：{'、'.join(codes)}"
    return fields.String(validate=validate.OneOf(codes, error=wrong), **more)


class NewFinding(Schema):
    """What a grid worker reports."""

    class Meta:
        unknown = EXCLUDE

    kind = _one_of(FindingKind, required=True)
    urgency = _one_of(Urgency)
    text = fields.String(required=True, validate=_WORDS)
    region = fields.String(
        required=True, validate=_PLACE, metadata={"description": "The grid (15 digits) or village (12)."}
    )
    category = fields.String(validate=_CODE)
    place_kind = _one_of(PlaceKind)
    persons_band = _one_of(PersonsBand)
    found_at = fields.AwareDateTime(default_timezone=CHINA, validate=_YEARS)

    @pre_load
    def without_null(self, data: Any, **_: Any) -> Any:
        """Null means not given."""
        if not isinstance(data, dict):
            return data
        return {name: value for name, value in data.items() if value is not None}

    @post_load
    def made(self, data: Mapping[str, Any], **_: Any) -> Report:
        """The body as a value."""
        rest = {name: value for name, value in data.items() if name != "region"}
        return Report(place=data["region"], **rest)


class CloseBody(Schema):
    """How a region ends: `into` names what takes its place; one is a merger, several a split."""

    class Meta:
        unknown = EXCLUDE

    into = fields.List(fields.String(validate=_PREFIX), load_default=list, validate=validate.Length(max=50))


class _Page(Schema):
    limit = fields.Integer(load_default=500, validate=validate.Range(min=1, max=MOST_LISTED))
    after = fields.String(load_default="", validate=validate.Length(max=80))


class RegionQuery(_Page):
    """Which regions: everything inside `under`."""

    under = fields.String(validate=_PREFIX)
    closed = fields.Boolean(load_default=False)


class GridQuery(_Page):
    """Which grids: those of a village, or of any region above."""

    village = fields.String(validate=_PREFIX)


class LocateQuery(Schema):
    """Where a code lies."""

    region = fields.String(required=True, validate=_PREFIX)


class FindingQuery(_Page):
    """Which findings of the caller's region."""

    kind = _one_of(FindingKind)


class FormerAnswer(Schema):
    """A name that a region had."""

    name = fields.String(required=True)
    until = fields.DateTime(required=True)


class RegionAnswer(Schema):
    """A region or grid; totals only for grids."""

    id = fields.String()
    version = fields.Integer()
    code = fields.String(required=True)
    name = fields.String(required=True)
    level = fields.String(required=True)
    parent = fields.String(required=True)
    valid_from = fields.DateTime(required=True)
    valid_to = fields.DateTime(allow_none=True)
    former = fields.List(fields.Nested(FormerAnswer))
    became = fields.List(fields.String())
    households = fields.Integer(allow_none=True)
    residents = fields.Integer(allow_none=True)


class RegionList(Schema):
    """A page of regions or grids in order of their codes."""

    items = fields.List(fields.Nested(RegionAnswer), required=True)
    next = fields.String(allow_none=True)


class LocatedAnswer(Schema):
    """The regions that a code lies in; null where the map has none."""

    county = fields.Nested(RegionAnswer, allow_none=True)
    township = fields.Nested(RegionAnswer, allow_none=True)
    village = fields.Nested(RegionAnswer, allow_none=True)
    grid = fields.Nested(RegionAnswer, allow_none=True)


class BadAnswer(Schema):
    """A row that was not kept."""

    line = fields.Integer(required=True)
    code = fields.String(required=True)
    reason = fields.String(required=True)


class ImportedAnswer(Schema):
    """What became of the rows of a file."""

    added = fields.Integer(required=True)
    changed = fields.Integer(required=True)
    unchanged = fields.Integer(required=True)
    bad = fields.List(fields.Nested(BadAnswer), required=True)


class ListedFinding(Answer):
    """One line of the list: codes and times, no words."""

    finding_id = fields.String(required=True)
    kind = fields.String(required=True)
    urgency = fields.String(required=True)
    region = fields.String(required=True)
    place = fields.String(required=True)
    category = fields.String(allow_none=True)
    place_kind = fields.String(allow_none=True)
    persons_band = fields.String(required=True)
    found_at = fields.DateTime(required=True)
    reported_at = fields.DateTime(required=True)
    reporter = fields.String(required=True)
    case_id = fields.String(allow_none=True)
    case_no = fields.String(allow_none=True)
    registered_at = fields.DateTime(allow_none=True)


class FindingAnswer(ListedFinding):
    """A finding with its words."""

    text = fields.String(required=True)


class FindingList(Schema):
    """A page of findings, newest first."""

    items = fields.List(fields.Nested(ListedFinding), required=True)
    next = fields.String(allow_none=True)
