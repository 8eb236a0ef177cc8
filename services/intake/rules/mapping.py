"""A column mapping: reading it from its file, and turning one row into the body of a registration."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Dict
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.intake.model.imports import Column, Mapping
from shared.calendar import midnight
from shared.errors import Refused
from shared.tables import Cell, Row, Table, name, text

SCALARS = (
    "channel", "region", "summary", "title", "external_ref", "source_domain", "matter_type", "category",
    "grid_id", "place", "place_kind", "confidentiality", "window", "zone", "duty_leader", "answer",
)  # fmt: skip
LISTS = ("requests", "flags", "units_involved")
INSTANTS = ("received_at", "discovered_at", "answered_at")
NUMBERS = ("persons_involved",)
SWITCHES = ("emergency", "resident_waiting", "applicant.minor_u14", "applicant.away")
PEOPLE = tuple(f"{role}.{field}" for role in ("applicant", "respondent", "agent")
               for field in ("name", "phone", "id_no", "address", "kind"))  # fmt: skip
TARGETS = (*SCALARS, *LISTS, *INSTANTS, *NUMBERS, *SWITCHES, *PEOPLE)

USUAL_DATES = (
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d",
    "%Y年%m月%d日 %H:%M:%S", "%Y年%m月%d日 %H:%M", "%Y年%m月%d日%H时%M分", "%Y年%m月%d日",
    "%Y.%m.%d %H:%M", "%Y.%m.%d", "%Y%m%d%H%M%S", "%Y%m%d",
)  # fmt: skip
YES, NO = ("true", "是", "1", "yes", "y", "有"), ("false", "否", "0", "no", "n", "无", "")


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What is wrong with one field of a row, in the words of the file that it came in."""

    field: str
    sentence: str
    label: str = ""

    def __str__(self) -> str:
        return f"{self.label or self.field}：{self.sentence}"


def parsed(data: Any) -> Mapping:
    """A mapping from the content of its file.

    Raises Refused naming the target fields or keys that do not exist, or cannot be used.
    """
    if not isinstance(data, dict) or not isinstance(data.get("columns"), dict):
        raise wrong("对照表里要有 columns")
    unknown = [str(target) for target in data["columns"] if target not in TARGETS]
    if unknown:
        raise wrong(f"没有这些字段：{'、'.join(unknown)}。可用的有：{'、'.join(TARGETS)}")
    return Mapping(
        name=str(data.get("name", "inline")),
        title=str(data.get("title", "")),
        columns={target: _column(target, column) for target, column in data["columns"].items()},
        dates=tuple(_date_form(str(one)) for one in _several(data.get("dates"))),
        sheet=str(data.get("sheet") or ""),
        items=str(data.get("items") or ""),
        encoding=str(data.get("encoding") or ""),
    )


def wrong(sentence: str) -> Refused:
    """Why a mapping cannot be used."""
    return Refused(sentence, code="bad_mapping", fields={"mapping": [sentence]})


def _column(target: str, data: Any) -> Column:
    if isinstance(data, str):
        return Column(sources=(name(data),))
    if not isinstance(data, dict) or not ({"sources", "constant"} & data.keys()):
        raise wrong(f"{target} 要写明 sources 或 constant")
    values = data.get("values") or {}
    if not isinstance(values, dict):
        raise wrong(f"{target} 的 values 要逐条写明“原值: 代码”")
    return Column(
        sources=tuple(name(one) for one in _several(data.get("sources"))),
        constant=None if data.get("constant") is None else text(data["constant"]),
        values={text(key): text(value) for key, value in values.items()},
        separator=str(data.get("separator") or ""),
        joiner=str(data.get("joiner", "\n")),
    )


def _several(given: Any) -> tuple[Any, ...]:
    """What was written as a list, or as its only member."""
    if given is None:
        return ()
    return tuple(given) if isinstance(given, list) else (given,)


def _date_form(form: str) -> str:
    """A date format that can be tried on a cell; one that names the year twice cannot."""
    try:
        with suppress(ValueError):
            datetime.strptime("", form)
    except re.error as error:
        raise wrong(f"日期格式用不了：{form}") from error
    return form


