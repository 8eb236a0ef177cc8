"""What an event is: a past fact with a type, a publisher and a schema derived from its fields."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, fields
from datetime import UTC, datetime
from functools import cache
from typing import (
    Annotated,
    Any,
    ClassVar,
    Literal,
    TypeVar,
    Union,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
)

from marshmallow import EXCLUDE, RAISE, Schema, validate
from marshmallow import fields as mm


class Event:
    """A past fact. Subclasses are made by `@event` and are frozen, keyword-only dataclasses."""

    TYPE: ClassVar[str]
    AGGREGATE: ClassVar[str]
    PUBLISHER: ClassVar[str]
    MAJOR: ClassVar[int] = 1
    MINOR: ClassVar[int] = 0


E = TypeVar("E", bound=type)
_registry: dict[tuple[str, int], type[Event]] = {}


@dataclass_transform(kw_only_default=True, frozen_default=True)
def event(name: str, *, by: str, about: str, major: int = 1, minor: int = 0) -> Callable[[E], E]:
    """Declare an event: `@event("case.assigned", by="routing", about="case")`.

    `about` is the aggregate in the subject (`case/<id>`), `by` the service that alone may publish it.
    Raises ValueError for a name that another contract has.
    """

    def declare(cls: E) -> E:
        contract: Any = dataclass(frozen=True, kw_only=True)(cls)
        contract.TYPE, contract.PUBLISHER, contract.AGGREGATE = name, by, about
        contract.MAJOR, contract.MINOR = major, minor
        if (name, major) in _registry:
            raise ValueError(f"{name} v{major} is declared twice: {_registry[name, major]}, {contract}")
        _registry[name, major] = contract
        return contract  # type: ignore[no-any-return]

    return declare


def find(name: str, major: int) -> type[Event] | None:
    """The contract of a type, or None when this process does not know it."""
    return _registry.get((name, major))


def knows(name: str) -> bool:
    """Whether any major version of the type is known here."""
    return any(known == name for known, _ in _registry)


Upcaster = Callable[[Mapping[str, Any]], Mapping[str, Any]]
_upcasters: dict[tuple[str, int], Upcaster] = {}


def upcast(name: str, major: int) -> Callable[[Upcaster], Upcaster]:
    """Register how data of an old major version becomes data of the next, at the listener's door."""

    def register(convert: Upcaster) -> Upcaster:
        _upcasters[name, major] = convert
        return convert

    return register


def newest(name: str, major: int, data: Mapping[str, Any]) -> tuple[int, Mapping[str, Any]]:
    """The data in the newest version this process can turn it into."""
    while convert := _upcasters.get((name, major)):
        major, data = major + 1, convert(data)
    return major, data


def contracts() -> Iterator[type[Event]]:
    """Every contract that has been imported, by name."""
    yield from (_registry[key] for key in sorted(_registry))


def dump(told: Event) -> dict[str, Any]:
    """The event's data as JSON values, checked strictly.

    Raises marshmallow.ValidationError naming the field that breaks its contract.
    """
    contract: Any = type(told)
    schema = _ready(contract, RAISE)
    data: dict[str, Any] = schema.dump(told)
    errors = schema.validate(data)
    if errors:
        raise ValueError(f"{told.TYPE}: {errors}")
    return data


def load(contract: type[Event], data: Mapping[str, Any]) -> Event:
    """An event from another publisher's data; fields we do not know are left out.

    Raises marshmallow.ValidationError when a field we need is missing or wrong.
    """
    hashable: Any = contract
    read: dict[str, Any] = _ready(hashable, EXCLUDE).load(data)
    return contract(**{name: tuple(v) if isinstance(v, list) else v for name, v in read.items()})


def schema_of(contract: type[Event]) -> type[Schema]:
    """The marshmallow schema of a contract, made from its annotated fields."""
    hashable: Any = contract
    return _schema(hashable)


@cache
def _ready(contract: Any, unknown: Any) -> Schema:
    """A schema made once: making one copies all its fields, and every event needs one twice."""
    return schema_of(contract)(unknown=unknown)


@cache
def _schema(contract: Any) -> type[Schema]:
    hints = get_type_hints(contract, include_extras=True)
    made = {f.name: _field(hints[f.name], f) for f in fields(contract)}
    return Schema.from_dict(made, name=contract.__name__)


class _Instant(mm.AwareDateTime):
    """An instant, always written in UTC with milliseconds."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        if value is None:
            return None
        at: datetime = value
        return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


_PLAIN: dict[Any, Callable[..., mm.Field[Any]]] = {
    str: mm.String,
    int: lambda **options: mm.Integer(strict=True, **options),
    bool: mm.Boolean,
    datetime: lambda **options: _Instant(default_timezone=UTC, **options),
}


def _field(hint: Any, declared: Field[Any]) -> mm.Field[Any]:
    if declared.default is MISSING and declared.default_factory is MISSING:
        return _typed(hint, required=True)
    return _typed(hint, load_default=declared.default)


def _typed(hint: Any, **options: Any) -> mm.Field[Any]:
    origin, args = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _typed(args[0], validate=list(args[1:]), **options)
    if origin in (Union, types.UnionType):
        return _typed(next(a for a in args if a is not type(None)), allow_none=True, **options)
    if origin is Literal:
        return mm.String(validate=[validate.OneOf(args)], **options)
    if origin is tuple:
        return mm.List(_typed(args[0]), **options)
    return _PLAIN[hint](**options)
