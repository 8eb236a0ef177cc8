"""Reads plain data from a profile file into frozen values, and says in Chinese what does not fit.

The dataclasses themselves are the schema: what is not declared is refused, what has no default is required.
"""

from __future__ import annotations

import re
import types
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from marshmallow import RAISE, Schema, ValidationError, post_load, validate
from marshmallow import fields as mm

OUTSIDE: Mapping[str, Any] = {"outside": True}  # set by the loader, never read from the file

UNKNOWN, REQUIRED, NULL = "不认识的键", "缺少这一项", "不能为空"
_ISO = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?")
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00")


class Duration(mm.Field[timedelta]):
    """An ISO 8601 length in days, hours and minutes: P3D, PT1H, PT30M."""

    default_error_messages = {"invalid": "时长要写成 P3D、PT1H、PT30M 这样"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> timedelta:
        match = _ISO.fullmatch(value) if isinstance(value, str) else None
        if match is None or match.lastindex is None:
            raise self.make_error("invalid")
        days, hours, minutes = (int(part or 0) for part in match.groups())
        return timedelta(days=days, hours=hours, minutes=minutes)


class OfClock(mm.Field[timedelta]):
    """A time of day from 00:00 to 24:00, as time since midnight."""

    default_error_messages = {"invalid": '时刻要写成带引号的 "08:30" 这样'}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> timedelta:
        if not isinstance(value, str) or not _CLOCK.fullmatch(value):
            raise self.make_error("invalid")
        hours, minutes = value.split(":")
        return timedelta(hours=int(hours), minutes=int(minutes))


class Day(mm.Field[date]):
    """A date, quoted or not."""

    default_error_messages = {"invalid": "日期要写成 2026-01-01 这样"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except (TypeError, ValueError):
            raise self.make_error("invalid") from None


class Exact(mm.Boolean):
    """true or false and nothing that only looks like it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return value


class Number(mm.Float):
    """A number, not a text or a truth value that could be read as one."""

    def _validated(self, value: Any) -> float:
        if isinstance(value, bool | str):
            raise self.make_error("invalid")
        return super()._validated(value)


class Sequence(mm.List[Any]):
    """A list that becomes a tuple."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return tuple(super()._deserialize(value, attr, data, **kwargs))


class Table(mm.Dict):
    """A mapping that nobody can change afterwards."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        read = super()._deserialize(value, attr, data, **kwargs)  # type: ignore[no-untyped-call]
        return MappingProxyType(read)


class Shape(Schema):
    """The schema of one dataclass."""

    error_messages = {"unknown": UNKNOWN, "type": "这里应当是一组“键: 值”"}
    builds: type[Any]

    @post_load
    def build(self, data: dict[str, Any], **kwargs: Any) -> Any:
        return self.builds(**data)


Text = Annotated[str, validate.Length(min=1, error="不能是空的")]
Basis = Annotated[str, validate.Length(min=2, error="依据不能是空的")]
Code = Annotated[str, validate.Regexp(r"^[a-z][a-z0-9_]*$", error="代码只用小写字母、数字和下划线")]
EventName = Annotated[str, validate.Regexp(r"^[a-z_]+\.[a-z_]+$", error="事件名要写成 case.assigned 这样")]
LinkId = Annotated[
    str,
    validate.Regexp(
        r"^[A-Z][A-Z0-9._-]{2,47}\Z", error="只写对方系统里的编号（大写字母开头），不写网址、账号，也不存画面"
    ),
]
UnitId = Annotated[
    str, validate.Regexp(r"^[a-z][a-z0-9_]{1,31}$", error="单位代码为2至32个小写字母、数字、下划线")
]
Region = Annotated[str, validate.Regexp(r"^\d{6,17}$", error="地区码是带引号的6至17位数字")]
Positive = Annotated[int, validate.Range(min=1, error="应当大于零")]
Count = Annotated[int, validate.Range(min=0, error="不能小于零")]
Share = Annotated[float, validate.Range(min=0, max=1, error="应当在0和1之间")]
Time = Annotated[timedelta, OfClock]
Weekday = Literal["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]

_PLAIN: dict[Any, tuple[type[mm.Field[Any]], str, dict[str, Any]]] = {
    str: (mm.String, "这里应当是文字（数字要加引号）", {}),
    int: (mm.Integer, "这里应当是整数", {"strict": True}),
    float: (Number, "这里应当是数字", {}),
    bool: (Exact, "这里应当是 true 或 false", {}),
}
_OWN: dict[Any, type[mm.Field[Any]]] = {timedelta: Duration, date: Day}


@cache
def schema_of(cls: type[Any]) -> type[Shape]:
    """The marshmallow schema that reads a dataclass."""
    hints = get_type_hints(cls, include_extras=True)
    read = {f.name: _declared(f, hints[f.name]) for f in fields(cls) if not f.metadata.get("outside")}
    return type(cls.__name__, (Shape,), {**read, "builds": cls})


def read(cls: type[Any], data: object) -> Any:
    """The value of a dataclass from plain data; ValidationError names every place that does not fit."""
    return schema_of(cls)(unknown=RAISE).load(data)  # type: ignore[arg-type]


def flatten(errors: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every complaint with its path, from marshmallow's nested answer."""
    if isinstance(errors, Mapping):
        for key, inner in errors.items():
            yield from flatten(inner, path if key in ("_schema", "value", "key") else (*path, key))
    elif isinstance(errors, list):
        for each in errors:
            yield path, str(each)


def complaints(error: ValidationError) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every complaint of one failed reading."""
    return flatten(error.normalized_messages())  # type: ignore[no-untyped-call]


def _declared(f: Any, hint: Any) -> mm.Field[Any]:
    required = f.default is MISSING and f.default_factory is MISSING
    return _field(hint, {"required": required, "data_key": f.metadata.get("key")})


def _field(hint: Any, options: dict[str, Any]) -> mm.Field[Any]:
    options.setdefault("error_messages", {"required": REQUIRED, "null": NULL})
    if get_origin(hint) is Annotated:
        base, *marks = get_args(hint)
        return _annotated(base, marks, options)
    if get_origin(hint) in (Union, types.UnionType):
        inner = next(arm for arm in get_args(hint) if arm is not type(None))
        return _field(inner, {**options, "allow_none": True})
    if is_dataclass(hint):
        return mm.Nested(schema_of(hint), unknown=RAISE, **options)  # type: ignore[arg-type]
    return _container(hint, options) or _plain(hint, options)


def _annotated(base: Any, marks: list[Any], options: dict[str, Any]) -> mm.Field[Any]:
    own = next((mark for mark in marks if isinstance(mark, type)), None)
    if own is not None:
        made: mm.Field[Any] = own(**options)
        return made
    return _field(base, {**options, "validate": marks})


def _container(hint: Any, options: dict[str, Any]) -> mm.Field[Any] | None:
    origin, arms = get_origin(hint), get_args(hint)
    if origin is Literal:
        check = validate.OneOf(arms, error="只能是 {choices} 之一")
        return mm.Raw(validate=check, **options)
    if origin is tuple and arms[-1] is Ellipsis:
        return Sequence(_field(arms[0], {}), **_saying(options, "这里应当是一个列表"))
    if origin is tuple:
        return mm.Tuple([_field(arm, {}) for arm in arms], **_saying(options, "这里应当是一个列表"))
    if origin is not None and issubclass(origin, Mapping):
        return Table(
            keys=mm.String(), values=_field(arms[1], {}), **_saying(options, "这里应当是一组“键: 值”")
        )
    return None


def _plain(hint: Any, options: dict[str, Any]) -> mm.Field[Any]:
    if hint in _OWN:
        return _OWN[hint](**options)
    field, sentence, more = _PLAIN[hint]
    return field(**more, **_saying(options, sentence))


def _saying(options: dict[str, Any], sentence: str) -> dict[str, Any]:
    messages = {**options["error_messages"], "invalid": sentence}
    return {**options, "error_messages": messages}
