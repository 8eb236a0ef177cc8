"""A counter of a department: where a case, or a service beside one, is handed over. All data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from yizhan_adapter.errors import UnknownCode
from yizhan_adapter.platforms.fields import CHINA, Field, Flat, fields_of


@dataclass(frozen=True, kw_only=True)
class Counter:
    """What is written to its path, and where its history says how far it is."""

    path: str
    status: str  # where the reply to the handing over says how it stands; nothing when it says so later
    history: str  # the path of what was done, with {id} for our number
    rows: str
    code: tuple[str, ...]  # the fields of a row that are its code together
    fields: tuple[Field, ...]
    reference: str = ""  # the field of a row with their own number of it
    meeting: str = ""  # the field of a row with the time somebody is to come
    form: str = ""  # how such a time is written
    personal: Mapping[str, str]
    purpose: str = ""
    everybody: bool = False  # every party's fields as lists, for what the parties ask for together

    def body(self, ours: Mapping[str, Any]) -> Flat:
        """Our facts as the department writes them; raises UnknownCode naming the field and the reason."""
        found = {one.name: one.outward(ours) for one in self.fields}
        return {name: value for name, value in found.items() if value is not None}

    def asked_at(self, id: str) -> str:
        """The path of the history of one of ours."""
        return self.history.format(id=quote(id, safe=""))

    def said(self, row: Mapping[str, Any]) -> str:
        """The code of a row."""
        return "/".join(str(row[name]) for name in self.code if row.get(name) not in (None, ""))

    def meeting_at(self, row: Mapping[str, Any]) -> datetime | None:
        """The time in a row at which somebody is to come, if any; raises UnknownCode for another form."""
        text = row.get(self.meeting) if self.meeting else None
        try:
            return datetime.strptime(str(text), self.form).replace(tzinfo=CHINA) if text else None
        except ValueError as error:
            raise UnknownCode(f"{self.meeting} is no time of the form {self.form}") from error


def counter_of(row: Mapping[str, Any]) -> Counter:
    """A counter from its table; raises KeyError naming what is not there."""
    claim, way = row.get("disclosure", {}), row["history"]
    rest = {name: way[name] for name in ("reference", "meeting", "form") if name in way}
    codes = way["code"] if isinstance(way["code"], list) else [way["code"]]
    return Counter(
        path=row["path"],
        status=row.get("status", ""),
        history=way["path"],
        rows=way["rows"],
        code=tuple(codes),
        fields=fields_of(row["fields"]),
        personal=claim.get("fields", {}),
        purpose=claim.get("purpose", ""),
        everybody=bool(claim.get("everybody")),
        **rest,
    )
