"""Reads the example matters through their column mappings, as a county's import would."""

import csv
import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import yaml
from python_calamine import CalamineWorkbook

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
FILES = {
    "matters": "matters.csv",
    "matters_traditional": "matters_traditional.json",
    "hotline": "hotline.xlsx",
}
CHINA = timezone(timedelta(hours=8))

Row = dict[str, Any]


def table(name: str) -> list[dict[str, str]]:
    with (EXAMPLES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def mapping(name: str) -> Row:
    loaded: Row = yaml.safe_load((EXAMPLES / "mapping" / f"{name}.yaml").read_text(encoding="utf-8"))
    return loaded


def raw_rows(rule: Row, path: Path) -> list[Row]:
    """The rows of one file as they stand, whatever its kind."""
    if rule["kind"] == "csv":
        return list(table(path.name))
    if rule["kind"] == "json":
        listed: list[Row] = json.loads(path.read_text(encoding="utf-8"))[rule["items"]]
        return listed
    head, *body = CalamineWorkbook.from_path(path).get_sheet_by_name(rule["sheet"]).to_python()
    return [dict(zip((str(cell) for cell in head), line, strict=True)) for line in body]


def written(cell: Any) -> str:
    """A cell as text: whole numbers without a point, nothing for nothing."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def field_of(rule: Row, raw: Row) -> Any:
    if "constant" in rule:
        return rule["constant"]
    cell = next((raw[name] for name in rule["sources"] if name in raw), "")
    if isinstance(cell, list | bool | datetime):
        return cell
    text = written(cell)
    if "separator" in rule:
        return [part for part in text.split(rule["separator"]) if part]
    values = rule.get("values", {})
    return values.get(text, values.get("*", text))


def time_of(value: Any, formats: list[str]) -> datetime | None:
    if isinstance(value, datetime):
        return value.replace(tzinfo=CHINA)
    for fmt in formats if value else []:
        try:
            return datetime.strptime(value, fmt).replace(tzinfo=CHINA)
        except ValueError:
            continue
    assert not value, f"no format reads {value!r}"
    return None


def matter(name: str, raw: Row, rule: Row) -> Row:
    found = {key: field_of(column, raw) for key, column in {**rule["columns"], **rule["journey"]}.items()}
    for key in ("received_at", "discovered_at"):
        found[key] = time_of(found[key], rule["dates"])
    found["emergency"] = str(found["emergency"]).lower() == "true"
    found["file"] = name
    return found


def matters(*names: str) -> list[Row]:
    """The matters of the files as our own fields."""
    return [
        matter(name, raw, rule)
        for name in names or FILES
        for rule in [mapping(name)]
        for raw in raw_rows(rule, EXAMPLES / FILES[name])
    ]
