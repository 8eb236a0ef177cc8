"""The kinds of field that the bodies of petition are made of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, pre_load, validate

from shared.clock import CHINA
from shared.contracts.fields import Whole

YEARS = (2000, 2100)  # what is outside of them is a slip of the pen
LONGEST = 20_000  # characters of one text
UNIT = Whole(r"^[a-z][a-z0-9_]{1,31}$", error="应为单位代码")
CODE = Whole(r"^[a-z][a-z0-9_.]{0,47}$", error="应为小写字母开头的代码")
REGION = Whole(
    r"^[0-9]{6}([0-9]{3}([0-9]{3}([0-9]{3}([0-9]{2})?)?)?)?$", error="地区码应为6、9、12、15或17位数字"
)
_FILLED = Whole(r"^(?=[\s\S]*\S)[^\x00-\x08\x0b\x0c\x0e-\x1f]*$", error="须填写，且不含不能识别的字符")


class Lenient(Schema):
    """Leaves out what it does not know, and takes an empty field for one that was not given."""

    class Meta:
        unknown = EXCLUDE

    @pre_load
    def without_empty(self, data: Any, **_: Any) -> Any:
        """Null or nothing between the quotes means not given."""
        if not isinstance(data, dict):
            return data
        return {name: value for name, value in data.items() if value not in (None, "")}


class _Instant(fields.AwareDateTime):
    """An instant of these decades in UTC and whole milliseconds, as the database keeps it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        read = super()._deserialize(value, attr, data, **kwargs)
        if not YEARS[0] <= read.year < YEARS[1]:
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        return read.astimezone(UTC).replace(microsecond=read.microsecond // 1000 * 1000)


def instant(**more: Any) -> fields.AwareDateTime:
    """An instant; without a zone it is the county's."""
    return _Instant(default_timezone=CHINA, **more)


def one_of(codes: Mapping[str, str], **more: Any) -> fields.String:
    """One of these codes; the answer to a wrong one lists them."""
    listed = "、".join(f"{code} {word}" for code, word in codes.items())
    return fields.String(
        validate=validate.OneOf(list(codes), error=f"没有这个代码。可用的有：{listed}"), **more
    )


def words(**more: Any) -> fields.String:
    """A text that somebody wrote; it must say something."""
    length = validate.Length(max=LONGEST, error=f"不超过{LONGEST}字")
    return fields.String(validate=[length, _FILLED], **more)
