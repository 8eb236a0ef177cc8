"""The kinds of field that the bodies of mediation are made of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, pre_load, validate

from shared.clock import CHINA
from shared.contracts.fields import Whole

YEARS = (2000, 2100)  # what is outside of them is a slip of the pen
LONGEST = 20_000  # characters of one text
UNIT = Whole(r"^[a-z][a-z0-9_]{1,31}$", error="应为单位代码")
CODE = Whole(r"^[a-z][a-z0-9_.]{0,47}$", error="应为小写字母开头的代码")
CELL = Whole(r"^[0-9]{12}([0-9]{3}([0-9]{2})?)?$", error="网格码应为12、15或17位数字")
SHA256 = Whole(r"^[0-9a-f]{64}$", error="应为扫描件的 SHA-256 校验值（64位十六进制）")
_REF = Whole(
    r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$|^[a-z][a-z0-9_.]{0,47}$", error="应为账号或岗位代码"
)
_PARTY = Whole(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", error="应为当事人编号")
_FILLED = Whole(r"^(?=[\s\S]*\S)[^\x00-\x08\x0b\x0c\x0e-\x1f]*$", error="须填写，且不含不能识别的字符")
_NO_CONTROL = Whole(r"^[^\x00-\x08\x0b\x0c\x0e-\x1f]*$", error="含有不能识别的字符")


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


def one_of(codes: Mapping[str, str], **more: Any) -> fields.String:
    """One of these codes; the answer to a wrong one lists them."""
    listed = "、".join(f"{code} {word}" for code, word in codes.items())
    return fields.String(
        validate=validate.OneOf(list(codes), error=f"没有这个代码。可用的有：{listed}"), **more
    )


def words(**more: Any) -> fields.String:
    """A text that somebody wrote; it must say something."""
    length = validate.Length(min=1, max=LONGEST, error=f"须填写，不超过{LONGEST}字")
    return fields.String(validate=[length, _FILLED], **more)


def short(most: int, **more: Any) -> fields.String:
    """A short text that may be empty."""
    too_long = validate.Length(max=most, error=f"不超过{most}字")
    return fields.String(validate=[too_long, _NO_CONTROL], load_default="", **more)


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


def day(**more: Any) -> fields.Date:
    """A day of these decades."""
    first, last = (date(year, 1, 1) for year in YEARS)
    return fields.Date(validate=validate.Range(min=first, max=last, error="日期不对"), **more)


def party(**more: Any) -> fields.String:
    """A party's reference."""
    return fields.String(validate=_PARTY, **more)


def parties(**more: Any) -> fields.List[str]:
    """References of parties."""
    return fields.List(party(), validate=validate.Length(max=50), load_default=list, **more)


def staff(**more: Any) -> fields.String:
    """The reference of somebody who works here."""
    return fields.String(validate=_REF, **more)


def tuples(data: Mapping[str, Any]) -> dict[str, Any]:
    """Lists as the tuples that values are made of."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}