def body(
    mapping: Mapping, table: Table, row: Row, *, words: Dict[str, str], region: str
) -> tuple[dict[str, Any], list[Fault]]:
    """The body of a registration out of one row, and what could not be read.

    `words` gives a category for what people call it; `region` stands where the row names none.
    """
    found: dict[str, Any] = {}
    faults: list[Fault] = []
    for target, column in mapping.columns.items():
        try:
            found[target] = _value(target, column, table, row, mapping.dates)
        except ValueError as error:
            faults.append(Fault(field=target, sentence=str(error), label=label(mapping, target)))
    if found.get("category"):
        found["category"] = words.get(found["category"], found["category"])
    found["region"] = found.get("region") or region
    return _shaped(found), faults


def label(mapping: Mapping, target: str) -> str:
    """What the file calls a field."""
    column = mapping.columns.get(target)
    return "、".join(column.sources) if column and column.sources else target


def _value(target: str, column: Column, table: Table, row: Row, dates: Iterable[str]) -> Any:
    cells = [table.cell(row, source) for source in column.sources]
    if target in LISTS:
        return _listed(column, cells)
    whole = column.joiner.join(part for part in map(text, cells) if part)
    said = column.constant if column.constant is not None and not whole else whole
    if column.values:
        said = _translated(column.values, said)
    if target in INSTANTS:
        return _instant(cells[0] if len(cells) == 1 else said, said, dates)
    if target in NUMBERS:
        return _number(said)
    return _switch(said) if target in SWITCHES else said


def _listed(column: Column, cells: list[Cell]) -> list[str]:
    if column.constant is not None and not any(cells):
        cells = [column.constant]
    parts: list[str] = []
    for cell in cells:
        given = cell if isinstance(cell, list | tuple) else [text(cell)]
        for one in given:
            parts += text(one).split(column.separator) if column.separator else [text(one)]
    return [_translated(column.values, part.strip()) for part in parts if part.strip()]


def _translated(values: Dict[str, str], said: str) -> str:
    if not values or said in values:
        return values.get(said, said)
    if "*" in values:
        return values["*"]
    if not said:
        return ""
    raise ValueError(f"对照表里没有“{said[:20]}”")


def _instant(cell: Cell, said: str, dates: Iterable[str]) -> str:
    if isinstance(cell, datetime):
        return _local(cell)
    if isinstance(cell, date):
        return midnight(cell).isoformat()
    if not said:
        return ""
    for form in (*dates, *USUAL_DATES):
        with suppress(ValueError):
            return _local(datetime.strptime(said, form))
    try:
        return _local(datetime.fromisoformat(said))
    except (ValueError, OverflowError):
        raise ValueError(f"时间读不出来：{said[:30]}") from None


def _local(found: datetime) -> str:
    """An instant in ISO 8601; without a zone it is time of the county."""
    if found.tzinfo:
        return found.isoformat()
    day = found.replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        return (midnight(found.date()) + (found - day)).isoformat()
    except OverflowError:
        raise ValueError(f"时间读不出来：{found.date()}") from None


def _number(said: str) -> int | None:
    digits = said.strip().rstrip("人名户个")
    if not digits:
        return None
    if not re.fullmatch(r"-?\d{1,12}", digits):
        raise ValueError(f"应为数字：{said[:20]}")
    return int(digits)


def _switch(said: str) -> bool:
    lowered = said.lower()
    if lowered in YES or lowered in NO:
        return lowered in YES
    raise ValueError(f"应为是或否：{said[:20]}")


def _shaped(found: Dict[str, Any]) -> dict[str, Any]:
    """The flat targets as the nested body: people become parties, empty values are left out."""
    flat = {target: value for target, value in found.items() if value not in ("", None, [])}
    parties = [party for role in ("applicant", "respondent", "agent") if (party := dict(_person(flat, role)))]
    body = {target: value for target, value in flat.items() if "." not in target}
    return body | {"parties": [party for party in parties if len(party) > 1]}


def _person(flat: Dict[str, Any], role: str) -> Iterator[tuple[str, Any]]:
    yield "role", role
    for target, value in flat.items():
        if target.startswith(f"{role}."):
            yield target.partition(".")[2], value


def target_of(path: str, body: Dict[str, Any]) -> str:
    """The target field of a path inside the body: `parties.1.phone` is the respondent's phone."""
    head, _, rest = path.partition(".")
    if head != "parties" or not rest:
        return head
    n, _, field = rest.partition(".")
    parties = body.get("parties", [])
    role = parties[int(n)]["role"] if n.isdigit() and int(n) < len(parties) else "applicant"
    return f"{role}.{field}"
