"""One field on its way to a platform or from it: what it is called, and which value means what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from yizhan_adapter.errors import UnknownCode

CHINA = timezone(timedelta(hours=8))
Flat = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Field:
    """`name` is what the receiver calls it, `source` what the sender calls it.

    With `values` only the listed ones are known; with `form` the value is an instant.
    """

    name: str
    source: str = ""
    constant: Any = None
    values: Mapping[str, Any] = field(default_factory=dict)
    form: str = ""
    optional: bool = False

    def outward(self, ours: Mapping[str, Any]) -> Any:
        """The value as the platform writes it; raises UnknownCode with the reason."""
        said = self._said(ours)
        if said is None or not self.form:
            return said
        at = said if isinstance(said, datetime) else datetime.fromisoformat(str(said))
        return at.astimezone(CHINA).strftime(self.form)

    def inward(self, theirs: Mapping[str, Any]) -> Any:
        """The value as the centre writes it; raises UnknownCode with the reason."""
        said = self._said(theirs)
        if said is None or not self.form:
            return said
        try:
            return datetime.strptime(str(said), self.form).replace(tzinfo=CHINA).astimezone(UTC).isoformat()
        except ValueError as error:
            raise UnknownCode(f"{self.source} is no time of the form {self.form}") from error

    def _said(self, given: Mapping[str, Any]) -> Any:
        said = given.get(self.source) if self.source else None
        if said in (None, ""):
            said = self.constant
        if said in (None, ""):
            return self._missing()
        return self._translated(said) if self.source and self.values else said

    def _missing(self) -> None:
        if not self.optional:
            raise UnknownCode(f"{self.source} is empty, and {self.name} must be there")

    def _translated(self, said: Any) -> Any:
        if str(said) in self.values:
            return self.values[str(said)]
        if "*" in self.values:
            return self.values["*"]
        raise UnknownCode(f"{self.source} {_short(said)!r} has no value in the table of {self.name}")


def _short(said: Any) -> str:
    """Only what looks like a code is repeated: a free text could name somebody."""
    text = str(said)
    return text if len(text) <= 24 and text.isascii() else f"({len(text)} characters)"


def at(reply: Any, path: str) -> Any:
    """What a reply has at `data.rows`; None where it ends before."""
    for step in filter(None, path.split(".")):
        reply = reply.get(step) if isinstance(reply, dict) else None
    return reply


def fields_of(table: Mapping[str, Any]) -> tuple[Field, ...]:
    """The fields of a table: `XM: name` for short, or with values, form, constant, optional.

    Raises TypeError for a name that YAML reads as something else: `no` and `on` are yes and no to it.
    """
    if odd := [name for name in table if not isinstance(name, str)]:
        raise TypeError(f"{odd[0]!r} is no name of a field: write it in quotes")
    return tuple(
        Field(name=name, source=row)
        if isinstance(row, str)
        else Field(**({"name": name, "source": row.get("from", "")} | _rest(row)))
        for name, row in table.items()
    )


def _rest(row: Mapping[str, Any]) -> dict[str, Any]:
    rest = {name: value for name, value in row.items() if name != "from"}
    values = {str(key): value for key, value in rest.get("values", {}).items()}
    return rest | ({"values": values} if values else {})
